"""The compose files as a person would run them: alone, and with the GPU's over it. Read, never run."""

import copy
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
BASE = ROOT / "docker-compose.yml"
GPU = ROOT / "docker-compose.gpu.yml"

Service = dict[str, Any]


def read(path: Path) -> dict[str, Any]:
    """Return a file's content, with YAML's merges done."""
    return dict(yaml.safe_load(path.read_text()))


def merge(base: Service, over: Service) -> Service:
    """Lay one document over another as compose does: mappings are merged, commands and numbers replaced."""
    merged = copy.deepcopy(base)
    for key, value in over.items():
        both_mappings = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = merge(merged[key], value) if both_mappings else value
    return merged


STACKS = {"cpu": read(BASE), "gpu": merge(read(BASE), read(GPU))}

#: Every service of every stack, as (stack, name).
SERVICES = [(stack, name) for stack, document in STACKS.items() for name in document["services"]]


def service_of(stack: str, name: str) -> Service:
    """Return a service of a stack."""
    return dict(STACKS[stack]["services"][name])
