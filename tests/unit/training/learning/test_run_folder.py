import dataclasses

import pytest
import torch

from core.errors import InputError
from training.learning.run import Run
from training.learning.run_folder import LearnedFrom, RunFolder

CPU = torch.device("cpu")


@pytest.fixture
def learned_from(faces):
    return LearnedFrom.of(faces)


@pytest.fixture
def folder(tmp_path):
    return RunFolder(tmp_path / "run")


def test_another_recipes_run_is_not_overwritten(folder, tiny, learned_from):
    folder.prepare(tiny, learned_from)
    folder.prepare(tiny, learned_from)
    with pytest.raises(InputError, match="batch_size"):
        folder.prepare(dataclasses.replace(tiny, batch_size=8), learned_from)


def test_a_run_over_other_pictures_is_not_continued(folder, tiny, faces, learned_from):
    folder.prepare(tiny, learned_from)
    other = LearnedFrom.of(faces.split("Training"))
    with pytest.raises(InputError, match=r"num_pictures, sha256"):
        folder.prepare(tiny, other)


def test_what_was_learned_from_reads_back(folder, tiny, faces):
    learned_from = LearnedFrom.of(faces, fold=2, num_folds=5)
    folder.prepare(tiny, learned_from)
    assert folder.learned_from() == learned_from


def test_an_epoch_logged_twice_counts_once(folder, tiny, learned_from):
    folder.prepare(tiny, learned_from)
    for line in ({"epoch": 1, "loss": 2.0}, {"epoch": 1, "loss": 1.0}, {"epoch": 2, "loss": 0.5}):
        folder.append(line)
    assert [line["loss"] for line in folder.lines()] == [1.0, 0.5]


def test_averaged_weights_follow_slowly_or_at_once(tiny):
    run = Run.start(tiny, CPU)
    run.num_steps_done = 1_000_000
    before = run.averaged.state_dict()["fer2013_head.bias"].clone()
    with torch.no_grad():
        run.network.fer2013_head.bias += 1.0
    run.average(0.9)
    assert run.averaged.fer2013_head.bias - before == pytest.approx(0.1)
    run.average(0.0)
    assert torch.equal(run.averaged.fer2013_head.bias, run.network.fer2013_head.bias)


def test_a_short_runs_average_soon_forgets_its_start(tiny):
    run = Run.start(tiny, CPU)
    with torch.no_grad():
        run.averaged.fer2013_head.bias.fill_(1.0)
        run.network.fer2013_head.bias.fill_(0.0)
    for _ in range(30):
        run.average(0.999)
    assert run.averaged.fer2013_head.bias.max() < 0.001
