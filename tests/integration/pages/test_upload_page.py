"""Drop a video, watch the line grow, open its timeline. Reloads and a killed server lose nothing."""

from pathlib import Path

from tests.browsing import Visit, visiting
from tests.integration.api.servers import Server

NAME = "<img src=x onerror=alert(1)>.mp4"


def upload(visit: Visit, clip: Path, name: str = "demo.mp4") -> None:
    visit.open("/")
    files = {"name": name, "mimeType": "video/mp4", "buffer": clip.read_bytes()}
    visit.page.set_input_files("#file", files=[files])


def test_a_video_is_uploaded_and_its_line_is_there_at_the_end(server: Server, demo_clip: Path):
    with visiting(server) as visit:
        upload(visit, demo_clip)
        visit.page.wait_for_selector("#step:has-text('done:')")
        visit.page.wait_for_selector("#summary:has-text('appears happy')")
        assert int(visit.page.get_attribute("#chart", "data-bins")) > 50
        visit.page.click("#open")
        visit.wait_for_drawing("")
        assert visit.page.text_content("h1") == "demo.mp4"


def test_the_line_grows_while_the_video_is_analysed(server: Server, long_clip: Path):
    with visiting(server) as visit:
        upload(visit, long_clip)
        visit.page.wait_for_selector("#chart[data-bins]:not([data-bins='0'])")
        partly = int(visit.page.get_attribute("#chart", "data-bins"))
        assert "Analysing" in visit.page.text_content("#step"), "the first chunk is drawn before the last is done"
        visit.page.wait_for_selector("#step:has-text('done:')")
        visit.page.wait_for_selector(f"#chart:not([data-bins='{partly}'])")
        assert int(visit.page.get_attribute("#chart", "data-bins")) > partly


def test_a_name_full_of_markup_is_shown_as_a_name(server: Server, demo_clip: Path):
    with visiting(server) as visit:
        visit.page.on("dialog", lambda dialog: visit.errors.append(f"a script ran: {dialog.message}"))
        upload(visit, demo_clip, NAME)
        visit.page.wait_for_selector("#step:has-text('done:')")
        assert visit.page.text_content("#name") == NAME
        visit.page.click("#open")
        visit.wait_for_drawing("")
        assert visit.page.text_content("h1") == NAME
        visit.open("/archive")
        assert visit.page.text_content("#jobs th") == NAME


def test_what_is_no_video_is_refused_in_words(server: Server, tmp_path: Path):
    playlist = tmp_path / "list.mp4"
    playlist.write_text("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n")
    with visiting(server) as visit:
        visit.open("/")
        visit.page.set_input_files("#file", playlist)
        visit.page.wait_for_selector("#problem:has-text('list.mp4')")
        assert not list(tmp_path.glob("uploads/*/*.mp4"))


def test_a_reload_goes_on_watching(server: Server, long_clip: Path):
    with visiting(server) as visit:
        upload(visit, long_clip)
        visit.page.wait_for_url("**/?job=*")
        visit.page.reload()
        visit.page.wait_for_selector("#step:has-text('done:')")


def test_a_job_is_paused_and_resumed(server: Server, long_clip: Path):
    with visiting(server) as visit:
        upload(visit, long_clip)
        visit.page.wait_for_url("**/?job=*")
        visit.page.click("#pause")
        visit.page.wait_for_selector("#step:has-text('Paused')")
        visit.page.click("#pause:has-text('Resume')")
        visit.page.wait_for_selector("#step:has-text('done:')")


def test_a_server_killed_during_the_analysis_is_told_and_nothing_is_lost(server: Server, long_clip: Path):
    with visiting(server) as visit:
        upload(visit, long_clip)
        visit.page.wait_for_selector("#step:has-text('Analysing')")
        server.kill()
        visit.page.wait_for_selector("#away:has-text('cannot be reached')")
        server.start(port=server.port)
        visit.page.wait_for_selector("#step:has-text('done:')", timeout=120_000)
        assert visit.page.is_hidden("#away")
        assert "1,300 frames" in visit.page.text_content("#step")


def test_a_server_killed_during_the_upload_is_told_and_the_upload_goes_on(server: Server, demo_clip: Path):
    """The first piece of the file is held back while the server dies."""
    with visiting(server) as visit:
        page = visit.page

        def kill_once(route):
            page.unroute("**/v1/uploads/*")
            server.kill()
            route.abort()

        page.route(
            "**/v1/uploads/*", lambda route: kill_once(route) if route.request.method == "PATCH" else route.continue_()
        )
        upload(visit, demo_clip)
        page.wait_for_selector("#away:has-text('cannot be reached')")
        server.start(port=server.port)
        page.wait_for_selector("#step:has-text('done:')", timeout=120_000)
        media = server.json("GET", "/v1/media")["media"]
        assert [each["size_bytes"] for each in media] == [demo_clip.stat().st_size]
