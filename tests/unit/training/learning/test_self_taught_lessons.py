import dataclasses

import pytest
import torch

from fer_model.network import HeadLogits
from training.learning.draws import Draws
from training.learning.recipe import Phase, SelfTeaching
from training.learning.self_taught_lessons import SelfTaughtLessons

ROWS = torch.tensor([0, 2])


@pytest.fixture
def recipe(tiny):
    phases = (Phase(num_epochs=11, mixup_alpha=0.0),)
    return dataclasses.replace(tiny, phases=phases, self_teaching=SelfTeaching(final_share=0.6, memory=0.75))


@pytest.fixture
def lessons(faces, recipe):
    return SelfTaughtLessons(faces, recipe, recipe.self_teaching, torch.device("cpu"))


def sure_of(index):
    logits = torch.zeros(2, 10)
    logits[:, index] = 30.0
    return HeadLogits(fer2013=logits[:, :7], ferplus=logits)


def targets_at(lessons, recipe, epoch_index):
    _, targets = lessons.batch(ROWS, epoch_index=epoch_index, phase=recipe.phases[0], draws=Draws.seeded(0))
    return targets


def test_what_was_never_heard_is_learned_as_given(lessons, recipe):
    assert targets_at(lessons, recipe, 10).fer2013.argmax(dim=1).tolist() == [3, 3]
    assert targets_at(lessons, recipe, 10).fer2013.max() > 0.9


def test_the_networks_own_share_grows_from_nought_to_its_end(lessons, recipe):
    lessons.hear(ROWS, sure_of(0))
    shares = [float(targets_at(lessons, recipe, epoch).ferplus[0, 0]) for epoch in (0, 5, 10)]
    assert shares == pytest.approx([0.0, 0.3, 0.6], abs=0.02)


def test_answers_are_remembered_as_a_running_mean(lessons):
    lessons.hear(ROWS, sure_of(0))
    lessons.hear(ROWS, sure_of(1))
    state = lessons.state()
    assert state["fer2013"][2, :2] == pytest.approx([0.75, 0.25])
    assert state["num_heard"].tolist()[:4] == [2, 0, 2, 0]


def test_a_restored_memory_teaches_the_same(lessons, faces, recipe):
    lessons.hear(ROWS, sure_of(4))
    other = SelfTaughtLessons(faces, recipe, recipe.self_teaching, torch.device("cpu"))
    other.restore({name: value.clone() for name, value in lessons.state().items()})
    assert torch.equal(targets_at(other, recipe, 7).fer2013, targets_at(lessons, recipe, 7).fer2013)


def test_a_recipe_that_blends_pictures_cannot_teach_itself(tiny):
    with pytest.raises(ValueError, match="unblended"):
        dataclasses.replace(tiny, self_teaching=SelfTeaching(final_share=0.5))
