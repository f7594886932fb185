"""A training as a person asks for it: data found, rows chosen, the run's folder prepared, the recipe run to its end."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from core.errors import InputError
from training.datasets.alignment import align, make_alignment_detector
from training.datasets.data_source import read_faces
from training.datasets.face_set import FaceSet
from training.datasets.training_rows import LeftOut, rows_to_learn, rows_to_watch
from training.learning.devices import device_named
from training.learning.lessons import LabelledLessons, Lessons
from training.learning.recipe import Recipe
from training.learning.run_folder import LearnedFrom, RunFolder
from training.learning.self_taught_lessons import SelfTaughtLessons
from training.learning.taught_lessons import TaughtLessons
from training.learning.teacher import Teacher
from training.learning.train import EpochReport, train
from training.plots.curves import draw_curves
from training.runs.beginning import Weights, first_weights, sha256_of
from training.seed_networks.frozen import require_weights


@dataclass(frozen=True, kw_only=True)
class TrainingOrder:
    """What is to be trained on what, where."""

    recipe: Recipe
    data: Path
    votes: Path | None
    folder: RunFolder
    left_out: LeftOut | None  # the fold that a member does not see
    teacher: Path | None  # the folder of a student's teacher
    beginning: str | None  # the run's folder, or the model, whose weights come first; None: random ones do
    is_aligned: bool  # faces are turned and shifted by their landmarks first
    device: str  # cpu, cuda:0

    def __post_init__(self) -> None:
        name, taught = self.recipe.name, self.recipe.distillation is not None
        if self.teacher is not None and not taught:
            raise InputError(f"--teacher {self.teacher}: {name} learns from labels alone; leave the option out")
        if self.teacher is None and taught:
            raise InputError(f"{name} learns from a teacher; make one with `moodline teach`, give it as --teacher")
        if self.teacher is not None and self.is_aligned:
            raise InputError("--align with --teacher: a student sees the pictures that its teacher saw")
        if self.beginning is not None and self.left_out is not None:
            raise InputError(f"--fold with --from {self.beginning}: its weights may know the fold that is left out")


def carry_out(order: TrainingOrder, *, say: Callable[[str], None], report: Callable[[EpochReport], None]) -> None:
    """Train to the last epoch, going on where a run was stopped. `say` takes lines for a person."""
    recipe, device = order.recipe, device_named(order.device)
    require_weights(recipe.architecture)
    beginning = None if order.beginning is None else first_weights(order.beginning, recipe)
    faces = read_faces(order.data, order.votes)
    learned = rows_to_learn(faces, recipe.objective.label_set, order.left_out)
    watched = rows_to_watch(faces, recipe.objective.label_set)
    if order.is_aligned:
        learned, watched = _aligned(learned, say), _aligned(watched, say)
    order.folder.prepare(recipe, _learned_from(order, learned, beginning))
    say(f"{recipe.name}: {len(learned)} pictures, {recipe.num_epochs} epochs, into {order.folder.path}")

    def report_and_draw(epoch: EpochReport) -> None:
        report(epoch)
        if epoch.accuracies:
            draw_curves(order.folder, title=recipe.name)

    lessons = _lessons(order, learned, device)
    train(recipe, lessons, watched, order.folder, device=device, beginning=beginning, report=report_and_draw)


def _learned_from(order: TrainingOrder, learned: FaceSet, beginning: Weights | None) -> LearnedFrom:
    return LearnedFrom.of(
        learned,
        fold=None if order.left_out is None else order.left_out.fold,
        num_folds=None if order.left_out is None else order.left_out.num_folds,
        teacher=None if order.teacher is None else Teacher.path_in(order.teacher),
        is_aligned=order.is_aligned,
        beginning_sha256=None if beginning is None else sha256_of(beginning),
    )


def _lessons(order: TrainingOrder, learned: FaceSet, device: torch.device) -> Lessons:
    """Return labels as they are, a teacher's views, or what the network itself answered, as the recipe asks."""
    if order.recipe.self_teaching is not None:
        return SelfTaughtLessons(learned, order.recipe, order.recipe.self_teaching, device)
    if order.recipe.distillation is None or order.teacher is None:
        return LabelledLessons(learned, order.recipe, device)
    teacher = Teacher.load(order.teacher)
    return TaughtLessons(learned, order.recipe, order.recipe.distillation, teacher, device)


def _aligned(faces: FaceSet, say: Callable[[str], None]) -> FaceSet:
    aligned = align(faces, make_alignment_detector(), report=lambda _: None)
    say(f"{len(faces) - aligned.num_left} of {len(faces)} pictures aligned, the others left as they are")
    return aligned.faces
