"""The analysing processes of one worker slot: one a model version, of the two versions that were used last."""

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Final

from core.errors import EnvironmentFault
from fer_model.checkpoints.card import find_version
from video.limits import MediaLimits
from worker.analysis.messages import AnalyserSpec
from worker.analysis.process import AnalysisProcess

#: Live work and a reprocessing of the archive with another model may take turns.
_MAX_PROCESSES: Final = 2


class ModelAbsent(EnvironmentFault):
    """This worker does not have the weights that a job asks for; another may."""


class AnalysisProcesses:
    """Hands out the process of a model version; starts it at the first request."""

    def __init__(self, start: Callable[[str], AnalysisProcess]) -> None:
        """Take what makes the process of a model version, and raises ModelAbsent where it cannot."""
        self._start = start
        self._held: OrderedDict[str, AnalysisProcess] = OrderedDict()

    def of(self, model_version: str) -> AnalysisProcess:
        """Return the process of a model version."""
        if model_version not in self._held:
            started = self._start(model_version)
            while len(self._held) >= _MAX_PROCESSES:
                self._held.popitem(last=False)[1].stop()
            self._held[model_version] = started
        self._held.move_to_end(model_version)
        return self._held[model_version]

    def stop(self) -> None:
        """End every process."""
        while self._held:
            self._held.popitem()[1].stop()


def starts_installed_models(
    *, more_cards: Path | None, device: str, limits: MediaLimits
) -> Callable[[str], AnalysisProcess]:
    """Return what makes the process of a model that ships with Moodline or whose card lies in `more_cards`."""

    def start(model_version: str) -> AnalysisProcess:
        card_path = find_version(model_version, more_cards=more_cards)
        if card_path is None:
            raise ModelAbsent(
                f"no model {model_version} is installed here; put its card and weights into MOODLINE_MODELS_DIR"
            )
        return AnalysisProcess(AnalyserSpec(card_path=card_path, device=device), limits)

    return start
