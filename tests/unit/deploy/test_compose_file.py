"""What deploy/compose.yaml and deploy/Dockerfile name exists; they are not run here."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from samsyn_chassis.settings import Settings
from samsyn_exchange.settings import ExchangeSettings
from samsyn_local.artifacts import version_of
from samsyn_local.kafka import LARGEST_BATCH

CHECKOUT = Path(__file__).resolve().parents[3]
DEPLOY = CHECKOUT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
PARTS: dict[str, dict[str, Any]] = COMPOSE["services"]
NAMES: list[str] = yaml.safe_load((DEPLOY / "topics.yaml").read_text(encoding="utf-8"))["services"]
GIVEN = {
    "SAMSYN_POSTGRES_PASSWORD": "a1b2c3",
    "SAMSYN_TOKEN_SECRET": "0123456789abcdef0123456789abcdef",
    "SAMSYN_CONTENTS_KEY": "cd" * 32,
    "SAMSYN_DEAD_LETTER_KEY": "ab" * 32,
}


def filled_in(value: str) -> str:
    """The value as compose would give it to a container when what it asks for is given."""

    def given(match: re.Match[str]) -> str:
        name, default = match.group(1), match.group(2)
        return GIVEN.get(name) or default or pytest.fail(f"{name} is neither given nor has a default")

    return re.sub(r"\$\{(\w+)(?::-(\w+)|:\?[^}]*)?\}", given, value)


@pytest.mark.parametrize("name", NAMES)
def test_every_service_that_topics_names_is_started(name: str) -> None:
    assert PARTS[name]["command"] == ["python", "-m", f"samsyn_{name}"]
    assert (CHECKOUT / "services" / name / f"samsyn_{name}" / "__main__.py").is_file()


@pytest.mark.parametrize("name", NAMES)
def test_every_service_starts_with_the_settings_that_compose_gives(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in PARTS[name]["environment"].items():
        monkeypatch.setenv(variable, filled_in(value))

    settings = ExchangeSettings() if name == "exchange" else Settings()

    assert f":{settings.http_port}/health" in PARTS[name]["healthcheck"]["test"][-1]


@pytest.mark.parametrize("name", NAMES)
def test_every_service_has_a_database_of_its_own_that_is_created(name: str) -> None:
    created = re.findall(r"CREATE DATABASE (\w+);", (DEPLOY / "databases.sql").read_text(encoding="utf-8"))

    assert PARTS[name]["environment"]["SAMSYN_DATABASE"].endswith(f"/{name}")
    assert name in created


def test_every_setting_that_compose_gives_is_one_that_a_service_reads() -> None:
    known = {f"SAMSYN_{field.upper()}" for field in ExchangeSettings.model_fields}
    given = {variable for name in NAMES for variable in PARTS[name]["environment"]}

    assert given <= known


def test_every_file_that_compose_names_exists() -> None:
    mounted = [v.split(":")[0] for part in PARTS.values() for v in part.get("volumes", []) if v.startswith(".")]
    build = PARTS["loopback"]["build"]
    script = PARTS["topics"]["command"][1]

    assert mounted == ["./databases.sql"]
    assert all((DEPLOY / path).is_file() for path in mounted)
    assert (DEPLOY / build["context"] / build["dockerfile"]).is_file()
    assert (CHECKOUT / script).is_file()


def test_everything_the_image_copies_exists() -> None:
    copied = re.findall(r"^COPY (\S+) ", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)

    assert len(copied) == 5
    assert all((CHECKOUT / path).exists() for path in copied)


def test_every_part_that_another_waits_for_exists() -> None:
    awaited = {name for part in PARTS.values() for name in part.get("depends_on", {})}
    networks = {part["network_mode"].removeprefix("service:") for part in PARTS.values()} - {"bridge"}

    assert awaited | networks <= PARTS.keys()


def test_every_image_is_pinned_to_a_version() -> None:
    base = re.findall(r"^FROM (\S+)", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    images = [*base, *(part["image"] for part in PARTS.values())]

    assert all(re.search(r":\d+\.\d+(\.\d+)?(-[a-z-]+)?$", image) for image in images), images


def test_kafka_is_the_version_that_runs_without_containers() -> None:
    assert PARTS["kafka"]["image"] == f"apache/kafka:{version_of('kafka')}"


def test_kafka_takes_events_as_large_as_without_containers() -> None:
    assert PARTS["kafka"]["environment"]["KAFKA_MESSAGE_MAX_BYTES"] == str(LARGEST_BATCH)


def test_no_secret_stands_in_the_file() -> None:
    secrets = [
        value
        for part in PARTS.values()
        for name, value in part.get("environment", {}).items()
        if re.search("PASSWORD|SECRET|KEY|TOKEN", name)
    ]
    passwords = re.findall(r"://\w+:(.*?)@", (DEPLOY / "compose.yaml").read_text(encoding="utf-8"))

    assert len(secrets) == 7
    assert all(value.startswith("${SAMSYN_") and ":?" in value for value in secrets)
    assert set(passwords) == {"${SAMSYN_POSTGRES_PASSWORD}"}


def test_no_port_is_open_to_other_machines() -> None:
    ports = [port for part in PARTS.values() for port in part.get("ports", [])]

    assert len(ports) == 3
    assert all(port.startswith("127.0.0.1:") for port in ports)
