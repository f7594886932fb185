"""Counts as people write them."""


def counted(number: int, noun: str) -> str:
    """Write "1 frame", "0 frames", "1,200 frames". The noun is given as for one and takes an s."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
