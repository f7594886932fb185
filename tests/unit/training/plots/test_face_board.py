from matplotlib.figure import Figure

from tests.face_data import make_picture
from training.plots.face_board import FaceBoard


def make_board():
    return FaceBoard(num_rows=2, num_columns=3, row_gap_px=10, column_gap_px=2)


def drawn(board):
    """The grey levels that an axis shows."""
    axes = Figure().subplots()
    board.draw(axes)
    return axes.images[0].get_array()


def test_a_face_stands_in_its_row_and_column_on_white():
    board = make_board()
    board.put(make_picture(), row=1, column=2)
    shown = drawn(board)
    assert shown.shape == (2 * 58, 3 * 50)
    assert (shown[58:106, 100:148] == make_picture()).all()
    assert (shown[:58] == 255).all()


def test_places_for_words_are_under_a_face_and_beside_a_row():
    assert make_board().below(row=1, column=2) == (100 + 24, 58 + 48)
    assert make_board().middle(row=1) == 58 + 24
