"""`moodline train`: a recipe and labelled pictures in, a run's folder out. Resumes where it was stopped."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import DataOption, DeviceOption, VotesOption
from cli.terminal import console_for

if TYPE_CHECKING:
    from training.learning.recipe import Recipe
    from training.learning.train import EpochReport


def _print_recipes(wanted: bool) -> None:
    if not wanted:
        return
    from rich.table import Table

    from training.recipes.registry import RECIPES

    table = Table("recipe", "epochs", "what it is", box=None, header_style="bold")
    for recipe in RECIPES.values():
        table.add_row(recipe.name, str(recipe.num_epochs), recipe.summary)
    console_for(sys.stdout).print(table)
    raise typer.Exit


def train(
    recipe: Annotated[str, typer.Argument(metavar="RECIPE", help="What to train; see --list.", show_default=False)],
    data: DataOption,
    votes: VotesOption = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="The run's folder; default runs/RECIPE.")] = None,
    epochs: Annotated[int | None, typer.Option(help="Stretch or shrink the recipe to this many.")] = None,
    batch_size: Annotated[int | None, typer.Option(help="Pictures a step.")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="The highest one.")] = None,
    seed: Annotated[int | None, typer.Option(help="Of weights, order and augmentation.")] = None,
    fold: Annotated[int | None, typer.Option(help="Leave this fold out (0-based): a member that can teach.")] = None,
    folds: Annotated[int, typer.Option(help="Into how many folds Training is dealt.")] = 5,
    teacher: Annotated[
        Path | None, typer.Option(metavar="DIR", help="What `moodline teach` made, for a student.")
    ] = None,
    beginning: Annotated[
        str | None, typer.Option("--from", metavar="RUN", help="A run, or a published model, to go on from.")
    ] = None,
    weights: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Weights that a frozen network starts from.")
    ] = None,
    align: Annotated[bool, typer.Option("--align", help="Turn and shift faces by their landmarks first.")] = False,
    device: DeviceOption = "cpu",
    _list: Annotated[
        bool, typer.Option("--list", callback=_print_recipes, is_eager=True, help="List the recipes and stop.")
    ] = False,
) -> None:
    """Train a network; see docs/training.md. Run it again with the same options to go on where it was stopped."""
    from training.datasets.training_rows import LeftOut
    from training.learning.run_folder import RunFolder
    from training.runs.order import TrainingOrder, carry_out

    chosen = _chosen(
        recipe, epochs=epochs, batch_size=batch_size, learning_rate=learning_rate, seed=seed, weights=weights
    )
    folder = RunFolder(out or Path("runs") / chosen.name)
    order = TrainingOrder(
        recipe=chosen,
        data=data,
        votes=votes,
        folder=folder,
        left_out=None if fold is None else LeftOut(fold=fold, num_folds=folds),
        teacher=teacher,
        beginning=beginning,
        is_aligned=align,
        device=device,
    )
    carry_out(order, say=lambda line: typer.echo(line, err=True), report=_EpochLines(num_before=len(folder.lines())))
    following = f"moodline evaluate {folder.path} --data {data}"
    typer.echo(f"{folder.path}: weights, log and {folder.curves.name}; next: {following}")


class _EpochLines:
    """A line an epoch on standard error, with the time left."""

    def __init__(self, *, num_before: int) -> None:
        self._began = time.monotonic()
        self._num_before = num_before  # epochs of earlier calls, which this one did not wait for

    def __call__(self, epoch: "EpochReport") -> None:
        seconds_each = (time.monotonic() - self._began) / (epoch.epoch - self._num_before)
        left = (epoch.num_epochs - epoch.epoch) * seconds_each
        shares = "".join(f"  {name} {100 * share:.1f} %" for name, share in epoch.accuracies.items())
        typer.echo(
            f"epoch {epoch.epoch}/{epoch.num_epochs}  loss {epoch.loss:.4f}{shares}  "
            f"{epoch.seconds:.0f} s, {left / 60:.0f} min left",
            err=True,
        )


def _chosen(
    name: str,
    *,
    epochs: int | None,
    batch_size: int | None,
    learning_rate: float | None,
    seed: int | None,
    weights: Path | None,
) -> "Recipe":
    """Return a recipe with what the call replaces in it."""
    import dataclasses

    from training.learning.overrides import with_batch_size, with_epochs, with_learning_rate, with_weights
    from training.recipes.registry import find_recipe

    recipe = find_recipe(name)
    recipe = recipe if epochs is None else with_epochs(recipe, epochs)
    recipe = recipe if batch_size is None else with_batch_size(recipe, batch_size)
    recipe = recipe if learning_rate is None else with_learning_rate(recipe, learning_rate)
    recipe = recipe if weights is None else with_weights(recipe, weights)
    return recipe if seed is None else dataclasses.replace(recipe, seed=seed)
