"""What a worker's slot does with the ticket of a picture: reads it, if somebody still waits, and answers."""

import logging

from core.errors import InputError, MoodlineError
from worker.analysis.processes import AnalysisProcesses
from worker.pictures.reading import PictureReading, read_with
from worker.pictures.tickets import PictureTickets, RefusedPicture, WaitingPicture

log = logging.getLogger(__name__)


def answer_ticket(tickets: PictureTickets, ticket: str, processes: AnalysisProcesses) -> None:
    """Answer a ticket; one that waited too long is let go."""
    waiting = tickets.take(ticket)
    if waiting is not None:
        tickets.answer(ticket, _read(waiting, processes))


def _read(waiting: WaitingPicture, processes: AnalysisProcesses) -> PictureReading | RefusedPicture:
    try:
        process = processes.of(waiting.model_version)
        return read_with(process, waiting.content, min_face_px=waiting.min_face_px, model_version=waiting.model_version)
    except InputError as error:
        return RefusedPicture(message=" ".join(str(error).split()))
    except (MoodlineError, ValueError) as error:  # whoever can write to this Redis may ask for what there is not
        log.warning("a picture could not be read: %s", error)
        return RefusedPicture(message="the worker that took the picture cannot read it; its log says why")
