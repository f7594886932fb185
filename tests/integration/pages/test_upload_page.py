"""Drop a video, watch the line grow, open its timeline. Reloads and a killed server lose nothing."""

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
    """The first piece of the file is held back while the server dies; it goes on where it was."""
    page = first_visit.page

    def kill_once(route):
        page.unroute("**/v1/uploads/*")
        server.kill()
        route.abort()

    page.route(
        "**/v1/uploads/*", lambda route: kill_once(route) if route.request.method == "PATCH" else route.continue_()
    )
    upload(first_visit, demo_clip)
    page.wait_for_selector("#away:has-text('cannot be reached')")
    server.start(port=server.port)
    page.wait_for_selector("#step:has-text('done:')", timeout=120_000)
    media = server.json("GET", "/v1/media")["media"]
    assert [each["size_bytes"] for each in media] == [demo_clip.stat().st_size]
