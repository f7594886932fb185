"""Each graph answers what its network answers in torch, at any size and number of pictures."""

import numpy as np
import pytest
import torch

from fer_model.cascade import graph_cascade, torch_cascade
from fer_model.cascade.mtcnn_graphs import ANSWERS, IMAGE, pnet_graph
from fer_model.cascade.mtcnn_weights import find_weights_folder, load_weights

TOLERANCE = 1e-5  # measured: 4e-6


@pytest.fixture(scope="module")
def graphs() -> graph_cascade.GraphCascadeNetworks:
    return graph_cascade.load_networks()


@pytest.fixture(scope="module")
def networks() -> torch_cascade.TorchCascadeNetworks:
    torch.set_num_threads(1)
    return torch_cascade.load_networks()


def make_pictures(num: int, height: int, width: int) -> np.ndarray:
    return np.random.default_rng(num).uniform(-1, 1, (num, 3, height, width)).astype(np.float32)


def probability(log_odds: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-log_odds))


@pytest.mark.parametrize(("num", "height", "width"), [(1, 12, 12), (1, 13, 40), (3, 37, 26), (2, 84, 101)])
def test_pnets_graph_answers_as_the_network(graphs, networks, num, height, width) -> None:
    pictures = make_pictures(num, height, width)
    (answers,) = graphs.pnet.run([ANSWERS], {IMAGE: pictures})
    with torch.inference_mode():
        probs, features = networks.pnet(torch.from_numpy(pictures))
        offsets = networks.pnet.offsets(features.reshape(-1, 32)).reshape(*probs.shape, 4)
    np.testing.assert_allclose(probability(answers[:, 0]), probs, rtol=0, atol=TOLERANCE)
    np.testing.assert_allclose(answers[:, 1:].transpose(0, 2, 3, 1), offsets, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("num", [0, 1, 7])
@pytest.mark.parametrize(("name", "side_px"), [("rnet", 24), ("onet", 48)])
def test_graphs_of_cut_out_pictures_answer_as_the_networks(graphs, networks, name, side_px, num) -> None:
    pictures = make_pictures(num, side_px, side_px)
    (answers,) = getattr(graphs, name).run([ANSWERS], {IMAGE: pictures})
    with torch.inference_mode():
        scores, *others = getattr(networks, name)(torch.from_numpy(pictures))
    np.testing.assert_allclose(probability(answers[:, 0]), scores, rtol=0, atol=TOLERANCE)
    np.testing.assert_allclose(answers[:, 1:], torch.cat(others, dim=1), rtol=0, atol=TOLERANCE)


def test_weights_whose_slopes_would_be_misread_are_refused() -> None:
    weights = load_weights("pnet.pt", find_weights_folder())
    with pytest.raises(ValueError, match=r"slopes of prelu2 must be below 1, got 1\.5"):
        pnet_graph(weights | {"prelu2.weight": np.full(16, 1.5, np.float32)})
