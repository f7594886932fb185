from tests.evaluations import NUM_ROWS, make_measured
from training.evaluation.tables import across_label_sets, classes_table, corruptions_table, heads_table, votes_table


def test_n_stands_in_every_row():
    table = heads_table([make_measured().evaluation])
    assert len(table.rows) == 6  # three readings, with and without twins
    assert [row[3] for row in table.rows[:2]] == [str(NUM_ROWS), str(NUM_ROWS - 7)]
    assert all(len(row) == len(table.header) for row in table.rows)


def test_a_head_that_is_not_there_has_no_row():
    measured = make_measured(with_ferplus=False, with_training=False)
    assert len(heads_table([measured.evaluation]).rows) == 1
    assert votes_table([measured.evaluation]).rows == ()
    assert across_label_sets(measured.evaluation.all_rows) == ""


def test_a_class_that_was_never_named_has_no_precision():
    ferplus = make_measured().evaluation.all_rows.ferplus
    assert all(found.recall.n == 0 for found in ferplus.majority.classes[1:])  # the crowd says neutral, always
    rows = classes_table("class", ferplus.majority).rows
    assert rows[1][2:4] == ("none", "")


def test_the_gate_between_the_label_sets_is_said():
    figures = make_measured().evaluation.all_rows
    share = figures.ferplus.cross.taggers_on_labels
    assert f"{share.value:.1%} of {share.n}" in across_label_sets(figures)


def test_damaged_pictures_stand_below_undamaged_ones_above_their_mean():
    measured = make_measured(with_ferplus=False)
    table = corruptions_table(measured.evaluation.all_rows, measured.corrupted)
    assert [row[0] for row in table.rows] == ["none", "fog", "rain"]
    assert table.total[1] == table.rows[0][1]
    assert table.total[3:] == ("", "")
