"""An upload becomes a job of its owner for the pool, or for the runner beside the server: both take the same queue."""

from api.files.uploads import Upload
from api.parts import Parts
from api.problems import Problem
from api.requests.jobs import JobRequest
from core.errors import InputError
from db.archive.owned import LOCAL_OWNER
from db.records import Submission
from db.states import JobQueue
from db.submission import TokenTaken
from fer_model.checkpoints.card import find_card, read_card
from producer.submit import Analysis, Handing, submit_file, version_of


def submit_upload(parts: Parts, owner: str, upload: Upload, asked: JobRequest, *, token: str | None) -> Submission:
    """Submit an uploaded file. Raises Problem where it must not be, or the word for it was used for another."""
    appearance = asked.appearance()
    if appearance is not None and owner != LOCAL_OWNER:
        raise no_subject(appearance.subject_id)
    analysis = Analysis(
        model_version=version_of(read_card(find_card(asked.model or parts.settings.model))),
        parameters=asked.parameters(),
        force=False,
        allow_truncated=False,
    )
    handing = Handing(
        queue=JobQueue.ARCHIVE,
        priority=asked.priority,
        started_at=asked.started_at,
        token=token,
        appearance=appearance,
        owner=owner,
        activates=owner == LOCAL_OWNER,  # another's job never changes what readers of the same bytes see
    )
    try:
        return submit_file(parts.store, upload.path, analysis, parts.media_limits, handing=handing).submission
    except TokenTaken as error:
        raise Problem(409, "KEY_TAKEN", "this Idempotency-Key was given for another request: use a new one") from error
    except InputError as error:
        raise Problem(422, "INPUT_REFUSED", str(error).replace(str(upload.path), upload.name)) from error


def no_subject(subject_id: str) -> Problem:
    """Return what is said of a subject that is not there, or is not the caller's to see: the same."""
    return Problem(404, "NO_SUCH_SUBJECT", f"you have no subject {subject_id}: GET /v1/subjects lists whom you have")
