import dataclasses

import pytest
import torch

from core.errors import InputError
from fer_model.network import HeadLogits
from training.datasets.folds import fold_of
from training.learning.augmentation import Augmentation
from training.learning.draws import Draws
from training.learning.recipe import Distillation, Phase, Voices
from training.learning.taught_lessons import TaughtLessons
from training.learning.teacher import Member, Teacher, make_views, teach


class Saying(torch.nn.Module):
    """A network that is sure of one emotion, whatever it sees."""

    def __init__(self, index):
        super().__init__()
        self.index = index
        self.weight = torch.nn.Parameter(torch.zeros(1))

    def forward(self, x):
        sure = torch.zeros(len(x), 10)
        sure[:, self.index] = 20.0
        return HeadLogits(fer2013=sure[:, :7], ferplus=sure)


@pytest.fixture
def learned(faces):
    return faces.split("Training")


@pytest.fixture
def ask(learned, tiny):
    """Two members that each say their own fold's number, asked with the given voices."""

    def ask(voices):
        members = [Member(network=Saying(fold), fold=fold) for fold in range(2)]
        return teach(members, learned, student(tiny, voices), num_each=3, report=lambda *_: None)

    return ask


@pytest.fixture
def teacher(ask):
    return ask(Voices.OUT_OF_FOLD)


def student(tiny, voices=Voices.OUT_OF_FOLD, share=1.0):
    return dataclasses.replace(tiny, distillation=Distillation(teacher_share=share, voices=voices))


def lessons(learned, recipe, teacher):
    return TaughtLessons(learned, recipe, recipe.distillation, teacher, torch.device("cpu"))


def test_views_are_the_same_each_time_and_differ_from_each_other(learned):
    first, again = (make_views(learned.pictures, [Augmentation()], num_each=2, seed=0) for _ in range(2))
    assert torch.equal(first, again)
    assert not torch.equal(first[0], first[1])
    assert first.dtype == torch.uint8


def test_out_of_fold_only_a_member_that_never_saw_the_picture_answers(learned, teacher):
    assert teacher.fer2013.shape == (3, 32, 7)
    assert teacher.fer2013[0].argmax(dim=1).tolist() == fold_of(learned, 2).tolist()
    assert teacher.fer2013[0].max(dim=1).values == pytest.approx(1, abs=1e-3)


def test_all_members_together_answer_with_their_mean(ask):
    assert ask(Voices.ALL).fer2013[..., :2] == pytest.approx(0.5, abs=1e-3)


def test_members_must_cover_every_fold_once(learned, tiny):
    members = [Member(network=Saying(0), fold=0), Member(network=Saying(1), fold=0)]
    with pytest.raises(InputError, match="folds are 0, 0"):
        teach(members, learned, student(tiny), num_each=1, report=lambda *_: None)


def test_out_of_fold_nobody_answers_who_saw_every_picture(learned, tiny):
    members = [Member(network=Saying(0), fold=0), Member(network=Saying(1), fold=None)]
    with pytest.raises(InputError, match="folds are 0, none"):
        teach(members, learned, student(tiny), num_each=1, report=lambda *_: None)


def test_who_saw_every_picture_may_teach_together_with_others(learned, tiny):
    members = [Member(network=Saying(index), fold=None) for index in (0, 1, 1)]
    teacher = teach(members, learned, student(tiny, Voices.ALL), num_each=1, report=lambda *_: None)
    assert teacher.fer2013[..., 0] == pytest.approx(1 / 3, abs=1e-3)


def test_a_saved_teacher_reads_back(teacher, tmp_path):
    teacher.save(tmp_path)
    read = Teacher.load(tmp_path)
    assert torch.equal(read.pictures, teacher.pictures)
    assert read.grade == teacher.grade == (0, 0, 0)
    assert read.voices == Voices.OUT_OF_FOLD
    assert torch.allclose(read.ferplus, teacher.ferplus, atol=1e-3)


def test_a_folder_without_a_teacher_is_named(tmp_path):
    with pytest.raises(InputError, match="moodline teach"):
        Teacher.load(tmp_path)


def test_a_student_sees_the_teachers_view_or_its_mirror_image(learned, tiny, teacher):
    rows = torch.arange(32)
    x, _ = lessons(learned, student(tiny), teacher).batch(
        rows, epoch_index=4, phase=tiny.phases[1], draws=Draws.seeded(0)
    )
    view = teacher.pictures[1].float().unsqueeze(1)  # the fifth epoch sees the second of three views
    same, mirrored = ((x == other).flatten(1).all(dim=1) for other in (view, view.flip(3)))
    assert (same | mirrored).all()
    assert same.any()
    assert mirrored.any()


def test_a_student_learns_a_blend_of_answers_and_labels(learned, tiny, teacher):
    rows = torch.arange(32)
    recipe = student(tiny, share=0.75)
    _, targets = lessons(learned, recipe, teacher).batch(
        rows, epoch_index=0, phase=tiny.phases[1], draws=Draws.seeded(0)
    )
    fold = torch.from_numpy(fold_of(learned, 2))
    assert targets.fer2013.sum(dim=1) == pytest.approx(1, abs=1e-3)
    assert targets.fer2013[torch.arange(32), fold] == pytest.approx(0.75, abs=0.01)


def test_where_nobody_voted_the_teacher_speaks_alone(learned, tiny, teacher):
    silent = dataclasses.replace(learned, votes=0 * learned.votes)
    _, targets = lessons(silent, student(tiny, share=0.5), teacher).batch(
        torch.arange(32), epoch_index=0, phase=tiny.phases[1], draws=Draws.seeded(0)
    )
    assert targets.ferplus_weight.tolist() == [1.0] * 32
    assert torch.allclose(targets.ferplus, teacher.ferplus[0], atol=1e-3)


def test_a_teacher_of_other_pictures_is_refused(faces, tiny, teacher):
    with pytest.raises(InputError, match="other pictures"):
        lessons(faces.split("PublicTest"), student(tiny), teacher)


def test_a_teacher_without_views_for_a_phase_is_refused(learned, tiny, teacher):
    gentle = Phase(num_epochs=1, augmentation=Augmentation(erase_p=0.1))
    recipe = dataclasses.replace(student(tiny), phases=(*tiny.phases, gentle))
    with pytest.raises(InputError, match="no views"):
        lessons(learned, recipe, teacher)


def test_a_teacher_of_other_voices_is_refused(learned, tiny, teacher):
    with pytest.raises(InputError, match="listens to all"):
        lessons(learned, student(tiny, Voices.ALL), teacher)


def test_views_are_not_made_for_a_recipe_that_takes_no_teacher(learned, tiny):
    with pytest.raises(InputError, match="labels alone"):
        teach([], learned, tiny, num_each=1, report=lambda *_: None)
