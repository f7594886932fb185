"""The `moodline` command: one sub-command a file, and one place where errors become a line and an exit code.

Exit codes: 0 done, 1 done with errors, 2 the input or the call was wrong, 3 the machine is in the way, 130 stopped.
"""

import logging
import sys
from collections.abc import Callable
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

#: The commands as `moodline --help` shows them: by what a person is about to do.
_COMMANDS: Final[dict[str, tuple[Callable[..., object], ...]]] = {
    "One video": (
        analyze.analyze,
        timeline.timeline,
        frames.frames,
        faces.faces,
        media.media,
        provenance.provenance,
        provenance.reproduce,
        demo.demo,
    ),
    "Many videos and cameras: a pool of workers": (
        up.up,
        submit.submit,
        watch.watch,
        cameras.cameras,
        worker.worker,
        worker.dispatcher,
        jobs.jobs,
        jobs.status,
        control.cancel,
        control.pause,
        control.resume,
    ),
    "Pages and API": (serve.serve,),
    "The archive again, with another model": (
        reprocess.reprocess,
        generations.generations,
        generations.activate,
        diff.diff,
    ),
    "People and studies": (retention.retention,),
    "Models": (card.card, export.export, train.train, teach.teach, evaluate.evaluate, publish.publish),
    "This machine": (doctor.doctor,),
}

#: Commands that have commands of their own, by name.
_GROUPS: Final[dict[str, dict[str, typer.Typer]]] = {
    "One video": {"tracks": tracks.app},
    "Pages and API": {"token": token.app},
    "People and studies": {"subject": subject.app, "study": study.app, "forecast": forecast.app, "audit": audit.app},
    "Models": {"dataset": dataset.app},
    "This machine": {"db": store.app},
}

study.app.command()(study_compare.compare)
study.app.command()(study_errors.errors)
subject.app.command()(subject_timeline.timeline)
subject.app.command()(baseline.baseline)
subject.app.command()(compare.compare)
subject.app.command()(changes.changes)
subject.app.command()(subject_report.report)
subject.app.command()(erase.erase)
for _panel, _commands in _COMMANDS.items():
    for _command in _commands:
        app.command(rich_help_panel=_panel)(_command)
for _panel, _groups in _GROUPS.items():
    for _name, _group in _groups.items():
        app.add_typer(_group, name=_name, rich_help_panel=_panel)


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
