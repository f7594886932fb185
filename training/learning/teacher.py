"""A teacher: fixed views of the Training pictures, with what an ensemble answered to each.

Student and teacher must see the very same view (Beyer et al. 2022, "a good teacher is patient and consistent"), so they
are made once and kept: asking the ensemble is paid for once, however many students learn from it.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from core.emotions import EMOTIONS, FERPLUS_COLUMNS
from core.errors import InputError
from fer_model.network import HeadLogits, pictures_to_tensor
from training.datasets.face_set import FaceSet
from training.datasets.folds import fold_of
from training.learning.augmentation import Augmentation, augment
from training.learning.draws import Draws
from training.learning.recipe import Recipe, Voices

_BATCH_SIZE = 128
_FILE = "teacher.safetensors"


@dataclass(frozen=True, kw_only=True)
class Member:
    """One network of the ensemble, and the fold of pictures that it never saw."""

    network: nn.Module
    fold: int | None  # None: it learned from every picture


@dataclass(frozen=True, kw_only=True)
class Teacher:
    """V views of N pictures, and what the ensemble answered: probabilities of both heads."""

    pictures: Tensor  # (V, N, 48, 48) uint8
    grade: tuple[int, ...]  # (V,) which of the recipe's augmentations made the view, in order of appearance
    row_index: Tensor  # (N,) the pictures' rows in the data set
    voices: Voices  # who answered
    fer2013: Tensor  # (V, N, 7)
    ferplus: Tensor  # (V, N, 10)

    @staticmethod
    def path_in(folder: Path) -> Path:
        """Return the file of the teacher that a folder holds. Raises InputError where it holds none."""
        if not (folder / _FILE).exists():
            raise InputError(f"{folder}: holds no {_FILE}; make it with `moodline teach`")
        return folder / _FILE

    def save(self, folder: Path) -> None:
        """Write one safetensors file into a folder, answers in half precision."""
        folder.mkdir(parents=True, exist_ok=True)
        tensors = {
            "pictures": self.pictures,
            "row_index": self.row_index,
            "fer2013": self.fer2013.half(),
            "ferplus": self.ferplus.half(),
        }
        save_file(tensors, folder / _FILE, metadata={"grade": json.dumps(self.grade), "voices": self.voices})

    @classmethod
    def load(cls, folder: Path) -> "Teacher":
        """Read it back. Raises InputError where the folder holds none."""
        with safe_open(cls.path_in(folder), framework="pt") as file:
            metadata = file.metadata()
            return cls(
                pictures=file.get_tensor("pictures"),
                grade=tuple(json.loads(metadata["grade"])),
                row_index=file.get_tensor("row_index"),
                voices=Voices(metadata["voices"]),
                fer2013=file.get_tensor("fer2013").float(),
                ferplus=file.get_tensor("ferplus").float(),
            )


def make_views(pictures: NDArray[np.uint8], grades: Sequence[Augmentation], *, num_each: int, seed: int) -> Tensor:
    """(N, 48, 48) pictures -> (V, N, 48, 48) uint8, `num_each` of each grade in turn. Drawn on the CPU."""
    views = []
    for grade_index, grade in enumerate(grades):
        for view_index in range(num_each):
            draws = Draws.seeded(seed + 1000 * grade_index + view_index)
            batches = torch.from_numpy(pictures).split(_BATCH_SIZE)
            parts = [augment(pictures_to_tensor(batch), grade, draws).squeeze(1) for batch in batches]
            views.append(torch.cat(parts).round().clamp(0, 255).to(torch.uint8))
    return torch.stack(views)


def teach(
    members: Sequence[Member],
    faces: FaceSet,
    recipe: Recipe,
    *,
    num_each: int,
    report: Callable[[int, int], None],
) -> Teacher:
    """Ask an ensemble about `num_each` views of all Training pictures for each of a student recipe's augmentations.

    `report` takes views done and views in all. Raises InputError where only those who never saw a picture are to
    answer, and the members' folds are not all folds.
    """
    if recipe.distillation is None:
        raise InputError(f"{recipe.name} learns from labels alone; name a --student that learns from a teacher")
    voices, member_folds = recipe.distillation.voices, [member.fold for member in members]
    if voices == Voices.OUT_OF_FOLD and set(member_folds) != set(range(len(members))):
        told = ", ".join("none" if fold is None else str(fold) for fold in member_folds)
        raise InputError(f"the members' folds are {told}; expected one of each of 0-{len(members) - 1} (train --fold)")
    ask = {Voices.OUT_OF_FOLD: _ask_out_of_fold, Voices.ALL: _ask_all}[voices]
    folds = torch.from_numpy(fold_of(faces, len(members)))
    views = make_views(faces.pictures, recipe.grades, num_each=num_each, seed=0)
    answers = []
    for view_index, view in enumerate(views):
        answers.append(ask(members, folds, view))
        report(view_index + 1, len(views))
    return Teacher(
        pictures=views,
        grade=tuple(grade_index for grade_index in range(len(recipe.grades)) for _ in range(num_each)),
        row_index=torch.from_numpy(faces.row_index),
        voices=recipe.distillation.voices,
        fer2013=torch.stack([fer2013 for fer2013, _ in answers]),
        ferplus=torch.stack([ferplus for _, ferplus in answers]),
    )


def _ask_out_of_fold(members: Sequence[Member], folds: Tensor, view: Tensor) -> tuple[Tensor, Tensor]:
    """(N,) folds, (N, 48, 48) -> (N, 7), (N, 10): each picture's answer is that of the member that never saw it."""
    fer2013, ferplus = torch.empty(len(view), len(EMOTIONS)), torch.empty(len(view), len(FERPLUS_COLUMNS))
    for member in members:
        unseen = folds == member.fold
        fer2013[unseen], ferplus[unseen] = _probabilities(member.network, view[unseen])
    return fer2013, ferplus


def _ask_all(members: Sequence[Member], _: Tensor, view: Tensor) -> tuple[Tensor, Tensor]:
    """(N, 48, 48) -> (N, 7), (N, 10): the mean of all members' answers."""
    fer2013, ferplus = zip(*(_probabilities(member.network, view) for member in members), strict=True)
    return torch.stack(fer2013).mean(dim=0), torch.stack(ferplus).mean(dim=0)


@torch.inference_mode()
def _probabilities(network: nn.Module, pictures: Tensor) -> tuple[Tensor, Tensor]:
    """(N, 48, 48) -> both heads' probabilities (N, 7) and (N, 10), on the CPU."""
    network.eval()
    device = next(network.parameters()).device
    fer2013, ferplus = [], []
    for batch in pictures.split(_BATCH_SIZE):
        x = pictures_to_tensor(batch).to(device).contiguous(memory_format=torch.channels_last)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            logits: HeadLogits = network(x)
        fer2013.append(torch.softmax(logits.fer2013.float(), dim=1).cpu())
        ferplus.append(torch.softmax(logits.ferplus.float(), dim=1).cpu())
    return torch.cat(fer2013), torch.cat(ferplus)
