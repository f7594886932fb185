import io
import tarfile
import zipfile

import pytest

from core.errors import InputError
from tests.face_data import HEADER, make_row, write_fer2013_csv, write_picture
from training.datasets.archives import is_archive, unpacked

TABLE = f"{HEADER}\n{make_row()}\n".encode()


def make_zip(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def make_tar(path, members, *, mode="w:gz"):
    with tarfile.open(path, mode) as archive:
        for name, content in members.items():
            found = tarfile.TarInfo(name)
            found.size = len(content)
            archive.addfile(found, io.BytesIO(content))
    return path


MAKERS = {"a.zip": make_zip, "a.tar.gz": make_tar}


@pytest.mark.parametrize("name", MAKERS)
def test_a_table_is_found_by_its_first_line_and_removed_at_the_end(tmp_path, name):
    others = {"train.csv": b"emotion,pixels\n", "fer2013/README": b"About\n", "nested.tar.gz": b"\x1f\x8bxx"}
    archive = MAKERS[name](tmp_path / name, {**others, "fer2013/anything.txt": TABLE})
    with unpacked(archive) as inside:
        assert inside.read_bytes() == TABLE
        assert not list(inside.parents[1].rglob("train.csv"))
    assert not inside.exists()


@pytest.mark.parametrize("name", MAKERS)
def test_pictures_are_unpacked_in_their_folders(tmp_path, name):
    png = write_picture(tmp_path / "a.png").read_bytes()
    members = {"faces/happy/1.png": png, "__MACOSX/faces/happy/._1.png": b"x", "faces/notes.txt": b"hello"}
    with unpacked(MAKERS[name](tmp_path / name, members)) as inside:
        found = sorted(str(p.relative_to(inside)) for p in inside.rglob("*") if p.is_file())
    assert found == ["faces/happy/1.png"]


def test_backslashes_in_names_are_folders(tmp_path):
    png = write_picture(tmp_path / "a.png").read_bytes()
    with unpacked(make_tar(tmp_path / "a.tar.gz", {"happy\\1.png": png})) as inside:
        assert (inside / "happy" / "1.png").exists()


def test_archives_are_known_by_their_content_and_not_by_their_name(tmp_path):
    assert is_archive(make_zip(tmp_path / "a.csv", {"x": b""}))
    assert is_archive(make_tar(tmp_path / "b.csv", {"x": b""}))
    assert is_archive(make_tar(tmp_path / "c.csv", {"x": b""}, mode="w"))
    assert not is_archive(write_fer2013_csv(tmp_path / "d.zip", num_each=1))


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("evil", ["../outside.png", "/outside.png", "a/../../outside.png", "..\\outside.png"])
def test_a_member_that_leads_outside_is_refused(tmp_path, name, evil):
    archive = MAKERS[name](tmp_path / name, {"happy/1.png": b"x", evil: b"x"})
    with pytest.raises(InputError, match=r"outside\.png' leads outside the archive"), unpacked(archive):
        pass


def test_a_link_is_refused(tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        link = tarfile.TarInfo("happy/1.png")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    with pytest.raises(InputError, match=r"'happy/1\.png' is a link"), unpacked(tmp_path / "a.tar"):
        pass


@pytest.mark.parametrize("name", MAKERS)
def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path, name):
    archive = MAKERS[name](tmp_path / name, {"happy/1.png": bytes(600_000), "happy/2.png": bytes(600_000)})
    with (
        pytest.raises(InputError, match=r"unpacks to more than 0\.0 GiB"),
        unpacked(archive, max_bytes=1_000_000),
    ):
        pass


@pytest.mark.parametrize("name", [*MAKERS, "a.tar"])
def test_a_cut_off_archive_is_refused(tmp_path, name):
    png = write_picture(tmp_path / "a.png").read_bytes()
    members = {f"happy/{copy}.png": png for copy in range(20)}
    archive = (
        make_tar(tmp_path / name, members, mode="w") if name == "a.tar" else MAKERS[name](tmp_path / name, members)
    )
    content = archive.read_bytes()
    archive.write_bytes(content[: len(content) // 2])
    with pytest.raises(InputError, match=rf"{name}: not a whole zip or tar archive"), unpacked(archive):
        pass


def test_a_damaged_member_is_refused(tmp_path):
    archive = make_zip(tmp_path / "a.zip", {"fer2013.csv": TABLE * 3})
    content = bytearray(archive.read_bytes())
    content[2000:2100] = bytes(100)
    archive.write_bytes(bytes(content))
    with pytest.raises(InputError, match=r"a\.zip: not a whole zip"), unpacked(archive):
        pass


def test_an_archive_with_two_tables_is_refused_with_their_names(tmp_path):
    archive = make_zip(tmp_path / "a.zip", {"fer2013.csv": TABLE, "icml.csv": TABLE})
    with pytest.raises(InputError, match=r"several data sets \(fer2013\.csv, icml\.csv\)"), unpacked(archive):
        pass


def test_an_archive_of_something_else_is_refused(tmp_path):
    archive = make_zip(tmp_path / "a.zip", {"README": b"hello"})
    with pytest.raises(InputError, match="holds neither a FER2013 CSV nor pictures"), unpacked(archive):
        pass


def test_a_compressed_file_that_is_no_tar_is_refused(tmp_path):
    import gzip

    path = tmp_path / "fer2013.csv.gz"
    path.write_bytes(gzip.compress(TABLE))
    with (
        pytest.raises(InputError, match=r"fer2013\.csv\.gz: not a whole zip or tar archive.*unpack it"),
        unpacked(path),
    ):
        pass


def test_a_complaint_about_what_was_inside_names_the_archive(tmp_path):
    archive = make_zip(tmp_path / "a.zip", {"x/fer2013.csv": TABLE})
    with pytest.raises(InputError) as caught, unpacked(archive) as inside:
        raise InputError(f"{inside}, line 7: wrong")
    assert str(caught.value) == f"{archive}, x/fer2013.csv, line 7: wrong"
