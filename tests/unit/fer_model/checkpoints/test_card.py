import dataclasses
import json
import subprocess
import sys

import pytest

from core.errors import EnvironmentFault, InputError
from fer_model.checkpoints.card import find_card, read_card, shipped_cards
from tests.factories import make_card


def write(tmp_path, **overrides):
    """Write a tiny card; an override of None leaves the field out."""
    fields = json.loads(make_card().to_json()) | overrides
    path = tmp_path / "tiny.json"
    path.write_text(json.dumps({name: value for name, value in fields.items() if value is not None}))
    return path


def test_a_card_that_names_no_views_looks_at_the_picture_alone(tmp_path):
    assert read_card(write(tmp_path, views=None)).views == 1


def test_a_card_keeps_its_views(tmp_path):
    assert read_card(write(tmp_path, views=2)).views == 2


@pytest.mark.parametrize("views", [0, 3, "2"])
def test_views_that_do_not_exist_are_refused(tmp_path, views):
    with pytest.raises(EnvironmentFault, match="views must be one of"):
        read_card(write(tmp_path, views=views))


def test_a_card_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"gone\.json: no such card"):
        find_card(str(tmp_path / "gone.json"))


@pytest.mark.parametrize(
    "change", [{"ferplus_temperature": 2.0}, {"abstain_below": 0.1}, {"views": 2}, {"sha256": "0" * 64}]
)
def test_whatever_changes_rows_changes_the_version(change):
    assert dataclasses.replace(make_card(), **change).version != make_card().version


def test_what_was_measured_does_not_change_the_version():
    assert dataclasses.replace(make_card(), figures={"n": 1}).version == make_card().version


def test_a_card_is_read_and_told_without_any_network_library():
    code = (
        "import sys, fer_model.checkpoints.card, fer_model.checkpoints.card_text as text\n"
        "card = fer_model.checkpoints.card.read_card(fer_model.checkpoints.card.find_card('small'))\n"
        "text.card_document(card)\n"
        "print(sorted({'torch', 'onnxruntime', 'cv2', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_shipped_cards_are_those_that_a_job_may_name():
    assert [find_card(path.stem) for path in shipped_cards()] == shipped_cards()
    assert {path.stem for path in shipped_cards()} == {"large", "small"}
