import dataclasses
from pathlib import Path

import pytest

from core.errors import InputError
from training.datasets.training_rows import LeftOut
from training.learning.recipe import Distillation, Voices
from training.learning.run_folder import RunFolder
from training.runs.order import TrainingOrder


def order(recipe, **changes):
    fields = {
        "data": Path("faces"),
        "votes": None,
        "left_out": None,
        "teacher": None,
        "is_aligned": False,
        "beginning": None,
    }
    return TrainingOrder(recipe=recipe, folder=RunFolder(Path("run")), device="cpu", **fields | changes)


@pytest.fixture
def student(tiny):
    return dataclasses.replace(tiny, distillation=Distillation(teacher_share=0.5, voices=Voices.ALL))


def test_a_student_needs_a_teacher(student):
    with pytest.raises(InputError, match="moodline teach"):
        order(student)
    order(student, teacher=Path("teacher"))


def test_a_recipe_without_lessons_from_others_takes_no_teacher(tiny):
    with pytest.raises(InputError, match="labels alone"):
        order(tiny, teacher=Path("teacher"))


def test_a_student_sees_what_its_teacher_saw(student):
    with pytest.raises(InputError, match="--align"):
        order(student, teacher=Path("teacher"), is_aligned=True)


def test_a_member_begins_with_weights_that_know_nothing(tiny):
    with pytest.raises(InputError, match="--fold with --from small"):
        order(tiny, beginning="small", left_out=LeftOut(fold=0, num_folds=5))
