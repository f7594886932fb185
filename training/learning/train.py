"""The training loop: a recipe and lessons in, averaged weights out, resumable after every epoch.

Selects nothing: the number of epochs is fixed, the last weights are the result, and the test split is not read here.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import nn

from training.datasets.face_set import FaceSet
from training.learning.lessons import Lessons
from training.learning.prediction import predict
from training.learning.recipe import Recipe
from training.learning.run import Run
from training.learning.run_folder import RunFolder
from training.learning.targets import mixup

#: Epochs between two measurements on the validation pictures.
_EPOCHS_PER_MEASUREMENT = 5


@dataclass(frozen=True, kw_only=True)
class EpochReport:
    """What is told of an epoch that has ended."""

    epoch: int  # 1-based
    num_epochs: int
    loss: float
    seconds: float
    accuracies: dict[str, float]  # on the validation pictures, by name; empty where they were not measured


def train(
    recipe: Recipe,
    lessons: Lessons,
    validation: FaceSet,
    folder: RunFolder,
    *,
    device: torch.device,
    beginning: Mapping[str, torch.Tensor] | None = None,
    report: Callable[[EpochReport], None],
) -> nn.Module:
    """Run the recipe to its last epoch in a prepared folder, going on from its state where there is one.

    Without a state it begins with given weights, or with random ones.
    """
    run = Run.start(recipe, device)
    if folder.state.exists():
        lessons.restore(run.restore(folder.state))
    elif beginning is not None:
        run.begin_with(beginning)
    pictures = torch.from_numpy(validation.pictures)
    while run.num_epochs_done < recipe.num_epochs:
        began = time.monotonic()
        loss = train_epoch(run, recipe, lessons)
        accuracies: dict[str, float] = {}
        if run.num_epochs_done % _EPOCHS_PER_MEASUREMENT == 0 or run.num_epochs_done == recipe.num_epochs:
            accuracies = recipe.objective.accuracies(predict(run.averaged, pictures), validation)
        ended = EpochReport(
            epoch=run.num_epochs_done,
            num_epochs=recipe.num_epochs,
            loss=loss,
            seconds=time.monotonic() - began,
            accuracies=accuracies,
        )
        folder.append({"epoch": ended.epoch, "loss": loss, "seconds": ended.seconds, **accuracies})
        if recipe.snapshot_every and run.num_epochs_done % recipe.snapshot_every == 0:
            folder.keep_snapshot(run.averaged, run.num_epochs_done)
        run.save(folder.state, lessons.state())
        report(ended)
    return run.averaged


def train_epoch(run: Run, recipe: Recipe, lessons: Lessons) -> float:
    """One pass over the lessons in random order. Returns the mean loss."""
    run.network.train()
    device = run.draws.on_device.device
    phase = recipe.phase_of(run.num_epochs_done)
    # a last batch of one picture has no variance to normalise by
    batches = [rows for rows in run.draws.order(len(lessons)).split(recipe.batch_size) if len(rows) > 1]
    full_rates = [group["initial_lr"] for group in run.optimizer.param_groups]
    total = torch.zeros((), device=device)  # summed where it is made: reading it would wait for a GPU
    for step, rows in enumerate(batches):
        factor = recipe.schedule.factor(run.num_epochs_done + (step + 1) / len(batches), recipe.num_epochs)
        for group, full_rate in zip(run.optimizer.param_groups, full_rates, strict=True):
            group["lr"] = full_rate * factor
        x, targets = lessons.batch(rows, epoch_index=run.num_epochs_done, phase=phase, draws=run.draws)
        x, targets = mixup(x, targets, phase.mixup_alpha, run.draws)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            answer = run.network(x.contiguous(memory_format=torch.channels_last))
        lessons.hear(rows, answer)
        loss = recipe.objective.loss(answer, targets)
        run.optimizer.zero_grad()
        loss.backward()
        run.optimizer.step()
        run.average(recipe.ema_decay)
        total += loss.detach()
    run.num_epochs_done += 1
    return float(total) / len(batches)
