"""Lessons of a student: the teacher's views, and a blend of the teacher's answers with labels and votes."""

from typing import Any

import torch
from torch import Tensor

from core.errors import InputError
from fer_model.network import pictures_to_tensor
from training.datasets.face_set import FaceSet
from training.learning.draws import Draws
from training.learning.lessons import Unmoved
from training.learning.recipe import Distillation, Phase, Recipe
from training.learning.targets import TwoHeadTargets
from training.learning.teacher import Teacher


class TaughtLessons(Unmoved):
    """What a student sees at an epoch is one of the teacher's views, mirrored at random."""

    def __init__(
        self, faces: FaceSet, recipe: Recipe, how: Distillation, teacher: Teacher, device: torch.device
    ) -> None:
        if teacher.row_index.tolist() != faces.row_index.tolist():
            raise InputError(
                "the teacher was asked about other pictures than these; make it anew with `moodline teach`"
            )
        if teacher.voices != how.voices:
            raise InputError(
                f"{recipe.name} listens to {how.voices}, this teacher is {teacher.voices}; run `moodline teach` again"
            )
        self._views = teacher.pictures.to(device)  # (V, N, 48, 48) uint8
        self._grades = recipe.grades
        self._views_of_grade = [
            [view for view, grade in enumerate(teacher.grade) if grade == index] for index in range(len(self._grades))
        ]
        if not all(self._views_of_grade):
            raise InputError(f"the teacher has no views for {recipe.name}; make it anew with `moodline teach`")
        self._fer2013, self._ferplus = teacher.fer2013.to(device), teacher.ferplus.to(device)
        self._given = recipe.objective.targets_of(faces).to(device)
        self._share = how.teacher_share

    def __len__(self) -> int:
        return self._views.shape[1]

    def batch(self, rows: Tensor, *, epoch_index: int, phase: Phase, draws: Draws) -> tuple[Tensor, Any]:
        """Return a view of the rows, and their blended targets."""
        views = self._views_of_grade[self._grades.index(phase.augmentation)]
        view = views[epoch_index % len(views)]
        x = pictures_to_tensor(self._views[view, rows])
        mirrored = (draws.uniform(len(rows)) < phase.augmentation.flip_p).view(-1, 1, 1, 1)
        x = torch.where(mirrored, x.flip(3), x)
        return x, self._blend(self._given.take(rows), self._fer2013[view, rows], self._ferplus[view, rows])

    def _blend(self, given: TwoHeadTargets, fer2013: Tensor, ferplus: Tensor) -> TwoHeadTargets:
        """Mix answers with what was given; where there are no votes, the teacher speaks alone."""
        share = self._share
        own = ((1 - share) * given.ferplus_weight).unsqueeze(1)
        return TwoHeadTargets(
            fer2013=share * fer2013 + (1 - share) * given.fer2013,
            ferplus=own * given.ferplus + (1 - own) * ferplus,
            ferplus_weight=torch.ones_like(given.ferplus_weight),
        )
