"""Drop a video, watch the line grow, open its timeline. Reloads and a killed server lose nothing."""

from hashlib import sha256
from pathlib import Path

from tests.browsing import Visit
from tests.integration.api.servers import Server

NAME = "<img src=x onerror=alert(1)>.mp4"


def upload(visit: Visit, clip: Path, name: str = "demo.mp4") -> None:
    visit.open("/")
    files = {"name": name, "mimeType": "video/mp4", "buffer": clip.read_bytes()}
    visit.page.set_input_files("#file", files=[files])


def test_a_video_is_uploaded_and_its_line_is_there_at_the_end(first_visit: Visit, demo_clip: Path):
    upload(first_visit, demo_clip)
    first_visit.page.wait_for_selector("#step:has-text('done:')")
    first_visit.page.wait_for_selector("#summary:has-text('appears happy')")
    assert int(first_visit.page.get_attribute("#chart", "data-bins")) > 50
    first_visit.page.click("#open")
    first_visit.wait_for_drawing("")
    assert first_visit.page.text_content("h1") == "demo.mp4"


def test_the_line_grows_while_the_video_is_analysed(first_visit: Visit, long_clip: Path):
    upload(first_visit, long_clip)
    first_visit.page.wait_for_selector("#chart[data-bins]:not([data-bins='0'])")
    partly = int(first_visit.page.get_attribute("#chart", "data-bins"))
    assert "Analysing" in first_visit.page.text_content("#step"), "the first chunk is drawn before the last is done"
    first_visit.page.wait_for_selector("#step:has-text('done:')")
    first_visit.page.wait_for_selector(f"#chart:not([data-bins='{partly}'])")
    assert int(first_visit.page.get_attribute("#chart", "data-bins")) > partly


def test_a_name_full_of_markup_is_shown_as_a_name(first_visit: Visit, demo_clip: Path):
    first_visit.page.on("dialog", lambda dialog: first_visit.errors.append(f"a script ran: {dialog.message}"))
    upload(first_visit, demo_clip, NAME)
    first_visit.page.wait_for_selector("#step:has-text('done:')")
    assert first_visit.page.text_content("#name") == NAME
    first_visit.page.click("#open")
    first_visit.wait_for_drawing("")
    assert first_visit.page.text_content("h1") == NAME
    first_visit.open("/archive")
    assert first_visit.page.text_content("#jobs th") == NAME


def test_what_is_no_video_is_refused_in_words(first_visit: Visit, tmp_path: Path):
    playlist = tmp_path / "list.mp4"
    playlist.write_text("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n")
    first_visit.open("/")
    first_visit.page.set_input_files("#file", playlist)
    first_visit.page.wait_for_selector("#problem:has-text('list.mp4')")
    assert not list(tmp_path.glob("uploads/*/*.mp4"))


def test_a_reload_goes_on_watching(first_visit: Visit, long_clip: Path):
    upload(first_visit, long_clip)
    first_visit.page.wait_for_url("**/?job=*")
    first_visit.page.reload()
    first_visit.page.wait_for_selector("#step:has-text('done:')")


def test_a_job_is_paused_and_resumed(first_visit: Visit, long_clip: Path):
    upload(first_visit, long_clip)
    first_visit.page.wait_for_url("**/?job=*")
    first_visit.page.click("#pause")
    first_visit.page.wait_for_selector("#step:has-text('Paused')")
    first_visit.page.click("#pause:has-text('Resume')")
    first_visit.page.wait_for_selector("#step:has-text('done:')")


def test_a_server_killed_during_an_analysis_is_told_of(first_visit: Visit, server: Server, long_clip: Path):
    """Every frame is there at the end, once."""
    upload(first_visit, long_clip)
    first_visit.page.wait_for_selector("#step:has-text('Analysing')")
    server.kill()
    first_visit.page.wait_for_selector("#away:has-text('cannot be reached')")
    server.start(port=server.port)
    first_visit.page.wait_for_selector("#step:has-text('done:')", timeout=120_000)
    assert first_visit.page.is_hidden("#away")
    assert "1,300 frames" in first_visit.page.text_content("#step")


def test_a_server_killed_during_an_upload_is_told_of(first_visit: Visit, server: Server, demo_clip: Path):
    """It dies before the second of three pieces; the upload goes on there, and the file is whole."""
    page, sent = first_visit.page, []
    clip = demo_clip.read_bytes() + free_box(9_000_000)

    def kill_before_the_second_piece(route):
        if route.request.method == "PATCH":
            sent.append(int(route.request.headers["upload-offset"]))
            if len(sent) == 2:
                server.kill()
                route.abort()
                return
        route.continue_()

    page.route("**/v1/uploads/*", kill_before_the_second_piece)
    first_visit.open("/")
    page.set_input_files("#file", files=[{"name": "demo.mp4", "mimeType": "video/mp4", "buffer": clip}])
    page.wait_for_selector("#away:has-text('cannot be reached')")
    server.start(port=server.port)
    page.wait_for_selector("#step:has-text('done:')", timeout=120_000)
    assert sent.count(0) == 1, "what was there already is not sent again"
    assert [each["sha256"] for each in server.json("GET", "/v1/media")["media"]] == [sha256(clip).hexdigest()]


def free_box(num_bytes: int) -> bytes:
    """Return space that nobody uses, which may follow an MP4's content."""
    return num_bytes.to_bytes(4, "big") + b"free" + bytes(num_bytes - 8)
