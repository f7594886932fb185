"""The whole way of a stranger's own network: published files, teachers, a student, a checkpoint that is used."""

import csv
import json

import numpy as np
import pytest

from cli.main import exit_code_of
from core.emotions import FERPLUS_COLUMNS

NUM_ROWS = 120


def usage_of(row):
    return ("Training", "Training", "PublicTest", "PrivateTest")[row * 4 // NUM_ROWS]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Kaggle's and FER+'s files of a world with two kinds of faces: bright above are happy, bright below sad."""
    folder = tmp_path_factory.mktemp("published")
    rng = np.random.default_rng(0)
    with (folder / "fer2013.csv").open("w") as file:
        file.write("emotion,pixels,Usage\n")
        for row in range(NUM_ROWS):
            picture = rng.integers(0, 60, (48, 48))
            picture[:24] += 150 * (row % 2 == 0)
            picture[24:] += 150 * (row % 2 == 1)
            file.write(f"{3 if row % 2 == 0 else 4},{' '.join(map(str, picture.flatten()))},{usage_of(row)}\n")
    with (folder / "votes.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Usage", "Image name", *FERPLUS_COLUMNS])
        for row in range(NUM_ROWS):
            votes = [9 if i == (1 if row % 2 == 0 else 3) else 0 for i in range(9)]
            writer.writerow([usage_of(row), f"fer{row}.png", *votes, 1])
    return folder


@pytest.fixture(scope="module")
def run(published):
    """Run a training command on the published files; each must succeed."""

    def run(*arguments, code=0):
        data = ["--data", str(published / "fer2013.csv"), "--votes", str(published / "votes.csv")]
        assert exit_code_of([*map(str, arguments), *data]) == code

    return run


@pytest.fixture(scope="module")
def model(run, tmp_path_factory):
    """A published student: members, a teacher, two seeds."""
    folder = tmp_path_factory.mktemp("models")
    for fold in range(2):
        options = ("--fold", fold, "--folds", 2, "--epochs", 1, "--out", folder / f"member-{fold}")
        run("train", "member", *options)
    run("teach", folder / "member-0", folder / "member-1", "--views", 1, "--out", folder / "teacher")
    for seed in range(2):
        options = ("--teacher", folder / "teacher", "--seed", seed, "--epochs", 2, "--out", folder / f"student-{seed}")
        run("train", "small-taught", *options)
    options = ("--name", "mine", "--out", folder, "--trained-at", "abc123", "--selection", "last epoch")
    run("publish", folder / "student-0", folder / "student-1", *options)
    return folder / "mine.json"


def test_a_published_card_tells_figures_seeds_and_provenance(model):
    card = json.loads(model.read_text())
    assert card["figures"]["PrivateTest"]["fer2013"]["n"] == 30
    assert card["figures"]["PrivateTest without twins"]["ferplus"]["n"] == 30
    assert len(card["figures"]["seeds"]["PrivateTest"]["fer2013"]["each"]) == 2
    assert card["training"]["recipe"]["distillation"]["teacher_share"] == 0.7
    assert len(card["training"]["pictures"]["teacher_sha256"]) == 64


def test_a_published_model_is_evaluated_to_the_figures_of_its_card(model, run, capsys):
    capsys.readouterr()
    run("evaluate", model, "--json")
    printed = json.loads(capsys.readouterr().out)
    figures = json.loads(model.read_text())["figures"]
    assert printed["fer2013"]["accuracy"] == figures["PrivateTest"]["fer2013"]["accuracy"]
    assert printed["ferplus"]["without_twins"]["n"] == figures["PrivateTest without twins"]["ferplus"]["n"]


def test_an_ensemble_of_runs_is_used_like_any_model(model, run, tmp_path):
    options = ("--name", "both", "--out", tmp_path, "--trained-at", "abc123", "--selection", "last epoch", "--ensemble")
    run("publish", model.parent / "student-0", model.parent / "student-1", *options)
    run("evaluate", tmp_path / "both.json")
    assert exit_code_of(["export", str(tmp_path / "both.json"), "--out", str(tmp_path / "exported")]) == 0


def test_a_published_model_reads_faces(model, tmp_path):
    import cv2
    import skimage.data

    cv2.imwrite(str(tmp_path / "face.png"), skimage.data.astronaut()[:, :, ::-1])
    assert exit_code_of(["faces", str(tmp_path / "face.png"), "--model", str(model)]) == 0


def test_a_finished_run_is_not_trained_again(model, run, capsys):
    folder = model.parent / "member-0"
    before = (folder / "log.jsonl").read_text()
    run("train", "member", "--fold", 0, "--folds", 2, "--epochs", 1, "--out", folder)
    assert (folder / "log.jsonl").read_text() == before
    assert "moodline evaluate" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("train", "smal"), "smal"),
        (("train", "small-taught"), "teacher"),
        (("train", "small-plain", "--epochs", 0), "--epochs 0"),
        (("train", "small-plain", "--fold", 7), "--fold 7"),
        (("train", "small-plain", "--device", "cuda:7"), "cuda:7"),
        (("train", "small-plain", "--device", "tpu"), "tpu"),
        (("train", "small-plain", "--teacher", "nowhere"), "labels alone"),
        (("train", "small-plain", "--weights", "vgg.pth"), "random weights"),
        (("teach", "nowhere", "--out", "x"), "nowhere"),
        (("publish", "nowhere", "--name", "x", "--out", "y", "--trained-at", "z", "--selection", "w"), "nowhere"),
        (
            ("publish", "nowhere", "--name", "x", "--out", "y", "--trained-at", "z", "--selection", "w", "--views", 3),
            "3",
        ),
    ],
)
def test_a_wrong_call_gets_one_line_that_names_it(run, tmp_path, monkeypatch, capsys, arguments, named):
    monkeypatch.chdir(tmp_path)
    run(*arguments, code=2)
    line = capsys.readouterr().err.splitlines()[-1]
    assert line.startswith("moodline: ")
    assert named in line


def test_recipes_are_listed_without_data(capsys):
    assert exit_code_of(["train", "--list"]) == 0
    assert "small-plain" in capsys.readouterr().out
