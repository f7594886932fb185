import json

import numpy as np
import pytest

from cli.models.evaluate import SplitChoice, evaluate
from core.emotions import FERPLUS_COLUMNS
from core.errors import InputError

SEED = 8
USAGES = ("Training",) * 3 + ("PrivateTest",) * 8


@pytest.fixture
def pictures_csv(tmp_path):
    """Eleven pictures in Kaggle's form; the first to be tested on is a twin."""
    pixels = np.random.default_rng(SEED).integers(0, 256, (len(USAGES), 48 * 48))
    pixels[3] = pixels[0]
    rows = [
        f"{index % 7},{' '.join(map(str, picture))},{usage}"
        for index, (picture, usage) in enumerate(zip(pixels, USAGES, strict=True))
    ]
    path = tmp_path / "fer2013.csv"
    path.write_text("\n".join(["emotion,pixels,Usage", *rows]) + "\n")
    return path


@pytest.fixture
def votes_csv(tmp_path):
    """Ten taggers who all say happiness."""
    rows = [f"{usage},fer{index:07}.png,0,10,0,0,0,0,0,0,0,0" for index, usage in enumerate(USAGES)]
    path = tmp_path / "fer2013new.csv"
    path.write_text("\n".join(["Usage,Image name," + ",".join(FERPLUS_COLUMNS), *rows]) + "\n")
    return path


def test_one_json_object_is_printed(pictures_csv, votes_csv, capsys):
    evaluate(["small"], data=pictures_csv, votes=votes_csv, as_json=True)
    printed = capsys.readouterr()
    document = json.loads(printed.out)
    assert (document["model"], document["split"], document["view"]) == ("small", "PrivateTest", "single")
    assert (document["fer2013"]["n"], document["fer2013"]["without_twins"]["n"]) == (8, 7)
    assert document["ferplus"]["n"] == 8
    assert printed.err == ""


def test_without_votes_ferplus_is_null_and_the_remedy_is_named(pictures_csv, capsys):
    evaluate(["small"], data=pictures_csv, as_json=True)
    printed = capsys.readouterr()
    assert json.loads(printed.out)["ferplus"] is None
    assert printed.err == "FER+ is not measured: name FER+'s votes with --votes\n"


@pytest.mark.parametrize(
    ("model", "split", "complaint"),
    [("huge", SplitChoice.PRIVATE, "no model is called 'huge'"), ("small", SplitChoice.PUBLIC, "no PublicTest")],
)
def test_wrong_input_is_said_in_a_line(pictures_csv, model, split, complaint):
    with pytest.raises(InputError, match=complaint):
        evaluate([model], data=pictures_csv, split=split)
