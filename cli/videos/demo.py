"""`moodline demo`: make a clip of real faces, analyse it, and hold the timeline against what was filmed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from core.wording import counted

if TYPE_CHECKING:
    from core.timeline import Timeline


def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where clip, store and results go.")] = Path("demo"),
) -> None:
    """Make a clip of a smiling face, nobody, and a serious face; analyse it; show and check its timeline."""
    from cli.options import TimelineFormat, writable_folder
    from cli.videos import demo_clip
    from cli.videos.analysis_session import AnalysisSession, analysis_parameters
    from db.timelines import timelines

    clip = writable_folder(out) / "demo.mp4"
    num_frames = demo_clip.make_demo_clip(clip)
    typer.echo(
        f"made {clip}: {counted(num_frames, 'frame')}; a smiling face, then nobody, then a serious face", err=True
    )
    parameters = analysis_parameters()
    with AnalysisSession(db_url=f"sqlite:///{out / 'demo.db'}", model=None, parameters=parameters) as session:
        job = session.analyse(clip)
        session.show(clip, job, [TimelineFormat.TABLE], bin_text="1s", out=None)
        session.show(clip, job, [TimelineFormat.PNG, TimelineFormat.HTML], bin_text="0.5s", out=out)
        with session.store.reading() as connection:
            found = _found(timelines.timeline(connection, job.id, bin_us=1_000_000))
    expected = ["happy", "nobody", "not happy"]
    typer.echo(f"expected: {', '.join(expected)}; found: {', '.join(found)}")
    raise typer.Exit(0 if found == expected else 1)


def _found(timeline: "Timeline") -> list[str]:
    """What each filmed stretch turned out to show, by its full seconds."""
    from cli.videos.demo_clip import HAPPY_SECONDS, NOBODY_SECONDS, SERIOUS_SECONDS

    return [_said(timeline, *stretch) for stretch in (HAPPY_SECONDS, NOBODY_SECONDS, SERIOUS_SECONDS)]


def _said(timeline: "Timeline", start_seconds: float, end_seconds: float) -> str:
    points = [point for point in timeline.points if start_seconds <= point.start_seconds < end_seconds]
    tops = {point.top for point in points}
    if tops == {None}:
        return "nobody"
    if tops == {"happy"}:
        return "happy"
    return "not happy" if "happy" not in tops and None not in tops else "mixed"
