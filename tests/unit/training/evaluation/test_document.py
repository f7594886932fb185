import json

from core.documents import NOTICE
from tests.evaluations import NUM_ROWS, make_measured
from training.evaluation.document import evaluation_document


def document_of(measured, corrupted=None):
    """As it is read by whoever parses it: strict JSON, so a figure that was not measured must not be NaN."""
    document = evaluation_document(measured.model, measured.rows, measured.evaluation, corrupted)
    return json.loads(json.dumps(document, allow_nan=False))


def test_both_heads_are_told_with_and_without_twins():
    document = document_of(make_measured())
    assert (document["model"], document["split"], document["view"]) == ("guesser", "PrivateTest", "single")
    assert document["members"] == ["guesser-1"]
    assert document["notice"] == NOTICE
    assert document["fer2013"]["n"] == NUM_ROWS
    assert document["fer2013"]["without_twins"]["n"] == NUM_ROWS - 7
    for head in ("fer2013", "ferplus"):
        twinless = document[head]["without_twins"]
        assert document[head].keys() - twinless.keys() == {"without_twins"}
        assert {"n", "accuracy", "half_width_95", "macro_recall", "ece", "nll", "brier", "recall"} <= twinless.keys()
    assert {"vote_ece", "vote_kl", "vote_js", "abstention_rate", "unreadable_error"} <= document["ferplus"].keys()
    assert "corruptions" not in document


def test_figures_are_fractions_of_one_with_four_decimals():
    measured = make_measured()
    document = document_of(measured)
    accuracy = measured.evaluation.all_rows.fer2013.accuracy
    assert document["fer2013"]["accuracy"] == round(accuracy.value, 4)
    assert document["fer2013"]["interval_95"] == [round(bound, 4) for bound in accuracy.interval]
    assert document["fer2013"]["risk_coverage"][-1] == {"coverage": 1.0, "risk": round(1 - accuracy.value, 4)}


def test_a_model_without_the_head_has_null_for_ferplus():
    document = document_of(make_measured(with_ferplus=False))
    assert document["ferplus"] is None
    assert document["fer2013"]["n"] == 33  # happy, sad, surprise and neutral among the 60


def test_without_training_pictures_twinless_figures_are_null():
    document = document_of(make_measured(with_training=False))
    assert document["fer2013"]["without_twins"] is None
    assert document["ferplus"]["without_twins"] is None


def test_corruptions_come_each_and_as_their_mean():
    measured = make_measured()
    document = document_of(measured, measured.corrupted)
    assert document["corruptions"]["each"].keys() == {"fog", "rain"}
    assert document["corruptions"]["mean"]["fer2013_accuracy"] == document["fer2013"]["accuracy"]
    assert document["corruptions"]["mean"]["ferplus_vote_ece"] == document["ferplus"]["vote_ece"]


def test_the_mean_over_corruptions_of_a_head_that_is_not_there_is_null():
    measured = make_measured(with_ferplus=False)
    assert document_of(measured, measured.corrupted)["corruptions"]["mean"]["ferplus_accuracy"] is None
