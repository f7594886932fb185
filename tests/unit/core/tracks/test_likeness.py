"""A track is somebody's only where the likeness is great and nobody else comes near; else it is unknown."""

import numpy as np
import pytest

from core.tracks.likeness import Clarity, Embedding, mean_embedding, propose


def towards(*values: float) -> Embedding:
    vector = np.array(values, np.float32)
    return vector / np.linalg.norm(vector)


def proposed(track: Embedding, **subjects: list[Embedding]) -> str | None:
    [proposal] = propose({5: track}, subjects, Clarity())
    assert proposal.track == 5
    return proposal.subject_id


def test_the_most_alike_is_proposed():
    assert proposed(towards(1, 0.1, 0), anna=[towards(1, 0, 0)], ben=[towards(0, 1, 0)]) == "anna"


def test_nobody_is_proposed_who_is_not_alike_enough():
    assert proposed(towards(0.5, 0.2, 1), anna=[towards(1, 0, 0)], ben=[towards(0, 1, 0)]) is None


def test_nobody_is_proposed_where_two_are_alike():
    assert proposed(towards(1, 0.9, 0), anna=[towards(1, 0, 0)], ben=[towards(0, 1, 0)]) is None


def test_one_of_a_subjects_tracks_is_enough():
    assert proposed(towards(0, 1, 0), anna=[towards(1, 0, 0), towards(0, 1, 0.1)], ben=[towards(0, 0, 1)]) == "anna"


def test_without_anybody_enrolled_all_are_unknown():
    [proposal] = propose({1: towards(1, 0)}, {}, Clarity())
    assert (proposal.subject_id, proposal.likeness) == (None, None)


def test_a_mean_embedding_has_length_one():
    assert np.linalg.norm(mean_embedding([towards(1, 0), towards(0, 1)])) == pytest.approx(1)
    assert not mean_embedding([towards(1, 0), towards(-1, 0)]).any()
