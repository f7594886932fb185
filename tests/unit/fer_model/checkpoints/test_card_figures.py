from fer_model.checkpoints.card_figures import (
    accuracy_table,
    calibration_table,
    further_list,
    recall_table,
    recipe_list,
    spread_table,
)

FER2013 = {
    "n": 3589,
    "accuracy": 0.7038,
    "half_width_95": 0.0149,
    "macro_recall": 0.6594,
    "recall": {"angry": 0.6578, "disgust": 0.4909},
    "ece": 0.0342,
}
FERPLUS = {"n": 3153, "accuracy": 0.8652, "half_width_95": 0.0119, "vote_ece": 0.0461, "abstention_rate": 0.061}
FIGURES = {
    "num_parameters": 406657,
    "view": "single",
    "PublicTest without twins": {"fer2013": FER2013 | {"n": 3309}},
    "PrivateTest": {"fer2013": FER2013, "ferplus": FERPLUS},
}


def cells(table, start):
    """The cells of the row that starts with a text."""
    (line,) = [line for line in table.splitlines() if line.startswith(f"| {start}")]
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


def test_an_accuracy_stands_with_its_interval_and_n_privatetest_first():
    table = accuracy_table(FIGURES)
    assert table.splitlines()[0] == "|  | PrivateTest | PublicTest without twins |"
    assert cells(table, "FER2013's labels, 7 classes: accuracy") == [
        "70.4 % ± 1.5 (n = 3,589)",
        "70.4 % ± 1.5 (n = 3,309)",
    ]


def test_a_figure_that_was_not_measured_leaves_its_cell_empty():
    assert cells(accuracy_table(FIGURES), "FER+ majority, 8 classes: accuracy") == ["86.5 % ± 1.2 (n = 3,153)", ""]


def test_a_row_without_any_figure_is_left_out():
    assert "FER+ majority, 8 classes: recall" not in accuracy_table(FIGURES)


def test_a_table_without_any_figure_is_empty():
    assert accuracy_table({}) == calibration_table({}) == recall_table({}, "fer2013") == further_list({}) == ""


def test_recalls_stand_in_the_order_of_the_card():
    rows = recall_table(FIGURES, "fer2013").splitlines()[2:]
    assert rows == ["| angry | 65.8 % | 65.8 % |", "| disgust | 49.1 % | 49.1 % |"]


def test_calibration_is_shown_for_both_heads():
    table = calibration_table(FIGURES)
    assert cells(table, "gap between the two") == ["0.046", ""]
    assert cells(table, "readings that abstain") == ["6.1 %", ""]
    assert cells(table, "FER2013 head: expected calibration error") == ["0.034", "0.034"]


def test_a_figure_that_no_table_knows_is_listed_under_its_own_name():
    new = {
        "latency": {"cpu_ms": 4.1},
        "ten_crop": 0.71,
        "PrivateTest": {"fer2013": FER2013 | {"seeds": {"n": 3, "mean": 0.701}}, "ferplus": FERPLUS, "robust": 0.5},
    }
    assert further_list(FIGURES | new).splitlines() == [
        "* latency, cpu_ms: 4.1",
        "* ten_crop: 0.71",
        "* PrivateTest, fer2013, seeds, n: 3",
        "* PrivateTest, fer2013, seeds, mean: 0.701",
        "* PrivateTest, robust: 0.5",
    ]


def test_what_the_tables_show_is_not_listed_again():
    assert further_list(FIGURES) == ""


def test_a_recipe_is_told_in_a_line_a_part():
    recipe = {
        "name": "small",
        "distillation": None,
        "shape": {"widths": [16, 32], "dropout": 0.2},
        "phases": [{"num_epochs": 60, "augmentation": {"noise_p": 0.15}}, {"num_epochs": 15}],
    }
    assert recipe_list(recipe).splitlines() == [
        "* name small",
        "* shape: widths [16, 32], dropout 0.2",
        "* phases, 1 of 2: num_epochs 60",
        "* phases, 2 of 2: num_epochs 15",
    ]


def test_views_and_seeds_stand_beside_each_other():
    spread = {
        "n": 3,
        "PrivateTest": {"fer2013": {"mean": 0.71, "sd": 0.004, "each": [0.706, 0.71, 0.714]}, "ferplus": None},
    }
    table = spread_table(FIGURES | {"flip": {"PrivateTest": {"fer2013_accuracy": 0.7123}}, "seeds": spread})
    labels = "FER2013's labels, 7 classes"
    assert cells(table, f"{labels}: mean of picture") == ["71.2 %", ""]
    assert cells(table, f"{labels}: 3 seeds, mean ± sd, single view") == ["71.0 % ± 0.4", ""]
    assert "FER+ majority" not in table


def test_a_model_of_one_seed_and_one_view_has_no_such_table():
    assert spread_table(FIGURES) == ""
