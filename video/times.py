"""Exact arithmetic from a stream's ticks to whole microseconds. Integers only: knows no file and no frame."""

from fractions import Fraction

MICROSECONDS_PER_SECOND = 1_000_000


def ticks_to_us(ticks: int, time_base: Fraction) -> int:
    """Return round(ticks * time_base * 1e6) without ever passing through a float."""
    return _round_half_even(ticks * time_base.numerator * MICROSECONDS_PER_SECOND, time_base.denominator)


def us_to_ticks(us: int, time_base: Fraction) -> int:
    """Return the last tick that is not after `us`, give or take the half microsecond that rounding took."""
    return (2 * us + 1) * time_base.denominator // (2 * MICROSECONDS_PER_SECOND * time_base.numerator)


def ordinal_to_us(ordinal: int, rate: Fraction) -> int:
    """Return the estimated time of a stream's n-th frame. Only for streams that carry no times of their own."""
    return _round_half_even(ordinal * rate.denominator * MICROSECONDS_PER_SECOND, rate.numerator)


def _round_half_even(numerator: int, denominator: int) -> int:
    # Fraction.__round__ gives the same, at five times the cost for millions of packets.
    quotient, remainder = divmod(numerator, denominator)
    if 2 * remainder > denominator or (2 * remainder == denominator and quotient % 2):
        return quotient + 1
    return quotient
