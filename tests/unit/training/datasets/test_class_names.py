import pytest

from core.emotions import EMOTIONS
from core.errors import InputError
from training.datasets.class_names import emotion_index_of, split_index_of


@pytest.mark.parametrize(
    ("name", "emotion"),
    [
        ("anger", "angry"),
        ("Disgusted", "disgust"),
        ("FEARFUL", "fear"),
        ("happiness", "happy"),
        (" sadness ", "sad"),
        ("Surprised", "surprise"),
        ("neutral", "neutral"),
        ("0", "angry"),
        ("6", "neutral"),
    ],
)
def test_the_usual_names_of_an_emotion_are_known(name, emotion):
    assert EMOTIONS[emotion_index_of(name, place="here")] == emotion


@pytest.mark.parametrize("name", ["contempt", "7", "", "hap"])
def test_an_unknown_class_is_refused_with_the_known_ones(name):
    with pytest.raises(InputError, match=r"^data/x: .*angry, anger; disgust, .*neutral; or FER2013's numbers 0-6"):
        emotion_index_of(name, place="data/x")


@pytest.mark.parametrize(("name", "split"), [("Train", 0), ("publictest", 1), ("valid", 1), ("test", 2)])
def test_the_usual_names_of_a_split_are_known(name, split):
    assert split_index_of(name, place="here") == split
