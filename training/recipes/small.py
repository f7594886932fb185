"""`small`, which learns from its own earlier answers; `small-pruned`, the embedded default, goes on from it; others.

Plain 3x3 residual, because depthwise networks are slower on a CPU.
"""

from dataclasses import replace
from typing import Final

from fer_model.network import NetworkShape
from training.learning.augmentation import Augmentation
from training.learning.objective import TwoHeads
from training.learning.recipe import Distillation, Phase, Recipe, SelfTeaching, Sgd, Voices

#: For the last epochs: the network ends on pictures as they are, with some of every degradation left in.
GENTLE: Final = Augmentation(
    low_resolution_p=0.08, noise_p=0.08, erase_p=0.2, max_rotation_degrees=12.0, max_scale=0.15
)

#: 0.92 M parameters, 85 M multiply-adds. The stem halves the picture, and what that saves pays for depth: twice the
#: parameters of the first `small` at the same cost, and as good after as many epochs (training/LOG.md).
SHAPE: Final = NetworkShape(widths=(32, 64, 144), depths=(3, 3, 2), stem_stride=2)

#: 0.83 M parameters, 64 M multiply-adds: less the blocks whose absence a finished network of that shape feels least.
PRUNED_SHAPE: Final = replace(SHAPE, depths=(2, 2, 2))

SMALL_PLAIN: Final = Recipe(
    name="small-plain",
    summary="small's network taught by labels and votes alone",
    architecture=SHAPE,
    objective=TwoHeads(),
    phases=(Phase(num_epochs=56), Phase(num_epochs=24, augmentation=GENTLE, mixup_alpha=0.0)),
)

#: Without mixup, whose blended pictures are no single picture's business.
SMALL: Final = replace(
    SMALL_PLAIN,
    name="small",
    summary="0.92 M parameters, both label sets, taught by itself: what the embedded default goes on from",
    phases=(Phase(num_epochs=56, mixup_alpha=0.0), Phase(num_epochs=24, augmentation=GENTLE, mixup_alpha=0.0)),
    self_teaching=SelfTeaching(final_share=0.7),
)

#: A student of members: `moodline teach` first.
SMALL_TAUGHT: Final = replace(
    SMALL_PLAIN,
    name="small-taught",
    summary="small's network with a teacher (--teacher)",
    distillation=Distillation(teacher_share=0.7, voices=Voices.OUT_OF_FOLD),
)

#: From a finished small, not from random weights: a second, lower cycle, and a whole ensemble that answers.
SMALL_AGAIN: Final = replace(
    SMALL_PLAIN,
    name="small-again",
    summary="a finished small goes on (--from), with a teacher (--teacher)",
    phases=(Phase(num_epochs=34), Phase(num_epochs=16, augmentation=GENTLE, mixup_alpha=0.0)),
    optimizer=Sgd(learning_rate=0.05),
    distillation=Distillation(teacher_share=0.7, voices=Voices.ALL),
)

#: The embedded default.
SMALL_PRUNED: Final = replace(
    SMALL_AGAIN,
    name="small-pruned",
    summary="the embedded default: a finished small goes on with two blocks less (--from), with a teacher (--teacher)",
    architecture=PRUNED_SHAPE,
)

#: For faces of one's own, of which there are fewer: shorter and lower, and nobody else to listen to.
SMALL_ADAPTED: Final = replace(
    SMALL_PLAIN,
    name="small-adapted",
    summary="the embedded default goes on (--from small) on faces of your own",
    architecture=PRUNED_SHAPE,
    phases=(Phase(num_epochs=14, mixup_alpha=0.0), Phase(num_epochs=6, augmentation=GENTLE, mixup_alpha=0.0)),
    optimizer=Sgd(learning_rate=0.02),
)

#: One of the five that teach, each trained without a fifth of the pictures.
MEMBER: Final = replace(
    SMALL_PLAIN,
    name="member",
    summary="a quick small-plain, to teach: one for each --fold",
    phases=(Phase(num_epochs=13), Phase(num_epochs=7, augmentation=GENTLE, mixup_alpha=0.0)),
    ema_decay=0.995,  # a mean over the last epoch; .999 still remembers the start of so short a run
)
