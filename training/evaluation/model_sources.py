"""What a person may name to be evaluated: a shipped model, a card, a training run's folder; and how each is read."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from safetensors.torch import load_file
from torch import nn

from core.errors import InputError
from fer_model.checkpoints.card import find_card
from fer_model.checkpoints.checkpoint import load_checkpoint
from fer_model.network import HeadLogits
from training.datasets.face_set import FaceSet
from training.datasets.label_sets import LABEL_SETS, LabelSet
from training.evaluation.calibration import Temperatures, fit_label_temperature, fit_temperatures
from training.evaluation.evaluated_model import EvaluatedModel, Member
from training.evaluation.parallel_prediction import predict_on_all_cores
from training.evaluation.vote_metrics import ABSTAIN_BELOW
from training.learning.recipe import Recipe
from training.learning.run_folder import RunFolder
from training.recipes.registry import find_recipe
from training.runs.finished import finished_network

#: Returns the pictures that temperatures are fitted to: called only for weights that have none.
CalibrationFaces = Callable[[], FaceSet]


def find_model(sources: Sequence[str], calibration: CalibrationFaces) -> EvaluatedModel:
    """Return the model that one source names, or the ensemble of several."""
    found = [_find_one(source, calibration) for source in sources]
    return found[0] if len(found) == 1 else ensemble_of(found)


def find_snapshots(sources: Sequence[str], calibration: CalibrationFaces) -> EvaluatedModel:
    """Return the ensemble of all snapshots that training runs kept."""
    return ensemble_of([model for source in sources for model in _snapshots(source, calibration)])


def are_aligned(sources: Sequence[str]) -> bool:
    """Say whether models learned from aligned faces, and must be shown such. Raises InputError where they differ."""
    folders = [RunFolder(Path(source)) for source in sources]
    aligned = {folder.path.is_dir() and folder.learned_from().is_aligned for folder in folders}
    if len(aligned) > 1:
        raise InputError("some of these runs learned from aligned faces and some did not; evaluate them apart")
    return aligned == {True}


def ensemble_of(models: Sequence[EvaluatedModel]) -> EvaluatedModel:
    """Join models into one that answers with their members' mean. Raises InputError where label sets differ."""
    label_sets = {model.label_set.name for model in models}
    if len(label_sets) > 1:
        raise InputError(f"models of different label sets ({', '.join(sorted(label_sets))}) cannot be averaged")
    names = list(dict.fromkeys(model.name for model in models))
    return EvaluatedModel(
        name=f"{' + '.join(names)} ({len(models)} networks)" if len(models) > 1 else names[0],
        members=tuple(member for model in models for member in model.members),
        abstain_below=models[0].abstain_below,
    )


def _find_one(source: str, calibration: CalibrationFaces) -> EvaluatedModel:
    folder = RunFolder(Path(source))
    if folder.path.is_dir():
        return _averaged_weights(folder, calibration)
    if "/" in source and not folder.path.exists():
        raise InputError(f"{source}: no such file or folder; name a shipped model, a card (.json) or a run's folder")
    network, card = load_checkpoint(find_card(source))
    member = Member(
        version=card.version,
        network=network,
        label_set=_label_set_of(card.emotions, source),
        temperatures=Temperatures(fer2013=card.fer2013_temperature, ferplus=card.ferplus_temperature),
    )
    return EvaluatedModel(name=card.name, members=(member,), abstain_below=card.abstain_below)


def _label_set_of(emotions: tuple[str, ...], source: str) -> LabelSet:
    for label_set in LABEL_SETS.values():
        if label_set.emotions == emotions:
            return label_set
    raise InputError(f"{source}: its card names the emotions {', '.join(emotions)}, which no label set here holds")


def _averaged_weights(folder: RunFolder, calibration: CalibrationFaces) -> EvaluatedModel:
    recipe = _recipe_of(folder)
    with _explained(folder, recipe):
        network = finished_network(folder)
    return _calibrated_model(recipe, network, calibration, version=folder.path.resolve().name)


def _snapshots(source: str, calibration: CalibrationFaces) -> list[EvaluatedModel]:
    folder = RunFolder(Path(source))
    paths = sorted(folder.snapshots.glob("*.safetensors"))
    if not paths:
        raise InputError(f"{source}: holds no snapshots; train with a recipe that keeps some, or leave out --snapshots")
    recipe = _recipe_of(folder)
    models = []
    for path in paths:
        network = recipe.architecture.build()
        with _explained(folder, recipe):
            network.load_state_dict(load_file(path))
        version = f"{folder.path.resolve().name} {path.stem}"
        models.append(_calibrated_model(recipe, network.eval().requires_grad_(False), calibration, version=version))
    return models


def _recipe_of(folder: RunFolder) -> Recipe:
    try:
        return find_recipe(folder.document()["name"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{folder.recipe}: not a recipe ({error})") from error


@contextmanager
def _explained(folder: RunFolder, recipe: Recipe) -> Iterator[None]:
    """Say in a line what torch says in a page: these weights are another network's."""
    try:
        yield
    except RuntimeError as error:
        raise InputError(
            f"{folder.path}: its weights do not fit the recipe {recipe.name!r} of this code, which was changed since"
        ) from error


def _calibrated_model(
    recipe: Recipe, network: nn.Module, calibration: CalibrationFaces, *, version: str
) -> EvaluatedModel:
    label_set = recipe.objective.label_set
    member = Member(
        version=version,
        network=network,
        label_set=label_set,
        temperatures=fitted_temperatures(network, label_set, calibration()),
    )
    return EvaluatedModel(name=recipe.name, members=(member,), abstain_below=ABSTAIN_BELOW)


def fitted_temperatures(network: nn.Module, label_set: LabelSet, faces: FaceSet) -> Temperatures:
    """Fit a temperature a head to a network's answers. Raises InputError where there are no pictures."""
    if not len(faces):
        raise InputError("the data holds no PublicTest pictures, to which the temperatures of a run are fitted")
    logits = predict_on_all_cores(network, faces.pictures)
    if isinstance(logits, HeadLogits):
        return fit_temperatures(logits, faces)
    return Temperatures(fer2013=fit_label_temperature(logits, faces, label_set), ferplus=None)
