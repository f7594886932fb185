import pytest

from core.wording import counted


@pytest.mark.parametrize(("number", "said"), [(0, "0 frames"), (1, "1 frame"), (1200, "1,200 frames")])
def test_one_is_one_and_all_else_is_many(number: int, said: str):
    assert counted(number, "frame") == said
