import torch

from training.learning.draws import Draws
from training.learning.lessons import LabelledLessons
from training.learning.recipe import Phase


def test_a_batch_has_its_own_targets(faces, tiny):
    lessons = LabelledLessons(faces, tiny, torch.device("cpu"))
    rows = torch.tensor([1, 0, 3])
    x, targets = lessons.batch(rows, epoch_index=0, phase=Phase(num_epochs=1), draws=Draws.seeded(0))
    assert x.shape == (3, 1, 48, 48)
    assert targets.fer2013.argmax(dim=1).tolist() == faces.emotion_index[[1, 0, 3]].tolist()
    assert len(lessons) == 96
