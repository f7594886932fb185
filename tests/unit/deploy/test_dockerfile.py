"""The Dockerfile builds what compose asks for, from what the builder is given, for a user who is not root."""

import re
import tomllib

from tests.unit.deploy.compose_files import ROOT, STACKS

TEXT = (ROOT / "Dockerfile").read_text()
ADMITTED = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}


def stages() -> dict[str, list[str]]:
    """Return the instructions of each stage, with those of the stages that it is built on before them."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in TEXT.replace("\\\n", " ").splitlines():
        if begun := re.fullmatch(r"FROM (\S+) AS (\S+)", line):
            name = begun[2]
            found[name] = list(found.get(begun[1], []))
        elif name and line and not line.startswith("#"):
            found[name].append(line)
    return found


def test_every_package_is_copied_and_everything_copied_is_given_to_the_builder():
    with (ROOT / "pyproject.toml").open("rb") as file:
        packages = tomllib.load(file)["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    copied = {word for line in stages()["source"] if line.startswith("COPY") for word in line.split()[1:-1]}
    assert set(packages) <= copied
    assert copied == ADMITTED
    assert all((ROOT / path).exists() for path in copied)


def test_nothing_else_is_given_to_the_builder():
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith(("#", "!"))]
    assert lines == ["*", "**/__pycache__"]


def test_every_stage_that_compose_builds_exists_and_runs_moodline_as_nobody_special():
    targets = {service["build"]["target"] for service in STACKS["cpu"]["services"].values() if "build" in service}
    assert targets == {"api", "producer", "worker"}
    for target in targets:
        instructions = stages()[target]
        users = [line for line in instructions if line.startswith("USER")]
        assert users == ["USER 10001:10001"]
        assert 'ENTRYPOINT ["moodline"]' in instructions


def test_torch_is_installed_for_workers_only():
    assert not any("[" in line for line in stages()["producer-install"] if "pip install" in line)
    assert any("'.[worker]'" in line for line in stages()["worker-install"])
    assert [line for line in stages()["api-install"] if "[" in line and "pip install" in line] == [
        "RUN /opt/moodline/bin/pip install --no-cache-dir '.[api,records]'"
    ]


def test_base_image_can_be_pinned_by_digest_without_an_edit():
    bases = re.findall(r"^FROM (\S+)", TEXT, re.MULTILINE)
    assert set(bases) - set(stages()) == {"${PYTHON_IMAGE}"}
