"""Models over HTTP: what a job may name, and each one's card, without torch."""

import json

from fer_model.checkpoints.card import find_card, read_card
from fer_model.checkpoints.card_text import render_card
from tests.integration.api.conftest import Served


def test_models_are_listed_with_the_one_that_is_taken_by_default(served: Served):
    models = {model["name"]: model for model in served.get("/v1/models", "bob").json()["models"]}
    assert set(models) == {"small", "large"}
    assert [name for name, model in models.items() if model["is_default"]] == ["small"]
    small = models["small"]
    card = read_card(find_card("small"))
    assert (small["model_version"], small["sha256"]) == (card.version, card.sha256)
    assert small["num_parameters"] == card.figures["num_parameters"]
    assert small["size_bytes"] == find_card("small").with_suffix(".safetensors").stat().st_size


def test_a_card_says_what_it_is_for_and_what_it_is_not(served: Served):
    document = served.get("/v1/models/small/card").json()
    assert document["card"] == json.loads(read_card(find_card("small")).to_json())
    assert "Lie detection" in document["forbidden_uses"]
    assert "An expression is not a feeling" in document["limits"]
    assert document["figures"]["PrivateTest"]
    assert all(document[name] for name in ("protocol", "intended_uses", "data", "demographics", "notice"))
    page = served.get("/v1/models/small/card.md")
    assert page.headers["content-type"] == "text/markdown; charset=utf-8"
    assert page.text == render_card(read_card(find_card("small")))


def test_a_model_that_is_not_there_is_said(served: Served):
    for path in ("none/card", "none/card.md"):
        answer = served.get(f"/v1/models/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "NO_SUCH_MODEL")
    assert served.get("/v1/models/..%2f..%2fetc/card").status_code in (404, 422)
