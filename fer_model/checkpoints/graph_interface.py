"""What a model's ONNX graph takes and gives, by name. Knows neither torch nor a runtime."""

from typing import Final

from core.emotions import EMOTIONS, FERPLUS_COLUMNS

INPUT_NAME: Final = "pictures"

#: The output that the product reads.
ANSWERS: Final = "answers"

#: What the graph takes and gives for N pictures; the file says so beside each name.
INPUTS: Final = {INPUT_NAME: "(N, 48, 48) uint8 grey levels of faces, cropped by the rule that the metadata names"}
OUTPUTS: Final = {
    "emotions": f"(N, 7) calibrated probabilities of {', '.join(EMOTIONS)}; sum to 1",
    "unreadable": "(N,) share of people who could not say, or would see no face",
    "abstained": "(N,) true where the reading is too unsure to be counted",
    ANSWERS: f"(N, 10) shares of people who would answer {', '.join(FERPLUS_COLUMNS)}; sum to 1",
    "fer2013": "(N, 7) probabilities of FER2013's labels, in the order of emotions: for the benchmark only",
}
