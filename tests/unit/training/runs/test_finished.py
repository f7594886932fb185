import pytest
import torch

from core.errors import InputError
from training.learning.run import Run
from training.learning.run_folder import LearnedFrom, RunFolder
from training.runs.finished import finished_network, load_member

CPU = torch.device("cpu")


def test_an_unfinished_run_gives_no_network(tmp_path, registered, faces):
    folder = RunFolder(tmp_path / "run")
    folder.prepare(registered, LearnedFrom.of(faces))
    with pytest.raises(InputError, match="holds no training run"):
        finished_network(folder)
    run = Run.start(registered, CPU)
    run.num_epochs_done = 1
    run.save(folder.state, {})
    with pytest.raises(InputError, match="1 of 2 epochs"):
        finished_network(folder)
    run.num_epochs_done = 2
    run.save(folder.state, {})
    found = finished_network(folder).state_dict()
    assert all(torch.equal(found[name], value) for name, value in run.averaged.state_dict().items())


def test_a_published_model_may_teach():
    assert load_member("small", CPU).fold is None
