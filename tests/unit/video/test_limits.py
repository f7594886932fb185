"""Limits are positive numbers."""

import pytest

from video.limits import MediaLimits


def test_a_limit_of_zero_is_refused_with_its_name() -> None:
    with pytest.raises(ValueError, match="max_pixels must be above 0, got 0"):
        MediaLimits(max_pixels=0)


def test_a_probe_need_not_stand_back_but_cannot_push_forward() -> None:
    assert MediaLimits().probe_niceness == 0
    with pytest.raises(ValueError, match="probe_niceness"):
        MediaLimits(probe_niceness=-1)
