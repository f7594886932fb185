"""Twenty media reprocessed with another model and killed half-way, on both databases: nothing lost, nothing touched."""

import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import func, select

from core.comparison import GenerationDiff
from core.emotions import EMOTIONS
from core.media import ChunkSpan
from core.observations import FrameObservation
from db.archive.generation_diff import diff_generations
from db.archive.generations import active_job_id
from db.archive.model_generations import paired_generations, switch_all
from db.jobs import list_jobs
from db.records import JobRecord
from db.row_tables import FaceTable, FrameTable
from db.states import JobState
from db.store import Store, open_store, upgrade_store
from db.tables import ChunkTable
from producer.reprocess import ReprocessRequest, ReprocessTotals, Selection, reprocess
from tests.factories import (
    FPS,
    make_face,
    make_face_observation,
    make_frame_observation,
    make_model_version,
    make_reading,
)
from tests.servers import PostgresServer
from tests.stored_generations import checksum, request_for, store_generation, work_off

NUM_MEDIA = 20
NUM_CHUNKS = 2
SMALL = make_model_version("small", checkpoint="small")
BIG = make_model_version("big", checkpoint="big")

#: Reprocesses, and stops in the middle of the transaction in which the 15th job is made.
REPROCESS_UNTIL_HALF = """
import sys, time
import producer.reprocess as producer
from db.store import open_store
from tests.factories import make_model_version

made, submit_again = 0, producer.submit_again
def slow(*arguments, **options):
    global made
    made += 1
    submission = submit_again(*arguments, **options)
    if made == 15:
        print("half", flush=True)
        time.sleep(600)
    return submission
producer.submit_again = slow
big = make_model_version("big", checkpoint="big")
request = producer.ReprocessRequest(model_version=big, selection=producer.Selection())
producer.reprocess(open_store(sys.argv[1]), request, on_batch=lambda totals: None)
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        store = open_store(f"sqlite:///{tmp_path / 'archive.db'}")
        yield store
        store.close()
        return
    server: PostgresServer = request.getfixturevalue("postgresql")
    name = server.create_database()
    upgrade_store(server.url_of(name))
    store = open_store(server.url_of(name))
    yield store
    store.close()
    server.drop_database(name)


class MadeUpModel:
    """Reads up to three faces a frame, at places that two models agree about more or less, the same for a seed."""

    def __init__(self, name: str, media: str) -> None:
        self._name, self._media = name, media

    def __call__(self, span: ChunkSpan) -> list[FrameObservation]:
        return [self._frame(index) for index in range(span.first_frame_index, span.first_frame_index + 60)]

    def _frame(self, index: int) -> FrameObservation:
        world, own = (random.Random(f"{who}/{self._media}/{index}") for who in ("world", self._name))
        faces = []
        for _ in range(world.randrange(4)):
            x, y = world.uniform(0, 250), world.uniform(0, 100)
            if own.random() < 0.1:
                continue  # overlooked
            x, y = x + own.uniform(-25, 25), y + own.uniform(-25, 25)
            weights = [own.random() ** 3 for _ in EMOTIONS]
            probs = tuple(weight / sum(weights) for weight in weights)
            faces.append(
                make_face_observation(
                    face_index=len(faces),
                    face=make_face(box=(x, y, x + 80, y + 100)),
                    reading=make_reading(probs=probs, abstained=own.random() < 0.2),
                )
            )
        return make_frame_observation(pts_us=index * 1_000_000 // FPS, frame_index=index, faces=faces)


def store_archive(store: Store) -> list[JobRecord]:
    names = [f"clip {number}" for number in range(NUM_MEDIA)]
    return [
        store_generation(store, request_for(name, num_chunks=NUM_CHUNKS), MadeUpModel("small", name)) for name in names
    ]


def kill_half_way(store: Store) -> None:
    url = store.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", REPROCESS_UNTIL_HALF, url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half\n"
        process.send_signal(signal.SIGKILL)


def continue_it(store: Store) -> ReprocessTotals:
    request = ReprocessRequest(model_version=BIG, selection=Selection())
    return reprocess(store, request, on_batch=lambda _: None)


def jobs_of(store: Store, version: str) -> list[JobRecord]:
    with store.reading() as connection:
        return [job for job in list_jobs(connection) if job.model_version_id == version]


def read_jobs(store: Store, jobs: list[JobRecord]) -> set[str | None]:
    with store.reading() as connection:
        return {active_job_id(connection, job.media_id) for job in jobs}


def diff_of_all(store: Store) -> tuple[int, GenerationDiff]:
    with store.reading() as connection:
        pairs = paired_generations(connection, SMALL.id, BIG.id)
        total = GenerationDiff()
        for pair in pairs:
            assert pair.after_job_id is not None
            total += diff_generations(connection, pair.before_job_id, pair.after_job_id)
    return len(pairs), total


def test_archive_is_reprocessed_through_a_kill_compared_and_switched(store: Store):
    old = store_archive(store)
    old_ids = [job.id for job in old]
    old_rows = checksum(store, old_ids)

    kill_half_way(store)
    assert len(jobs_of(store, BIG.id)) == 10  # the transaction in which it was killed left nothing
    totals = continue_it(store)
    assert (totals.num_media, totals.num_skipped.total()) == (10, 10)
    assert continue_it(store).num_media == 0
    new = jobs_of(store, BIG.id)
    assert {job.media_id for job in new} == {job.media_id for job in old}
    assert len(new) == NUM_MEDIA

    names = {request_for(f"clip {number}").media.sha256[:16]: f"clip {number}" for number in range(NUM_MEDIA)}
    for job in new:
        work_off(store, job, MadeUpModel("big", names[job.media_id]), at_most=1)
    assert read_jobs(store, old) == set(old_ids)
    finished = [work_off(store, job, MadeUpModel("big", names[job.media_id])) for job in new]
    assert {job.state for job in finished} == {JobState.DONE}
    assert read_jobs(store, old) == set(old_ids)
    assert checksum(store, old_ids) == old_rows

    num_media, diff = diff_of_all(store)
    assert num_media == NUM_MEDIA
    assert_equals_brute_force(diff, count_by_brute_force(store, new))
    with store.writing() as connection:
        assert switch_all(connection, BIG.id) == NUM_MEDIA
    assert read_jobs(store, old) == {job.id for job in new}
    assert checksum(store, old_ids) == old_rows


def test_several_that_reprocess_one_archive_together_make_each_job_once(store: Store, processes: Executor):
    for number in range(NUM_MEDIA):
        store_generation(store, request_for(f"clip {number}", num_chunks=NUM_CHUNKS))
    url = store.engine.url.render_as_string(hide_password=False)
    list(processes.map(reprocess_all, [url] * 4))
    assert len(jobs_of(store, BIG.id)) == NUM_MEDIA
    with store.reading() as connection:
        num_chunks = connection.scalar(select(func.count()).select_from(ChunkTable))
    assert num_chunks == 2 * NUM_MEDIA * NUM_CHUNKS


def reprocess_all(url: str) -> None:
    store = open_store(url)
    continue_it(store)
    store.close()


def assert_equals_brute_force(diff: GenerationDiff, counted: dict[str, Any]) -> None:
    assert diff.num_faces_matched > 1_000  # there was something to count
    assert min(diff.num_labels_changed, diff.num_newly_abstained, diff.num_faces_only_after) > 100
    assert diff.num_frames_matched == counted["frames"]
    assert (diff.num_frames_only_before, diff.num_frames_only_after) == (0, 0)
    assert (diff.num_faces_only_before, diff.num_faces_only_after) == (counted["before"], counted["after"])
    assert np.array_equal(np.array(diff.labels), counted["labels"])
    assert diff.num_abstained_in_both == counted["both_abstain"]
    assert (diff.num_newly_abstained, diff.num_newly_named) == (counted["abstains"], counted["names"])
    assert diff.mean_abs_prob_difference == pytest.approx(np.mean(counted["differences"]), rel=1e-9)
    most = sorted(counted["seconds"].items(), key=lambda second: (-second[1], second[0]))[:10]
    assert [((second.media_id, second.start_us), second.num_changed) for second in diff.most_changed] == most


def count_by_brute_force(store: Store, new: list[JobRecord]) -> dict[str, Any]:
    """Count by whole tables in memory, with none of the code that is tested."""
    old_of = {job.media_id: job.id for job in jobs_of(store, SMALL.id)}
    counted: dict[str, Any] = {
        "frames": 0, "before": 0, "after": 0, "labels": np.zeros((7, 7), int), "both_abstain": 0, "abstains": 0,
        "names": 0, "differences": [], "seconds": {},
    }  # fmt: skip
    with store.reading() as connection:
        frames = connection.execute(select(FrameTable.__table__)).mappings().all()
        faces = connection.execute(select(FaceTable.__table__)).mappings().all()
    for job in new:
        for frame in (frame for frame in frames if frame["job_id"] == job.id):
            counted["frames"] += 1
            in_frame = [face for face in faces if face["frame_index"] == frame["frame_index"]]
            before = [face for face in in_frame if face["job_id"] == old_of[job.media_id]]
            after = [face for face in in_frame if face["job_id"] == job.id]
            count_frame(counted, before, after, second=(job.media_id, frame["pts_us"] // 10**6 * 10**6))
    return counted


def count_frame(counted: dict[str, Any], before: list[Any], after: list[Any], *, second: tuple[str, int]) -> None:
    left, right = list(before), list(after)
    while left and right:
        overlaps = np.array([[overlap(one, other) for other in right] for one in left])
        i, j = np.unravel_index(np.argmax(overlaps), overlaps.shape)
        if overlaps[i, j] < 0.5:
            break
        if count_pair(counted, left.pop(i), right.pop(j)):
            counted["seconds"][second] = counted["seconds"].get(second, 0) + 1
    counted["before"] += len(left)
    counted["after"] += len(right)


def count_pair(counted: dict[str, Any], one: Any, other: Any) -> bool:
    probs = [np.array([face[f"p_{emotion}"] for emotion in EMOTIONS]) for face in (one, other)]
    counted["differences"].append(np.abs(probs[0] - probs[1]).mean())
    if one["abstained"] and other["abstained"]:
        counted["both_abstain"] += 1
        return False
    if one["abstained"] or other["abstained"]:
        counted["names" if one["abstained"] else "abstains"] += 1
        return True
    labels = tuple(int(np.argmax(each)) for each in probs)
    counted["labels"][labels] += 1
    return labels[0] != labels[1]


def overlap(one: Any, other: Any) -> float:
    """The share of the union of two boxes that lies in both."""
    sides = [
        max(0.0, min(one[end], other[end]) - max(one[start], other[start]))
        for start, end in (("x1", "x2"), ("y1", "y2"))
    ]
    areas = [(face["x2"] - face["x1"]) * (face["y2"] - face["y1"]) for face in (one, other)]
    shared = sides[0] * sides[1]
    return shared / (sum(areas) - shared)
