"""Cuts from a file the coded packets that a span needs, and makes a decoder's input of them again. Re-encodes nothing.

For workers that cannot open the file. A fragment begins where decoding by reference would begin for this span (the key
frame, with the lead that seeking.py finds necessary) and ends when no decoder can still hold back a picture of the
span; the packets keep their own times, flags and time base, which no container would all keep. So both ways feed the
decoder the same packets and give the same frames and faults. A media whose times are estimated is decoded from its
first packet whatever the span is, and therefore goes as a whole. Sound does not travel.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal, cast

from av.codec.context import CodecContext
from av.packet import Packet, PacketSideData, packet_sidedata_type_from_literal
from av.sidedata.sidedata import SideData
from av.video.codeccontext import VideoCodecContext

from core.errors import InputError
from core.media import ChunkSpan, MediaInfo
from video.fragments.fragment_format import FragmentHeader, FragmentPacket, read_fragment, write_fragment
from video.limits import CODECS, MediaLimits
from video.moments import CodedVideo, Moment, order_moments
from video.opening import reason_of
from video.packets import DISCARD_MARK, VideoPacket, is_discarded, is_shown, pts_us_of
from video.seeking import enter_file, start_span

#: H.264 and HEVC hold back 16 pictures at most: after so many more, the first picture beyond the span has come out.
_NUM_PACKETS_BEYOND = 20

#: Formats whose decoder does not have their name.
_DECODER_NAMES = {"av1": "libdav1d"}


def cut_fragment(path: Path, info: MediaInfo, span: ChunkSpan, *, limits: MediaLimits) -> bytes:
    """Return the packets that decoding the span takes. Raise InputError if they are more than a fragment may hold."""
    start = start_span(path, info, span.start_us, limits=limits)
    matrix = _display_matrix_of(start.moments)
    with enter_file(path, seek_us=start.seek_us, limits=limits) as video:
        packets = iter(video.packets)
        if not info.timestamps_estimated:
            packets = _until_covered(packets, span.end_us, codec_name=video.codec_name)
        try:
            header = describe_decoder(video)
            taken = _take(packets, video.name, num_header_bytes=header.max_bytes, limits=limits)
        except ValueError as err:
            raise InputError(
                f"{video.name} fits into no fragment ({err}); let the workers open the file itself"
            ) from err
    fragment = write_fragment(header, taken)
    # The container's matrix is known by what the pictures lose without it; a matrix in the stream itself stays in it.
    if matrix and not _display_matrix_of(order_moments(open_fragment(fragment, limits=limits))):
        return write_fragment(replace(header, display_matrix=matrix), taken)
    return fragment


def open_fragment(content: bytes, *, limits: MediaLimits) -> CodedVideo:
    """Return what a decoder is fed from a fragment. Raise InputError, at once or on the way, if it is damaged."""
    if len(content) > limits.max_fragment_bytes:
        raise InputError(f"a fragment of {len(content):,} bytes; at most {limits.max_fragment_bytes:,} are allowed")
    header, packets = read_fragment(content, max_packets=limits.max_frames)
    return CodedVideo(
        name="a fragment of video",
        decoder=_decoder_for(header, limits),
        codec_name=header.codec_name,
        time_base=header.time_base,
        rate=header.rate,
        packets=(_av_packet_of(packet, header) for packet in packets),
    )


def describe_decoder(video: CodedVideo) -> FragmentHeader:
    """Note how the container has set up a decoder that is not yet opened. The display matrix is not in it."""
    decoder = video.decoder
    return FragmentHeader(
        codec_name=video.codec_name,
        codec_tag=_tag_of(decoder),
        width_px=decoder.width,
        height_px=decoder.height,
        reorder_depth=decoder.reorder_depth,
        color_range=decoder.color_range,
        colorspace=decoder.colorspace,
        bits_per_coded_sample=decoder.bits_per_coded_sample,
        time_base=video.time_base,
        rate=video.rate,
        display_matrix=b"",
        extradata=decoder.extradata or b"",
    )


def describe_packet(packet: VideoPacket) -> FragmentPacket:
    """Note what decoding a packet depends on. Its data is not copied."""
    return FragmentPacket(
        data=memoryview(packet),
        pts=packet.pts,
        dts=packet.dts,
        duration=packet.duration,
        is_keyframe=packet.is_keyframe,
        is_corrupt=packet.is_corrupt,
        is_discarded=is_discarded(packet),
        new_extradata=bytes(packet.get_sidedata("new_extradata")),
    )


def _take(
    packets: Iterator[VideoPacket], name: str, *, num_header_bytes: int, limits: MediaLimits
) -> list[FragmentPacket]:
    taken: list[FragmentPacket] = []
    num_bytes = num_header_bytes
    for packet in map(describe_packet, packets):
        taken.append(packet)
        num_bytes += packet.num_bytes
        if num_bytes > limits.max_fragment_bytes:
            raise InputError(
                f"{name} needs a fragment of more than {limits.max_fragment_bytes // 1024**2} MB for one chunk; "
                f"let the workers open the file itself, or make it smaller: ffmpeg -i IN -c:v libx264 OUT.mp4"
            )
    return taken


def _until_covered(packets: Iterator[VideoPacket], end_us: int, *, codec_name: str) -> Iterator[VideoPacket]:
    num_beyond = 0  # packets in a row whose pictures are beyond the span
    for packet in packets:
        yield packet
        pts_us = pts_us_of(packet)
        if pts_us is not None and is_shown(packet, codec_name=codec_name):
            num_beyond = num_beyond + 1 if pts_us >= end_us else 0
        if num_beyond > _NUM_PACKETS_BEYOND:
            return


def _display_matrix_of(moments: Iterator[Moment]) -> bytes:
    """Return the display matrix of the first picture that decodes; empty: it has none, or there is no picture."""
    picture = next((moment.picture for moment in moments if moment.picture is not None), None)
    matrix = None if picture is None else picture.side_data.get("DISPLAYMATRIX")
    return b"" if matrix is None else bytes(cast(SideData, matrix))


def _tag_of(decoder: VideoCodecContext) -> bytes:
    try:
        return decoder.codec_tag.encode("ascii")
    except UnicodeDecodeError:  # a tag of bytes that are no letters names no encoder whose faults were known
        return bytes(4)


def _decoder_for(header: FragmentHeader, limits: MediaLimits) -> VideoCodecContext:
    if header.codec_name not in CODECS:
        raise InputError(f"a fragment in a codec that is not read here ({header.codec_name!r}); cut it again")
    if not 0 < header.width_px * header.height_px <= limits.max_pixels:
        raise InputError(
            f"a fragment with pictures of {header.width_px}x{header.height_px}; "
            f"at most {limits.max_pixels:,} pixels are allowed: make the video smaller"
        )
    name = _DECODER_NAMES.get(header.codec_name, header.codec_name)
    try:
        decoder = cast(VideoCodecContext, CodecContext.create(name, "r"))
        decoder.width, decoder.height = header.width_px, header.height_px
        decoder.reorder_depth = header.reorder_depth
        decoder.color_range, decoder.colorspace = header.color_range, header.colorspace
        decoder.bits_per_coded_sample = header.bits_per_coded_sample
        decoder.codec_tag = header.codec_tag.decode("ascii")
    except Exception as err:
        raise InputError(f"a fragment of video cannot be decoded ({reason_of(err)}); cut it again") from err
    if header.extradata:
        decoder.extradata = header.extradata
    # As opening.py sets up a file's decoder; and the discard mark reaches the pictures.
    decoder.thread_count = 1
    decoder.options = {"max_pixels": str(limits.max_pixels)}
    decoder.copy_opaque = True
    return decoder


def _av_packet_of(fields: FragmentPacket, header: FragmentHeader) -> VideoPacket:
    packet = cast(VideoPacket, Packet(len(fields.data)))  # by FFmpeg's allocator: decoders read beyond the data
    packet.update(bytes(fields.data))
    packet.pts, packet.dts, packet.duration = fields.pts, fields.dts, fields.duration
    packet.time_base = header.time_base
    packet.is_keyframe, packet.is_corrupt = fields.is_keyframe, fields.is_corrupt
    if fields.is_discarded:
        packet.opaque = DISCARD_MARK
    if fields.new_extradata:
        _attach(packet, "new_extradata", fields.new_extradata)
    if header.display_matrix:
        _attach(packet, "display_matrix", header.display_matrix)
    return packet


def _attach(packet: VideoPacket, kind: Literal["new_extradata", "display_matrix"], content: bytes) -> None:
    side_data = PacketSideData(packet_sidedata_type_from_literal(kind), len(content))  # type: ignore[call-arg]
    side_data.update(content)
    packet.set_sidedata(side_data, move=True)
