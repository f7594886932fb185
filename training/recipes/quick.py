"""`quick-taught`: half of small's multiply-adds, with a teacher; two larger networks to teach it, for two CPU cores.

moodline teach runs/teacher runs/teacher-wide large --student quick-taught --data … --votes … --out runs/taught
"""

from dataclasses import replace
from typing import Final

from fer_model.network import NetworkShape
from training.learning.recipe import Distillation, Phase, Voices
from training.recipes.small import GENTLE, SMALL_PLAIN

#: 2.8 M parameters, 312 M multiply-adds: some 5.5 minutes an epoch on a core of its own.
TEACHER: Final = replace(
    SMALL_PLAIN,
    name="teacher",
    summary="a residual network of 18 layers and half the width, at full size: teaches small",
    architecture=NetworkShape(widths=(32, 64, 128, 256), depths=(2, 2, 2, 2), dropout=0.3),
    phases=(Phase(num_epochs=26), Phase(num_epochs=10, augmentation=GENTLE, mixup_alpha=0.0)),
)

#: 3.1 M parameters, 125 M multiply-adds: half of that time.
TEACHER_WIDE: Final = replace(
    TEACHER,
    name="teacher-wide",
    summary="a wide network that halves the picture early: teaches small",
    architecture=NetworkShape(widths=(48, 96, 192, 320), depths=(1, 2, 2, 1), first_stride=2, dropout=0.3),
    phases=(Phase(num_epochs=45), Phase(num_epochs=15, augmentation=GENTLE, mixup_alpha=0.0)),
)

#: 0.85 M parameters, 45 M multiply-adds: a CPU classifies a face in .57 of small's time.
QUICK_TAUGHT: Final = replace(
    SMALL_PLAIN,
    name="quick-taught",
    summary="half of small's multiply-adds, with a teacher (--teacher)",
    architecture=NetworkShape(widths=(32, 64, 96, 160), depths=(1, 2, 2, 1), first_stride=2),
    phases=(Phase(num_epochs=90), Phase(num_epochs=30, augmentation=GENTLE, mixup_alpha=0.0)),
    distillation=Distillation(teacher_share=0.7, voices=Voices.ALL),
)
