import numpy as np

from training.evaluation.error_gallery import confident_errors


def test_errors_come_the_most_confident_first_and_rows_without_a_label_not_at_all():
    probs = np.array([[0.6, 0.4], [0.9, 0.1], [0.2, 0.8], [0.99, 0.01]])
    errors = confident_errors(probs, np.array([1, 1, 1, -1]), ("a", "b"))
    assert [(error.index, error.answered, error.right) for error in errors] == [(1, "a", "b"), (0, "a", "b")]
    assert (errors[0].confidence, errors[0].right_prob) == (0.9, 0.1)
