"""What the fast detector finds of what the exact one finds, and whether the same is said of it, frame by frame.

python -m benchmarks.agreement CLIP... [--min-face PX] [--json]     every frame of each clip
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from statistics import mean, median

from benchmarks.contender_moodline import MODEL, first_frames
from core.comparison import DiffTally, intersection_over_union, match_faces
from core.media import AnalysisParameters, DetectorKind
from core.observations import FaceObservation, FrameObservation
from fer_model.checkpoints.card import find_card
from video.limits import MediaLimits
from worker.analysis.analysing import RequestHandler
from worker.analysis.messages import AnalyserSpec, ChunkRequest

#: A face that the exact detector sees in fewer consecutive frames comes and goes between two key frames.
BRIEF_FRAMES = 12


@dataclass(frozen=True, kw_only=True)
class Lost:
    """Faces that the exact detector found and the fast one did not."""

    num: int
    num_brief: int  # of these, seen by the exact detector in fewer than BRIEF_FRAMES consecutive frames
    num_unsure: int  # of the others, those with a score below .9
    median_face_px: float | None
    median_face_px_of_all: float | None


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """The fast detector against the exact one, on one clip."""

    clip: str
    num_frames: int
    num_faces: int  # that the exact detector found
    recall: float | None  # share of them that the fast one found (boxes overlap by .5 or more); None: there was none
    mean_iou: float | None  # of faces that both found
    num_extra_per_1000_frames: float
    label_agreement: float | None  # of faces that both named
    mean_abs_prob_difference: float | None
    flips_per_minute: dict[str, float | None]  # of the largest face's label, by detector
    lost: Lost


def compare(clip: Path, *, min_face_px: int, num_frames: int = 1_000_000) -> Agreement:
    """Analyse the first frames of a clip with both."""
    info, span = first_frames(clip, num_frames)
    handler = RequestHandler(AnalyserSpec(card_path=find_card(MODEL)), MediaLimits())
    exact, fast = (
        handler.answer(
            ChunkRequest(
                source=clip,
                info=info,
                span=span,
                parameters=AnalysisParameters(min_face_px=min_face_px, detector=kind),
            ),
            on_progress=lambda _: None,
        ).frames
        for kind in (DetectorKind.EXACT, DetectorKind.FAST)
    )
    tally = DiffTally(media_id=clip.name)
    overlaps = []
    lost: list[tuple[int, FaceObservation]] = []
    for index, (before, after) in enumerate(zip(exact, fast, strict=True)):
        tally.add_frame(before, after)
        pairs = match_faces(before.faces, after.faces)
        overlaps += [intersection_over_union(pair.before.face.box, pair.after.face.box) for pair in pairs]
        found = {pair.before.face_index for pair in pairs}
        lost += [(index, face) for face in before.faces if face.face_index not in found]
    diff = tally.result()
    num_faces = diff.num_faces_matched + diff.num_faces_only_before
    changed = diff.share_of_labels_changed
    return Agreement(
        clip=clip.name,
        num_frames=len(exact),
        num_faces=num_faces,
        recall=diff.num_faces_matched / num_faces if num_faces else None,
        mean_iou=mean(overlaps) if overlaps else None,
        num_extra_per_1000_frames=diff.num_faces_only_after * 1000 / len(exact),
        label_agreement=None if changed is None else 1 - changed,
        mean_abs_prob_difference=diff.mean_abs_prob_difference,
        flips_per_minute={"exact": flips_per_minute(exact), "fast": flips_per_minute(fast)},
        lost=_explain(lost, exact),
    )


def flips_per_minute(frames: Sequence[FrameObservation]) -> float | None:
    """How often the largest face's label changes from one frame to the next, where both name one; None: nowhere."""
    num_flips, seconds = 0, 0.0
    for earlier, later in pairwise(frames):
        one, two = (frame.faces[0].reading if frame.faces else None for frame in (earlier, later))
        if one is not None and two is not None and not one.abstained and not two.abstained:
            num_flips += one.top != two.top
            seconds += later.pts_seconds - earlier.pts_seconds
    return num_flips * 60 / seconds if seconds else None


def _explain(lost: Sequence[tuple[int, FaceObservation]], exact: Sequence[FrameObservation]) -> Lost:
    brief = [_num_frames_about(index, face, exact) < BRIEF_FRAMES for index, face in lost]
    heights = [face.face_px for frame in exact for face in frame.faces]
    return Lost(
        num=len(lost),
        num_brief=sum(brief),
        num_unsure=sum(not is_brief and face.face.score < 0.9 for is_brief, (_, face) in zip(brief, lost, strict=True)),
        median_face_px=median(face.face_px for _, face in lost) if lost else None,
        median_face_px_of_all=median(heights) if heights else None,
    )


def _num_frames_about(index: int, face: FaceObservation, frames: Sequence[FrameObservation]) -> int:
    """How many consecutive frames show a face, its own included: followed by overlap in both directions."""
    num = 1
    for others in (frames[index + 1 :], frames[:index][::-1]):
        here = face
        for frame in others:
            near = next(iter(match_faces([here], frame.faces)), None)
            if near is None:
                break
            here, num = near.after, num + 1
    return num


def rows_of(found: Sequence[Agreement]) -> Iterator[str]:
    """Write a Markdown table."""
    columns = ("frames", "faces", "recall", "IoU", "extra / 1,000 frames", "same label", "mean difference", "flips/min")
    yield f"| clip | {' | '.join(columns)} |"
    yield f"|---|{'---|' * len(columns)}"
    for one in found:
        flips = ", ".join(f"{name} {_number(value, '.0f')}" for name, value in one.flips_per_minute.items())
        yield (
            f"| {one.clip} | {one.num_frames} | {one.num_faces} | {_number(one.recall, '.3f')} | "
            f"{_number(one.mean_iou, '.3f')} | {one.num_extra_per_1000_frames:.1f} | "
            f"{_number(one.label_agreement, '.3f')} | {_number(one.mean_abs_prob_difference, '.4f')} | {flips} |"
        )
    for one in found:
        if one.lost.num:
            yield (
                f"\n{one.clip}: {one.lost.num} faces lost, of which {one.lost.num_brief} were seen in fewer than "
                f"{BRIEF_FRAMES} consecutive frames and {one.lost.num_unsure} more had a score below .9; median height "
                f"{one.lost.median_face_px:.0f} px, of all faces {one.lost.median_face_px_of_all:.0f} px"
            )


def _number(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


def main() -> None:
    """Compare the clips that are named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--min-face", type=int, default=40)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = [compare(clip, min_face_px=asked.min_face) for clip in asked.clips]
    print(json.dumps([asdict(one) for one in found]) if asked.json else "\n".join(rows_of(found)))


if __name__ == "__main__":
    main()
