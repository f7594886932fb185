"""The compose files name real commands, settings, secrets and volumes, and hold docs/deploy.md's rules of hardening."""

import re
from itertools import pairwise

import pytest
import typer.main

from cli.main import app
from core.settings import Settings
from tests import servers
from tests.unit.deploy.compose_files import BASE, GPU, ROOT, SERVICES, STACKS, service_of

SERVERS = {"redis", "fragments", "postgres"}
ONE_SHOTS = {"migrate", "producer"}
OURS = {"api", "migrate", "producer", "worker"}

#: What is reached from outside its network.
PUBLISHED = {"api"}

#: Of the Compose Specification, what these files use; a mistyped key would be refused by compose, and here.
SERVICE_KEYS = {
    *("build", "cap_drop", "command", "depends_on", "deploy", "environment", "healthcheck", "image", "init"),
    *("logging", "mem_limit", "networks", "pids_limit", "ports", "profiles", "read_only", "restart", "secrets"),
    *("security_opt", "shm_size", "stop_grace_period", "tmpfs", "user", "volumes"),
}
TOP_LEVEL_KEYS = {"name", "networks", "secrets", "services", "volumes"}

each_service = pytest.mark.parametrize(("stack", "name"), SERVICES)
each_of_ours = pytest.mark.parametrize(("stack", "name"), [pair for pair in SERVICES if pair[1] in OURS])


def seconds(text: str) -> int:
    assert text.endswith("s")
    return int(text[:-1])


@pytest.mark.parametrize("stack", STACKS)
def test_stack_has_the_services_that_it_should(stack: str):
    assert set(STACKS[stack]["services"]) == SERVERS | OURS
    unknown = {key for key in STACKS[stack] if not key.startswith("x-")} - TOP_LEVEL_KEYS
    assert not unknown


@each_service
def test_every_key_is_one_of_the_specification(stack: str, name: str):
    # not among them: privileged, cap_add, devices, network_mode, pid, ipc, extra_hosts
    assert set(service_of(stack, name)) <= SERVICE_KEYS


@each_service
def test_service_runs_as_a_numbered_user_that_is_not_root(stack: str, name: str):
    expected = "10001:10001" if name in OURS else "999:999"
    assert service_of(stack, name)["user"] == expected


@each_service
def test_service_can_write_only_where_it_must(stack: str, name: str):
    service = service_of(stack, name)
    assert service["read_only"] is True
    places = dict(entry.split(":", 1) for entry in service["tmpfs"])
    assert "/tmp" in places
    for options in places.values():
        assert {"noexec", "nosuid", "nodev"} < set(options.split(","))
        assert "size=" in options


@each_service
def test_service_holds_no_capability_and_gains_none(stack: str, name: str):
    service = service_of(stack, name)
    assert (service["cap_drop"], service["security_opt"]) == (["ALL"], ["no-new-privileges:true"])


@each_service
def test_service_is_bounded_reaped_and_logged_within_limits(stack: str, name: str):
    service = service_of(stack, name)
    assert service["init"] is True
    assert service["pids_limit"] <= 1024
    assert re.search(r"\d+g", service["mem_limit"])
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}


@each_service
def test_service_comes_back_unless_it_is_done_when_it_ends(stack: str, name: str):
    assert service_of(stack, name)["restart"] == ("no" if name in ONE_SHOTS else "unless-stopped")


@each_service
def test_service_is_on_the_network_without_a_way_out_and_only_the_api_is_published(stack: str, name: str):
    service = service_of(stack, name)
    assert service["networks"] == (["backend", "edge"] if name in PUBLISHED else ["backend"])
    assert STACKS[stack]["networks"]["backend"] == {"internal": True}
    assert ("ports" in service) is (name in PUBLISHED)


@pytest.mark.parametrize("stack", STACKS)
def test_the_api_answers_this_machine_alone_and_whoever_has_a_token(stack: str):
    service = service_of(stack, "api")
    assert service["ports"] == ["127.0.0.1:${MOODLINE_API_PORT:-8000}:8000"]
    options = dict(pairwise(service["command"]))
    assert (options["--host"], options["--port"]) == ("0.0.0.0", "8000")
    assert options["--token-file"] == "/run/secrets/api_tokens"
    assert "api_tokens" in service["secrets"]
    others = [name for name in OURS | SERVERS if name != "api"]
    assert not [name for name in others if "api_tokens" in service_of(stack, name)["secrets"]]
    edge = STACKS[stack]["networks"]["edge"]
    assert edge == {"driver_opts": {"com.docker.network.bridge.enable_ip_masquerade": "false"}}
    assert "/v1/health" in str(service["healthcheck"]["test"])


@pytest.mark.parametrize("stack", STACKS)
def test_uploads_are_seen_at_one_place_and_written_by_those_who_keep_and_erase_them(stack: str):
    api, worker = service_of(stack, "api"), service_of(stack, "worker")
    place = dict(pairwise(api["command"]))["--uploads"]
    assert "--no-runner" in api["command"]
    assert f"uploads:{place}" in api["volumes"]
    assert f"uploads:{place}:ro" in worker["volumes"]
    producer = service_of(stack, "producer")
    assert f"uploads:{place}" in producer["volumes"]
    assert producer["environment"]["MOODLINE_UPLOADS_DIR"] == place
    assert f" {place}\n" in (ROOT / "Dockerfile").read_text(), "a new volume would be root's"


@each_service
def test_image_can_be_pinned_by_digest_without_an_edit(stack: str, name: str):
    assert re.fullmatch(r"\$\{[A-Z_]+_IMAGE:-[^}]+\}", service_of(stack, name)["image"])


@each_service
def test_secrets_are_declared_and_those_that_are_read_are_given(stack: str, name: str):
    service = service_of(stack, name)
    text = str(service.get("environment")) + str(service.get("command"))
    read = set(re.findall(r"/run/secrets/(\w+)", text))
    assert read == set(service["secrets"]) <= set(STACKS[stack]["secrets"])


@each_service
def test_no_password_stands_in_the_environment(stack: str, name: str):
    for key, value in service_of(stack, name).get("environment", {}).items():
        if re.search("PASSWORD|SECRET|TOKEN|DB_URL|BROKER_URL", key):
            assert key.endswith("_FILE")
            assert value.startswith("/run/secrets/")


@each_service
def test_volumes_are_declared_or_are_folders_that_cannot_be_written(stack: str, name: str):
    for volume in service_of(stack, name).get("volumes", []):
        source, _, rest = volume.rpartition("}:") if volume.startswith("$") else volume.partition(":")
        assert source in STACKS[stack]["volumes"] or rest.endswith(":ro"), volume


def test_every_declared_secret_volume_and_network_is_used():
    document = STACKS["cpu"]
    services = document["services"].values()
    assert {secret for service in services for secret in service["secrets"]} == set(document["secrets"])
    assert {network for service in services for network in service["networks"]} == set(document["networks"])
    mounted = {volume.split(":")[0] for service in services for volume in service.get("volumes", [])}
    assert set(document["volumes"]) <= mounted


@each_service
def test_service_waits_for_what_can_say_that_it_is_ready(stack: str, name: str):
    for other, how in service_of(stack, name).get("depends_on", {}).items():
        if how["condition"] == "service_healthy":
            assert service_of(stack, other)["healthcheck"]["test"]
        else:
            assert how["condition"] == "service_completed_successfully"
            assert other in ONE_SHOTS


@each_of_ours
def test_command_and_its_options_exist(stack: str, name: str):
    words = [str(word) for word in service_of(stack, name)["command"]]
    command = typer.main.get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]  # type: ignore[attr-defined]
    assert not hasattr(command, "commands"), f"no such sub-command: {words}"
    options = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
    assert {word for word in words if word.startswith("--")} <= options


@each_of_ours
def test_every_variable_is_a_setting(stack: str, name: str):
    fields = {f"MOODLINE_{field.upper()}" for field in Settings.model_fields}
    for key in service_of(stack, name)["environment"]:
        assert key.removesuffix("_FILE") in fields


@pytest.mark.parametrize("stack", STACKS)
def test_worker_may_finish_what_it_holds_before_it_is_killed(stack: str):
    worker = service_of(stack, "worker")
    grace = float(worker["command"][worker["command"].index("--grace") + 1])
    assert seconds(worker["stop_grace_period"]) >= grace + 30  # it gives back what it could not finish, then ends


@pytest.mark.parametrize("stack", STACKS)
def test_health_looks_at_the_file_that_the_worker_touches(stack: str):
    worker = service_of(stack, "worker")
    touched = worker["command"][worker["command"].index("--health-file") + 1]
    assert touched in worker["healthcheck"]["test"][1]
    assert touched.startswith("/tmp/")


def test_redis_keeps_what_it_was_given_and_refuses_when_full():
    words = service_of("cpu", "redis")["command"]
    settings = {name: value for name, value in pairwise(words) if name.startswith("--")}
    assert settings["--appendonly"] == "yes"
    assert settings["--appendfsync"] == "everysec"
    assert settings["--maxmemory-policy"] == "noeviction"
    assert settings["--maxmemory"] == "512mb"
    assert words[:2] == ["redis-server", "/run/secrets/redis_conf"]


def test_fragments_lie_in_memory_only():
    fragments = service_of("cpu", "fragments")
    settings = {name: value for name, value in pairwise(fragments["command"]) if name.startswith("--")}
    assert (settings["--appendonly"], settings["--save"]) == ("no", "")
    assert settings["--maxmemory-policy"] == "noeviction"
    assert fragments["volumes"] == []
    assert any(place.startswith("/data:") for place in fragments["tmpfs"])


def test_postgresql_is_made_like_the_one_that_tests_use():
    words = service_of("cpu", "postgres")["environment"]["POSTGRES_INITDB_ARGS"].split()
    assert words == ["--data-checksums", *servers.LOCALE]


def test_with_a_gpu_the_larger_model_is_asked_for_unless_another_is_named():
    for name in ("producer", "api"):
        of = {stack: service_of(stack, name)["environment"]["MOODLINE_MODEL"] for stack in ("cpu", "gpu")}
        assert of == {"cpu": "${MOODLINE_MODEL:-small}", "gpu": "${MOODLINE_MODEL:-large}"}


def test_gpu_is_asked_for_in_the_override_alone_one_for_the_process():
    assert "nvidia" not in BASE.read_text()
    worker = service_of("gpu", "worker")
    (device,) = worker["deploy"]["resources"]["reservations"]["devices"]
    assert device["capabilities"] == ["gpu"], "compose refuses a device without"
    assert len(device["device_ids"]) == 1
    assert worker["command"][1:3] == ["--concurrency", "1"]
    assert worker["environment"]["MOODLINE_DEVICE"] == "cuda:0"


def test_every_variable_that_a_person_may_set_is_documented():
    text = BASE.read_text() + GPU.read_text()
    variables = set(re.findall(r"\$\{([A-Z_]+)", text))
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "deploy.md").read_text(), re.MULTILINE))
    assert documented == variables
