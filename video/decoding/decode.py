"""Decodes one span of a media into sampled frames, the same wherever the media was cut, and keeps account of faults.

Knows spans, sampling and faults; how packets become pictures in order is moments.py's.
"""

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from core.frames import Frame, RgbImage
from core.media import ChunkSpan, MediaInfo
from video.decoding.pictures import RgbConverter
from video.decoding.sampling import TickClock
from video.fragments.fragment import open_fragment
from video.limits import MediaLimits
from video.moments import Moment, count_moments, order_moments
from video.opening import reason_of
from video.seeking import drop_before, start_span


class FaultCode(StrEnum):
    """What can be wrong with a span that is decoded all the same."""

    UNDECODABLE = "UNDECODABLE"  # frames whose bytes are damaged
    TRUNCATED = "TRUNCATED"  # the file ends before the frames that it promised


@dataclass(frozen=True, kw_only=True)
class DecodeFault:
    """Something that is missing from a span, and since when. Damaged frames in a row are one fault."""

    code: FaultCode
    pts_us: int  # presentation time at which it begins
    message: str  # one line


class SpanDecoder:
    """Iterates the sampled frames of a span in presentation order; `faults` is complete once it is exhausted.

    The source is the media's file, or the span's fragment (video/fragments): both give the same frames and faults.
    """

    def __init__(
        self,
        source: Path | bytes,
        info: MediaInfo,
        span: ChunkSpan,
        *,
        sample_rate_hz: float | None,
        limits: MediaLimits,
    ) -> None:
        self._source = source
        self._info = info
        self._span = span
        self._clock = TickClock(start_us=info.start_us, rate_hz=sample_rate_hz)
        self._limits = limits
        self._converter = RgbConverter()
        self._log = _FaultLog()

    @property
    def faults(self) -> tuple[DecodeFault, ...]:
        """What was missing, in order of time."""
        return self._log.faults

    def __iter__(self) -> Iterator[Frame]:
        self._log = _FaultLog()
        previous_us = self._span.previous_pts_us
        last_seen_us = None
        with closing(self._moments_from_start()) as moments:
            for ordinal, moment in enumerate(moments):
                last_seen_us = moment.pts_us
                if moment.pts_us >= self._span.end_us:
                    break
                is_sampled = self._clock.samples(moment.pts_us, previous_pts_us=previous_us)
                image = self._image_of(moment, convert=is_sampled)
                if is_sampled:
                    yield Frame(frame_index=self._span.first_frame_index + ordinal, pts_us=moment.pts_us, image=image)
                previous_us = moment.pts_us
        self._report_missing_end(last_seen_us)

    def _image_of(self, moment: Moment, *, convert: bool) -> RgbImage | None:
        image, reason = None, moment.reason or "no reason given"
        if moment.picture is not None and convert:
            try:
                image = self._converter.convert(moment.picture)
            except Exception as err:  # noqa: BLE001  a stream may claim colours that nothing can convert
                reason = f"the picture cannot be made RGB: {reason_of(err)}"
        if image is None and (convert or moment.picture is None):
            self._log.note_undecodable(moment.pts_us, reason)
        else:
            self._log.end_run()
        return image

    def _moments_from_start(self) -> Generator[Moment]:
        """Return the moments from the span's start on, the first of them whole if it can be."""
        if isinstance(self._source, Path):
            return start_span(self._source, self._info, self._span.start_us, limits=self._limits).moments
        video = open_fragment(self._source, limits=self._limits)
        moments = count_moments(video) if self._info.timestamps_estimated else order_moments(video)
        return drop_before(self._span.start_us, moments)

    def _report_missing_end(self, last_seen_us: int | None) -> None:
        """Note a file that ends too early: before its own last frame as probed, or before what its index promises."""
        self._log.end_run()
        promised_us = min(self._span.end_us, self._info.end_us)
        if last_seen_us is None or last_seen_us < promised_us:
            since_us = self._span.start_us if last_seen_us is None else last_seen_us + 1
            self._log.note_truncated(since_us, f"no frames from {since_us / 1e6:.3f} s on; the probe had found some")
        elif self._info.truncated_at_us is not None and self._span.end_us > self._info.end_us:
            since_us = self._info.truncated_at_us
            self._log.note_truncated(since_us, f"the file ends at {since_us / 1e6:.3f} s, before its promised end")


class _FaultLog:
    """Gathers faults; consecutive undecodable frames become one."""

    def __init__(self) -> None:
        self._faults: list[DecodeFault] = []
        self._run_start_us: int | None = None
        self._run_length = 0
        self._run_reason = ""

    @property
    def faults(self) -> tuple[DecodeFault, ...]:
        return tuple(self._faults)

    def note_undecodable(self, pts_us: int, reason: str) -> None:
        if self._run_start_us is None:
            self._run_start_us, self._run_length, self._run_reason = pts_us, 0, reason
        self._run_length += 1

    def end_run(self) -> None:
        if self._run_start_us is None:
            return
        noun = "frame" if self._run_length == 1 else "frames"
        message = f"{self._run_length} {noun} from {self._run_start_us / 1e6:.3f} s: {self._run_reason}"
        self._faults.append(DecodeFault(code=FaultCode.UNDECODABLE, pts_us=self._run_start_us, message=message))
        self._run_start_us = None

    def note_truncated(self, pts_us: int, message: str) -> None:
        self._faults.append(DecodeFault(code=FaultCode.TRUNCATED, pts_us=pts_us, message=message))
