"""Every owner's copy of a content is found, so that it can be removed; nothing else is."""

from pathlib import Path

import pytest

from api.files.kept_files import copies_of, folder_of, note_in
from api.removal import OutsideStore, remove_outside
from db.people.erasure import RemovedMedia

CONTENT, OTHER = "ab" * 32, "cd" * 32


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "uploads"
    for owner in ("ann", "bob"):
        folder = folder_of(root, owner)
        folder.mkdir(parents=True)
        for digest in (CONTENT, OTHER):
            (folder / f"{digest}.mp4").write_bytes(b"x")
            note_in(folder, digest[:16]).write_text("{}")
    return root


def test_copies_of_one_content_are_found_with_their_notes(root: Path):
    found = copies_of(root, CONTENT)
    assert len(found) == 4
    assert all(path.name.startswith("abab") for path in found)


@pytest.mark.parametrize("wrong", ["*", "", "ab*", "../..", "ab" * 31, "AB" * 32])
def test_what_is_no_digest_finds_nothing(root: Path, wrong):
    assert copies_of(root, wrong) == []


def test_what_was_fetched_goes_though_its_media_was_seen_elsewhere_since(tmp_path: Path):
    fetched = tmp_path / "fetched"
    fetched.mkdir()
    for digest in (CONTENT, OTHER):
        (fetched / f"{digest}.mp4").write_bytes(b"x")
    gone = RemovedMedia(**dict.fromkeys(RemovedMedia.__dataclass_fields__, ()) | {"sha256": (CONTENT,)})
    outside = OutsideStore(uploads_dir=tmp_path / "uploads", fetch_dir=fetched)
    assert remove_outside(gone, outside, media_paths=["/elsewhere.mp4"], files=[]).removed == ["a fetched video"]
    assert [path.stem for path in fetched.iterdir()] == [OTHER]


def test_what_was_uploaded_goes_with_whoever_is_erased(root: Path):
    path = folder_of(root, "ann") / f"{CONTENT}.mp4"
    gone = RemovedMedia(**dict.fromkeys(RemovedMedia.__dataclass_fields__, ()) | {"sha256": (CONTENT,)})
    done = remove_outside(gone, OutsideStore(uploads_dir=root), media_paths=[str(path)], files=[])
    assert sorted(done.removed) == [*["an uploaded video"] * 2, *["what it was called"] * 2]
    assert done.originals == []
    assert copies_of(root, CONTENT) == []
    assert len(copies_of(root, OTHER)) == 4
