"""A container is opened by a short list of formats and codecs, and nothing in it can name another file."""

from pathlib import Path

import pytest

from core.errors import InputError
from tests.clips import Recipe, write_clip
from video import opening
from video.limits import MediaLimits
from video.opening import open_video


def test_the_decoder_runs_in_one_thread_within_the_pixel_limit(tmp_path: Path) -> None:
    with open_video(write_clip(tmp_path / "clip.mp4"), limits=MediaLimits(max_pixels=5000)) as video:
        assert video.stream.codec_context.thread_count == 1
        assert video.stream.codec_context.options == {"max_pixels": "5000"}


def test_av1_is_named_after_its_format_and_not_its_decoder(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", Recipe(encoder="libsvtav1", options={"preset": "12"}))
    with open_video(clip, limits=MediaLimits()) as video:
        assert video.codec_name == "av1"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:1,\nfile://{target}\n#EXT-X-ENDLIST\n"),
        ("list.mp4", "ffconcat version 1.0\nfile {target}\n"),
        ("list.ts", "ffconcat version 1.0\nfile {target}\n"),
    ],
)
def test_ffmpeg_itself_refuses_a_playlist_that_slipped_past_the_first_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    target = write_clip(tmp_path / "secret.ts")
    (tmp_path / name).write_text(text.format(target=target))
    monkeypatch.setattr(opening, "refuse_unless_video_like", lambda _: None)
    with pytest.raises(InputError, match="is a text file"), open_video(tmp_path / name, limits=MediaLimits()):
        pass


def test_an_error_of_the_caller_passes_through_unchanged(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4")
    with pytest.raises(ZeroDivisionError), open_video(clip, limits=MediaLimits()):
        _ = 1 / 0
