"""Train a recipe: `python -m training.train small --pictures fer2013.csv --votes fer2013new.csv --out runs/small`.

Resumes from OUT/state.pt where a run was stopped. Selects nothing: the number of epochs is fixed, the last averaged
weights are the result, and the test split is not read here.
"""

import argparse
import copy
import dataclasses
import json
import logging
import math
import time
from pathlib import Path

import torch
from torch import Tensor, nn

from fer_model.network import EmotionNetwork, num_parameters, pictures_to_tensor
from training.augmentation import augment
from training.evaluation import fer2013_accuracy, ferplus_accuracy, predict
from training.fer2013 import FaceSet, drop_unusable, has_training_twin, read_fer2013
from training.losses import Targets, make_targets, mixup, two_head_loss
from training.recipes import RECIPES, Recipe

log = logging.getLogger(__name__)


@dataclasses.dataclass(kw_only=True)
class Run:
    """A training in progress: what is saved after each epoch and read back to resume."""

    network: EmotionNetwork
    averaged: EmotionNetwork
    optimizer: torch.optim.SGD
    generator: torch.Generator
    num_epochs_done: int = 0

    def save(self, path: Path) -> None:
        """Write the state beside its final name first, so that a kill never leaves half a file."""
        state = {
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "generator": self.generator.get_state(),
            "dropout": torch.get_rng_state(),  # dropout draws from torch's own generator
            "num_epochs_done": self.num_epochs_done,
        }
        partial = path.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(path)

    def restore(self, path: Path) -> None:
        """Continue where `save` left off."""
        state = torch.load(path, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.averaged.load_state_dict(state["averaged"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.generator.set_state(state["generator"])
        torch.set_rng_state(state["dropout"])
        self.num_epochs_done = state["num_epochs_done"]


def start_run(recipe: Recipe) -> Run:
    """Build network, averaged copy and optimiser, seeded by the recipe."""
    torch.manual_seed(recipe.seed)
    network = EmotionNetwork(recipe.shape).to(memory_format=torch.channels_last)
    decayed = [p for p in network.parameters() if p.ndim > 1]
    exempt = [p for p in network.parameters() if p.ndim <= 1]
    optimizer = torch.optim.SGD(
        [{"params": decayed, "weight_decay": recipe.weight_decay}, {"params": exempt, "weight_decay": 0.0}],
        lr=recipe.cycles[0].learning_rate,
        momentum=0.9,
        nesterov=True,
    )
    averaged = copy.deepcopy(network).requires_grad_(False)
    return Run(
        network=network,
        averaged=averaged,
        optimizer=optimizer,
        generator=torch.Generator().manual_seed(recipe.seed),
    )


def learning_rate_at(recipe: Recipe, progress_epochs: float) -> float:
    """Warm up linearly, then fall along a cosine to zero in each cycle."""
    start_epochs, num_warmup_epochs = 0, recipe.num_warmup_epochs
    for cycle in recipe.cycles:
        done_epochs = progress_epochs - start_epochs
        if done_epochs <= cycle.num_epochs:
            if done_epochs < num_warmup_epochs:
                return cycle.learning_rate * done_epochs / num_warmup_epochs
            share = (done_epochs - num_warmup_epochs) / max(1, cycle.num_epochs - num_warmup_epochs)
            return cycle.learning_rate * 0.5 * (1 + math.cos(math.pi * share))
        start_epochs, num_warmup_epochs = start_epochs + cycle.num_epochs, 0
    return 0.0


def train_epoch(run: Run, recipe: Recipe, pictures: Tensor, targets: Targets) -> float:
    """One pass over (N, 48, 48) uint8 pictures in random order. Returns the mean loss."""
    run.network.train()
    cycle = recipe.cycle_of(run.num_epochs_done)
    order = torch.randperm(len(pictures), generator=run.generator)
    batches = [b for b in order.split(recipe.batch_size) if len(b) > 1]
    total = 0.0
    for step, batch in enumerate(batches):
        for group in run.optimizer.param_groups:
            group["lr"] = learning_rate_at(recipe, run.num_epochs_done + (step + 1) / len(batches))
        x = augment(pictures_to_tensor(pictures[batch]), cycle.augmentation, run.generator)
        x, mixed = mixup(x, targets.take(batch), cycle.mixup_alpha, run.generator)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = run.network(x.contiguous(memory_format=torch.channels_last))
        loss = two_head_loss(logits, mixed, fer2013_weight=recipe.fer2013_weight)
        run.optimizer.zero_grad()
        loss.backward()
        run.optimizer.step()
        _average_into(run.averaged, run.network, recipe.ema_decay)
        total += float(loss.detach())
    run.num_epochs_done += 1
    return total / len(batches)


@torch.no_grad()
def _average_into(averaged: nn.Module, network: nn.Module, decay: float) -> None:
    """Move the averaged weights a little towards the network's; counters are copied."""
    for mean, value in zip(averaged.state_dict().values(), network.state_dict().values(), strict=True):
        if mean.is_floating_point():
            mean.lerp_(value, 1 - decay)
        else:
            mean.copy_(value)


def train(recipe: Recipe, faces: FaceSet, out: Path) -> EmotionNetwork:
    """Run the recipe to its last epoch, resuming from OUT, logging PublicTest without twins as it goes."""
    out.mkdir(parents=True, exist_ok=True)
    training = drop_unusable(faces).split("Training")
    validation = faces.select(~has_training_twin(faces)).split("PublicTest")
    targets = make_targets(
        torch.from_numpy(training.emotion_index),
        torch.from_numpy(training.votes),
        label_smoothing=recipe.label_smoothing,
        vote_smoothing=recipe.vote_smoothing,
    )
    pictures = torch.from_numpy(training.pictures)
    run = start_run(recipe)
    state_path = out / "state.pt"
    if state_path.exists():
        run.restore(state_path)
    (out / "recipe.json").write_text(json.dumps(dataclasses.asdict(recipe), indent=2))
    log.info("%s: %d parameters, %d pictures", recipe.name, num_parameters(run.network), len(pictures))
    while run.num_epochs_done < recipe.num_epochs:
        began = time.monotonic()
        loss = train_epoch(run, recipe, pictures, targets)
        run.save(state_path)
        line: dict[str, float] = {"epoch": run.num_epochs_done, "loss": loss, "seconds": time.monotonic() - began}
        if run.num_epochs_done % 5 == 0 or run.num_epochs_done == recipe.num_epochs:
            logits = predict(run.averaged, validation.pictures)
            line["publictest_without_twins"] = fer2013_accuracy(logits, validation).value
            line["publictest_ferplus_without_twins"] = ferplus_accuracy(logits, validation).value
        with (out / "log.jsonl").open("a") as file:
            file.write(json.dumps({key: round(value, 5) for key, value in line.items()}) + "\n")
        log.info("epoch %s", line)
    return run.averaged


def main() -> None:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipe", choices=sorted(RECIPES))
    parser.add_argument("--pictures", type=Path, required=True, help="Kaggle's fer2013.csv")
    parser.add_argument("--votes", type=Path, required=True, help="FER+'s fer2013new.csv")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    train(RECIPES[args.recipe], read_fer2013(args.pictures, args.votes), args.out)


if __name__ == "__main__":
    main()
