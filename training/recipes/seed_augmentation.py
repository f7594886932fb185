"""What the seed systems do to pictures, in degrees and shares of the side; docs/seeds.md says who S0 to S4 are."""

from dataclasses import replace
from typing import Final

from training.learning.augmentation import Augmentation

#: S2 and S3 show pictures as they are.
UNCHANGED: Final = Augmentation(
    flip_p=0.0,
    max_rotation_degrees=0.0,
    max_scale=0.0,
    max_shift=0.0,
    max_gamma=0.0,
    low_resolution_p=0.0,
    noise_p=0.0,
    erase_p=0.0,
)

#: S1 mirrors half of them and does nothing else.
MIRRORED: Final = replace(UNCHANGED, flip_p=0.5)

#: S0 asks for a rotation of .1, which Keras' layer counts in turns: 36 degrees.
TURNED: Final = replace(MIRRORED, max_rotation_degrees=36.0, max_scale=0.1)

#: S4 asks for a rotation of .1 as well, which Keras' older generator counts in degrees: as good as none.
SHIFTED: Final = replace(MIRRORED, max_rotation_degrees=0.1, max_scale=0.1, max_shift=0.1)
