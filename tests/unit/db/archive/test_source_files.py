"""A source is the file that was submitted, or it is named as what it is."""

import hashlib
import os

import pytest

from db.archive import source_files as source_module
from db.archive.media import find_media
from db.archive.source_files import SourceFault, SourceFinder, SourceUnusable
from db.records import MediaRecord
from db.store import Store
from tests.pool_fakes import submit_job, write_source


@pytest.fixture
def path(tmp_path):
    return write_source(tmp_path)


@pytest.fixture
def media(store: Store, path) -> MediaRecord:
    job = submit_job(store, path)
    with store.reading() as connection:
        return find_media(connection, job.media_id)


def test_file_as_it_was_submitted_is_found_without_reading_it(media: MediaRecord, path, monkeypatch):
    monkeypatch.setattr(hashlib, "file_digest", lambda *_: pytest.fail("it was read"))
    assert SourceFinder().find(media) == path


def test_copy_with_another_time_is_read_once_and_accepted(media: MediaRecord, path, monkeypatch):
    os.utime(path, ns=(1, 1))
    digests = []
    monkeypatch.setattr(
        source_module.hashlib, "file_digest", lambda *of, real=hashlib.file_digest: digests.append(1) or real(*of)
    )
    finder = SourceFinder()
    assert [finder.find(media), finder.find(media)] == [path, path]
    assert len(digests) == 1


@pytest.mark.parametrize("change", ["same length", "longer"])
def test_other_content_is_a_changed_source(media: MediaRecord, path, change):
    content = path.read_bytes()
    path.write_bytes(content[::-1] if change == "same length" else content + b"!")
    os.utime(path, ns=(1, 1))
    with pytest.raises(SourceUnusable, match="not the one that was submitted") as raised:
        SourceFinder().find(media)
    assert raised.value.code is SourceFault.CHANGED


def test_file_that_is_gone_is_a_missing_source(media: MediaRecord, path):
    path.unlink()
    with pytest.raises(SourceUnusable, match="put it back, or mount it") as raised:
        SourceFinder().find(media)
    assert raised.value.code is SourceFault.MISSING
