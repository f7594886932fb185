import pytest

from core.errors import InputError
from core.time_widths import choose_bin_us, parse_bin


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [("1s", 1_000_000), ("0.1", 100_000), ("500ms", 500_000), ("2m", 120_000_000), ("1h", 3_600_000_000)],
)
def test_a_bin_is_read_in_its_unit(text, microseconds):
    assert parse_bin(text) == microseconds


@pytest.mark.parametrize(
    ("length_seconds", "bin_seconds"), [(0, 0.1), (2.3, 0.1), (2.4, 0.2), (20, 1), (60, 5), (3600, 300), (10**6, 1800)]
)
def test_a_bin_is_chosen_so_that_the_media_fits_a_screen(length_seconds, bin_seconds):
    assert choose_bin_us(int(length_seconds * 1e6)) == bin_seconds * 1e6


def test_the_whole_media_is_one_bin():
    assert parse_bin("whole") is None


@pytest.mark.parametrize("text", ["", "s", "fast", "1 fortnight", "nan", "inf", "-1s", "0", "0.1ms"])
def test_what_is_no_length_of_time_is_refused_with_its_value(text):
    with pytest.raises(InputError, match="--bin"):
        parse_bin(text)
