"""The folder of one training run: its state, recipe and pictures, a log line an epoch, kept snapshots."""

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors.torch import save_file
from torch import nn

from core.errors import InputError
from training.datasets.face_set import FaceSet
from training.learning.recipe import Recipe


@dataclass(frozen=True, kw_only=True)
class LearnedFrom:
    """The pictures that a run learned from, so that nobody has to guess later."""

    num_pictures: int
    sha256: str  # of pixels and labels, in order
    fold: int | None = None  # the fold that it never saw
    num_folds: int | None = None
    teacher_sha256: str | None = None  # of the teacher's file
    is_aligned: bool = False  # turned and shifted by their landmarks
    beginning_sha256: str | None = None  # of the weights that it went on from; None: random ones

    @classmethod
    def of(
        cls,
        faces: FaceSet,
        *,
        fold: int | None = None,
        num_folds: int | None = None,
        teacher: Path | None = None,
        is_aligned: bool = False,
        beginning_sha256: str | None = None,
    ) -> "LearnedFrom":
        """Describe the pictures of a run."""
        digest = hashlib.sha256(faces.pictures.tobytes())
        digest.update(faces.emotion_index.tobytes())
        digest.update(faces.votes.tobytes())
        return cls(
            num_pictures=len(faces),
            sha256=digest.hexdigest(),
            fold=fold,
            num_folds=num_folds,
            teacher_sha256=None if teacher is None else _sha256_of(teacher),
            is_aligned=is_aligned,
            beginning_sha256=beginning_sha256,
        )


@dataclass(frozen=True)
class RunFolder:
    """Where a run leaves what it makes."""

    path: Path

    @property
    def state(self) -> Path:
        """What resumes the run."""
        return self.path / "state.pt"

    @property
    def recipe(self) -> Path:
        """The recipe that made it, as JSON."""
        return self.path / "recipe.json"

    @property
    def pictures(self) -> Path:
        """What it learned from, as JSON."""
        return self.path / "pictures.json"

    @property
    def log(self) -> Path:
        """One JSON line an epoch."""
        return self.path / "log.jsonl"

    @property
    def curves(self) -> Path:
        """Loss and accuracy over epochs, as a picture."""
        return self.path / "curves.png"

    @property
    def snapshots(self) -> Path:
        """Weights kept on the way, for a snapshot ensemble."""
        return self.path / "snapshots"

    def prepare(self, recipe: Recipe, learned_from: LearnedFrom) -> None:
        """Make the folder. Raises InputError where it holds another recipe's run, or one over other pictures."""
        self.path.mkdir(parents=True, exist_ok=True)
        for file, wanted in ((self.recipe, recipe_document(recipe)), (self.pictures, dataclasses.asdict(learned_from))):
            if file.exists():
                _refuse_another(json.loads(file.read_text(encoding="utf-8")), wanted, self.path)
            file.write_text(json.dumps(wanted, indent=2) + "\n", encoding="utf-8")

    def learned_from(self) -> LearnedFrom:
        """Return what a run learned from. Raises InputError where the folder holds no run."""
        if not self.pictures.exists():
            raise InputError(f"{self.path}: holds no training run (no {self.pictures.name})")
        return LearnedFrom(**json.loads(self.pictures.read_text(encoding="utf-8")))

    def document(self) -> dict[str, Any]:
        """Return the recipe as it was written down. Raises InputError where the folder holds no run."""
        if not self.recipe.exists():
            raise InputError(f"{self.path}: holds no training run (no {self.recipe.name})")
        document: dict[str, Any] = json.loads(self.recipe.read_text(encoding="utf-8"))
        return document

    def append(self, line: dict[str, Any]) -> None:
        """Add one epoch's line to the log."""
        rounded = {key: round(value, 5) if isinstance(value, float) else value for key, value in line.items()}
        with self.log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(rounded) + "\n")

    def keep_snapshot(self, network: nn.Module, num_epochs_done: int) -> None:
        """Keep the weights of an epoch."""
        self.snapshots.mkdir(exist_ok=True)
        tensors = {name: value.contiguous() for name, value in network.state_dict().items()}
        save_file(tensors, self.snapshots / f"epoch-{num_epochs_done:04}.safetensors")

    def lines(self) -> list[dict[str, Any]]:
        """Return the log, oldest first; an epoch that was run twice after a kill counts once, the last time."""
        if not self.log.exists():
            return []
        lines = [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]
        return list({line["epoch"]: line for line in lines}.values())


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:  # a teacher is a gigabyte: never whole in memory
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_another(found: dict[str, Any], wanted: dict[str, Any], folder: Path) -> None:
    changed = sorted(key for key in wanted.keys() | found.keys() if wanted.get(key) != found.get(key))
    if changed:
        raise InputError(
            f"{folder} holds another run (different: {', '.join(changed)}); name another folder or delete this one"
        )


def recipe_document(recipe: Recipe) -> dict[str, Any]:
    """Return a recipe as JSON values, with the kinds of its parts."""
    fields = dataclasses.asdict(recipe)
    for part in ("architecture", "objective", "optimizer", "schedule"):
        fields[part]["kind"] = type(getattr(recipe, part)).__name__
    plain: dict[str, Any] = json.loads(json.dumps(fields))
    return plain
