"""An API over a store in which two owners have a media each, and the local owner a subject."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import make_app
from api.files.uploads import UploadLimits
from api.parts import ApiSettings
from api.tokens import Scope, add_token
from core.documents import face_document
from core.errors import InputError
from core.people.subjects import Appearance
from db.people.studies import add_study
from db.people.subjects import add_subject
from db.records import JobRecord
from db.store import Store
from tests.factories import make_consent, make_face_observation, make_frame_observation, make_request, make_study
from tests.stored_generations import submit_generation, work_off
from tests.unit.db.conftest import empty_store_file, store_url
from worker.pictures.reading import PictureReading

__all__ = ["empty_store_file", "store_url"]

READ_WRITE = frozenset(Scope)

#: Stands for local's video: only the beginning is one's.
CONTENT = b"\0\0\0\x18ftypisom" + bytes(range(256)) * 8


@dataclass(frozen=True, kw_only=True)
class Served:
    """An API, and what lies behind it."""

    app: FastAPI
    client: TestClient  # sends no token by itself
    tokens: dict[str, str]  # by owner; "reader" may only read what is local's
    jobs: dict[str, JobRecord]  # by owner, over
    open_job: JobRecord  # local's, not begun
    settings: ApiSettings

    def headers(self, owner: str = "local") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[owner]}"}

    def get(self, path: str, owner: str = "local"):
        return self.client.get(path, headers=self.headers(owner))

    def post(self, path: str, owner: str = "local", **more):
        headers = self.headers(owner) | more.pop("headers", {})
        return self.client.post(path, headers=headers, **more)

    def media_id(self, owner: str = "local") -> str:
        return self.jobs[owner].media_id


def second_by_second(span):
    """Read a happy face each second, none in the second half."""
    begin = span.start_us // 1_000_000
    return [make_frame_observation(second, frame_index=second * 25) for second in range(begin, begin + 5)]


def store_of_two_owners(store: Store, folder: Path) -> tuple[dict[str, JobRecord], JobRecord]:
    with store.writing() as connection:
        add_study(connection, make_study(), actor="test")
        add_subject(connection, "anna", make_consent(), study_id="moods", group=None, actor="test")
    (folder / "videos").mkdir()
    path = folder / "videos" / "<img src=x onerror=alert(1)>.mp4"
    path.write_bytes(CONTENT)
    request = make_request(
        "clip",
        path=str(path),
        content=CONTENT,
        modified_ns=path.stat().st_mtime_ns,
        started_at=datetime(2026, 3, 1, 9, tzinfo=UTC),
        appearance=Appearance(subject_id="anna", session="one"),
    )
    jobs = {
        "local": work_off(store, submit_generation(store, request), second_by_second),
        "bob": work_off(store, submit_generation(store, make_request("bobs", owner="bob")), second_by_second),
    }
    return jobs, submit_generation(store, make_request("waiting", num_chunks=1))


class OneFace:
    """Sees one face in whatever begins as a JPEG does."""

    def read(self, content: bytes, *, min_face_px: int) -> PictureReading:
        if not content.startswith(b"\xff\xd8"):
            raise InputError("the picture: damaged, or in no known format")
        return PictureReading(
            faces=(face_document(make_face_observation()),) if min_face_px <= 500 else (),
            width_px=640,
            height_px=480,
            model_version="small-0",
        )


@pytest.fixture
def served(store: Store, store_url: str, tmp_path: Path) -> Iterator[Served]:
    token_file = tmp_path / "tokens.json"
    tokens = {owner: add_token(token_file, owner, READ_WRITE) for owner in ("local", "bob")}
    tokens["reader"] = add_token(token_file, "local", frozenset({Scope.READ}))
    tokens["writer"] = add_token(token_file, "local", frozenset({Scope.WRITE}))
    jobs, open_job = store_of_two_owners(store, tmp_path)
    settings = ApiSettings(
        db_url=store_url,
        uploads=tmp_path / "uploads",
        token_file=token_file,
        upload_limits=UploadLimits(max_bytes=200_000, quota_bytes=300_000, min_free_bytes=1, num_at_once=2),
        watch_seconds=0.1,
    )
    app = make_app(settings, pictures_by=OneFace())
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Served(app=app, client=client, tokens=tokens, jobs=jobs, open_job=open_job, settings=settings)
