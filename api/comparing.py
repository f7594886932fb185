"""Two generations compared: of a media, by their jobs; of an archive, media by media, by two model versions."""

from collections.abc import Callable, Iterator
from typing import Final

from api.documents.differences import ArchiveDiff, MediaDiff
from core.comparison import GenerationDiff
from core.errors import InputError
from db.archive.generation_diff import diff_generations
from db.archive.media import get_media
from db.archive.model_generations import GenerationPair, find_model_version, paired_generations
from db.jobs import find_job, get_job
from db.store import Store

#: So many media, those with the most changes, are named.
_NUM_MEDIA_NAMED: Final = 10


def diff_jobs(store: Store, before: str, after: str) -> MediaDiff:
    """Compare two jobs of one media. Raises InputError where they are not there, or not of one media."""
    with store.reading() as connection:
        one, other = find_job(connection, before), find_job(connection, after)
        return MediaDiff(
            path=get_media(connection, one.media_id).path,
            before=one,
            after=other,
            diff=diff_generations(connection, one.id, other.id),
        )


def diff_models(store: Store, before: str, after: str, *, on_media: Callable[[MediaDiff], None]) -> ArchiveDiff:
    """Compare all media that both model versions have finished; `on_media` gets each as it is compared."""
    with store.reading() as connection:
        versions = find_model_version(connection, before), find_model_version(connection, after)
        if versions[0] == versions[1]:
            raise InputError(f"--model {before} and --model {after} are both {versions[0]}: name two models")
        pairs = paired_generations(connection, *versions)
    total, most_changed = GenerationDiff(), list[MediaDiff]()
    for found in _diffs(store, pairs):
        on_media(found)
        total += found.diff
        most_changed = sorted([*most_changed, found], key=lambda media: -media.diff.num_readings_changed)
        del most_changed[_NUM_MEDIA_NAMED:]
    return ArchiveDiff(
        before_version=versions[0],
        after_version=versions[1],
        num_media=sum(pair.after_job_id is not None for pair in pairs),
        num_media_without_after=sum(pair.after_job_id is None for pair in pairs),
        diff=total,
        most_changed=tuple(most_changed),
    )


def _diffs(store: Store, pairs: list[GenerationPair]) -> Iterator[MediaDiff]:
    """Compare media by media, each in a transaction of its own: an archive takes long, and writers must not wait."""
    for pair in pairs:
        if pair.after_job_id is None:
            continue
        with store.reading() as connection:
            yield MediaDiff(
                path=pair.path,
                before=get_job(connection, pair.before_job_id),
                after=get_job(connection, pair.after_job_id),
                diff=diff_generations(connection, pair.before_job_id, pair.after_job_id),
            )
