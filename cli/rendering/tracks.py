"""Person tracks and decisions about them, as tables and JSON. Knows values and text only."""

from collections.abc import Mapping, Sequence

from rich.table import Table

from core.emotions import top_emotion
from core.people.subjects import Subject
from core.tracks.document import TrackFigures
from core.tracks.likeness import Proposal
from core.tracks.state import Decision, DecisionKind, PersonTrack, standing


def appears(figures: TrackFigures) -> str:
    """Name the emotion that a track's face appears to show most."""
    return "unreadable" if not figures.num_readings else top_emotion(figures.sum_probs)


def whose(track: PersonTrack, subjects: Mapping[str, Subject]) -> str:
    """Return the pseudonym of a track's subject; empty: nobody's."""
    return "" if track.subject_key is None else subjects[track.subject_key].id


def tracks_table(
    tracks: Sequence[PersonTrack], figures: Mapping[int, TrackFigures], subjects: Mapping[str, Subject]
) -> Table:
    """A line a track."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("track", "from", "to", "faces", "px"):
        table.add_column(name, justify="right")
    for name in ("appears", "subject"):
        table.add_column(name)
    for track in tracks:
        mine = figures[track.number]
        table.add_row(
            str(track.number),
            f"{track.first_us / 1e6:.2f} s",
            f"{track.last_us / 1e6:.2f} s",
            str(mine.num_faces),
            f"{mine.mean_face_px:.0f}",
            appears(mine),
            whose(track, subjects),
        )
    return table


def in_words(decision: Decision, subjects: Mapping[str, Subject]) -> str:
    """Say what was decided."""
    tracks = ", ".join(map(str, decision.tracks))
    if decision.kind is DecisionKind.ASSIGN:
        said = "nobody" if decision.subject_key is None else subjects[decision.subject_key].id
        return f"assign {tracks} to {said}"
    if decision.kind is DecisionKind.SPLIT_AT:
        return f"split {tracks} at {(decision.at_us or 0) / 1e6:g} s; what comes after is {decision.new_track}"
    if decision.kind is DecisionKind.UNDO:
        return f"undo {decision.undoes}"
    return f"{decision.kind} {tracks}"


def history_table(decisions: Sequence[Decision], subjects: Mapping[str, Subject]) -> Table:
    """A line a decision."""
    stand = {each.number for each in standing(decisions)}
    table = Table("number", "when", "who", "what", "", box=None, pad_edge=False, header_style="bold")
    for each in decisions:
        is_void = each.kind is not DecisionKind.UNDO and each.number not in stand
        when = f"{each.made_at:%Y-%m-%d %H:%M} UTC"
        table.add_row(str(each.number), when, each.actor, in_words(each, subjects), "undone" if is_void else "")
    return table


def proposals_table(proposals: Sequence[Proposal]) -> Table:
    """A line a track: whom it looks like."""
    table = Table("track", "looks like", "likeness", "next", box=None, pad_edge=False, header_style="bold")
    for each in proposals:
        alike = ("" if value is None else f"{value:.2f}" for value in (each.likeness, each.next_likeness))
        table.add_row(str(each.track), each.subject_id or "unknown", *alike)
    return table
