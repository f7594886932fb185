"""The `moodline` command: one sub-command a file, and one place where errors become a line and an exit code.

Exit codes: 0 done, 1 done with errors, 2 the input or the call was wrong, 3 the machine is in the way, 130 stopped.
"""

import logging
import sys
from typing import Annotated, Final

import typer

from cli import doctor, store
from cli.archive import diff, generations, reprocess
from cli.forecast import forecast
from cli.models import card, dataset, evaluate, export, publish, teach, train
from cli.people import (
    audit,
    baseline,
    changes,
    compare,
    erase,
    retention,
    study,
    study_compare,
    study_errors,
    subject,
    subject_report,
    subject_timeline,
)
from cli.pool import cameras, control, jobs, submit, up, watch, worker
from cli.server import serve, token
from cli.tracks import tracks
from cli.videos import analyze, demo, faces, frames, media, provenance, timeline
from core.errors import EnvironmentFault, InputError, MoodlineError

EXIT_DONE: Final = 0
EXIT_WITH_ERRORS: Final = 1
EXIT_WRONG_INPUT: Final = 2
EXIT_ENVIRONMENT: Final = 3
EXIT_STOPPED: Final = 130

#: What typer raises for a call that it cannot parse; it carries its own copy of click and names few of its errors.
_CallError: type[Exception] = typer.BadParameter.__mro__[2]

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Turn video of people into timelines of the emotion that their faces appear to show.",
    epilog="An expression is not a feeling: read docs/limits.md before you rely on a timeline.",
)
app.command()(analyze.analyze)
app.command()(timeline.timeline)
app.command()(frames.frames)
app.command()(faces.faces)
app.command()(provenance.provenance)
app.command()(provenance.reproduce)
app.command()(media.media)
app.command()(submit.submit)
app.command()(watch.watch)
app.command()(cameras.cameras)
app.command()(up.up)
app.command()(worker.worker)
app.command()(worker.dispatcher)
app.command()(serve.serve)
app.add_typer(token.app, name="token")
app.command()(jobs.jobs)
app.command()(jobs.status)
app.command()(control.cancel)
app.command()(control.pause)
app.command()(control.resume)
app.command()(reprocess.reprocess)
app.command()(generations.generations)
app.command()(generations.activate)
app.command()(diff.diff)
app.command()(demo.demo)
app.command()(doctor.doctor)
app.command()(train.train)
app.command()(teach.teach)
app.command()(evaluate.evaluate)
app.command()(publish.publish)
app.command()(export.export)
app.command()(card.card)
app.add_typer(dataset.app, name="dataset")
app.add_typer(store.app, name="db")
study.app.command()(study_compare.compare)
study.app.command()(study_errors.errors)
app.add_typer(study.app, name="study")
subject.app.command()(subject_timeline.timeline)
subject.app.command()(baseline.baseline)
subject.app.command()(compare.compare)
subject.app.command()(changes.changes)
subject.app.command()(subject_report.report)
subject.app.command()(erase.erase)
app.add_typer(subject.app, name="subject")
app.add_typer(forecast.app, name="forecast")
app.add_typer(tracks.app, name="tracks")
app.add_typer(audit.app, name="audit")
app.command()(retention.retention)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"moodline {version('moodline')}")
        raise typer.Exit


@app.callback()
def options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what is done to standard error.")] = False,
) -> None:
    """Set up what all commands share."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING, format="%(levelname)s %(name)s: %(message)s"
    )


def run() -> None:
    """Entry point of the console script."""
    sys.exit(exit_code_of(sys.argv[1:]))


def exit_code_of(arguments: list[str]) -> int:
    """Run a command line; every error that Moodline can name becomes one line on standard error."""
    try:
        code = app(arguments or ["--help"], prog_name="moodline", standalone_mode=False)
        return code if isinstance(code, int) else EXIT_DONE
    except _CallError as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "moodline"
        message = error.format_message()  # type: ignore[attr-defined]
        return _say(f"{message} See `{command} --help`.", EXIT_WRONG_INPUT)
    except InputError as error:
        return _say(str(error), EXIT_WRONG_INPUT)
    except EnvironmentFault as error:
        return _say(str(error), EXIT_ENVIRONMENT)
    except MoodlineError as error:
        return _say(str(error), EXIT_WITH_ERRORS)
    except (KeyboardInterrupt, typer.Abort):
        return _say("stopped", EXIT_STOPPED)


def _say(message: str, code: int) -> int:
    typer.echo("moodline: " + " ".join(message.split()), err=True)
    return code
