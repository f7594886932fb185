"""The process that opens media may die, hang or be refused; its parent always gets a named answer."""

import os
import signal
from pathlib import Path

import cv2
import numpy as np
import pytest

from core.errors import EnvironmentFault, InputError
from core.media import AnalysisParameters
from fer_model.checkpoints.card import find_card
from video.limits import MediaLimits
from worker.analysis import process as analysis_process
from worker.analysis.messages import AnalyserSpec, PictureRequest
from worker.analysis.process import AnalysisProcess, AnalysisProcessDied


@pytest.fixture
def process():
    with AnalysisProcess(AnalyserSpec(card_path=find_card("small")), MediaLimits()) as started:
        yield started


def ask(process, path):
    return process.read_picture(PictureRequest(source=path, parameters=AnalysisParameters()))


def test_a_refused_request_leaves_the_process_well(process, tmp_path):
    for _ in range(2):
        with pytest.raises(InputError, match="cannot be read"):
            ask(process, tmp_path / "missing.png")


def test_a_death_is_named_and_the_next_request_starts_anew(process, tmp_path):
    with pytest.raises(InputError):
        ask(process, tmp_path / "missing.png")
    os.kill(process.pid, signal.SIGKILL)
    with pytest.raises(AnalysisProcessDied, match="died"):
        ask(process, tmp_path / "missing.png")
    with pytest.raises(InputError):
        ask(process, tmp_path / "missing.png")


def test_what_nobody_foresaw_is_a_death_with_its_reason(process, tmp_path):
    with pytest.raises(AnalysisProcessDied, match="AttributeError: "):
        process.read_picture("not a request")
    cv2.imwrite(str(tmp_path / "grey.png"), np.zeros((100, 100, 3), np.uint8))
    assert ask(process, tmp_path / "grey.png").faces == ()


def test_silence_is_a_death(process, tmp_path, monkeypatch):
    with pytest.raises(InputError):
        ask(process, tmp_path / "missing.png")
    monkeypatch.setattr(analysis_process, "SILENCE_SECONDS", 1.0)
    os.kill(process.pid, signal.SIGSTOP)
    with pytest.raises(AnalysisProcessDied, match="said nothing"):
        ask(process, tmp_path / "missing.png")


def test_missing_weights_are_a_fault_of_the_machine(tmp_path):
    spec = AnalyserSpec(card_path=Path(tmp_path / "gone.json"))
    with AnalysisProcess(spec, MediaLimits()) as process, pytest.raises(EnvironmentFault, match=r"gone\.json"):
        ask(process, tmp_path / "x.png")
