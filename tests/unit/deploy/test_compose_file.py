"""What deploy/compose.yaml and deploy/Dockerfile name exists; they are not run here."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from samsyn_adapter_desk.settings import read_settings as read_desk_settings
from samsyn_adapter_notify.settings import NotifySettings
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
    "SAMSYN_DESK_URL": "https://samsyn.example",
    "SAMSYN_DESK_PARTIES": "akc-vast,polisen",
    "SAMSYN_NOTIFY_PARTIES": "akc-vast,polisen",
    "SAMSYN_OIDC_ISSUER": "https://sign-in.example",
    "SAMSYN_OIDC_CLIENT_ID": "samsyn",
    "SAMSYN_OIDC_CLIENT_SECRET": "s3cret",
    "SAMSYN_ACCESSIBILITY_MAIL": "webb@samsyn.example",
    "SAMSYN_SMTP": "mail.example:587",
    "SAMSYN_MAIL_FROM": "samsyn@samsyn.example",
    "SAMSYN_TOKENS_FILE": "/srv/samsyn/tokens.json",
    "SAMSYN_RECIPIENTS_DIR": "/srv/samsyn/recipients",
}
PEOPLE = ("desk", "notify")


def filled_in(value: str) -> str:
    """The value as compose would give it to a container when what it asks for is given."""

    def given(match: re.Match[str]) -> str:
        name, default = match.group(1), match.group(2)
        if name in GIVEN:
            return GIVEN[name]
        return pytest.fail(f"{name} is neither given nor has a default") if default is None else str(default)

    return re.sub(r"\$\{(\w+)(?::-(\w*)|:\?[^}]*)?\}", given, value)


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


def environment_of(name: str, tmp_path: Path) -> dict[str, str]:
    """What a part for people is told, the file of tokens put where a test may write."""
    tokens = tmp_path / "tokens.json"
    tokens.write_text(json.dumps(dict.fromkeys(["akc-vast", "polisen"], "t")), encoding="ascii")
    tokens.chmod(0o600)
    told = {variable: filled_in(value) for variable, value in PARTS[name]["environment"].items()}
    return {**told, "SAMSYN_ENVIRONMENT": "prod", "SAMSYN_TOKENS": str(tokens)}


def test_the_desk_starts_with_the_settings_that_compose_gives(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable, value in environment_of("desk", tmp_path).items():
        monkeypatch.setenv(variable, value)

    settings = read_desk_settings()

    assert f":{settings.http_port}/health" in PARTS["desk"]["healthcheck"]["test"][-1]
    assert settings.token_of.keys() == {"akc-vast", "polisen"}
    assert settings.is_https


def test_notify_starts_with_the_settings_that_compose_gives(tmp_path: Path) -> None:
    settings = NotifySettings.from_environment(environment_of("notify", tmp_path))

    assert f":{settings.http_port}/health" in PARTS["notify"]["healthcheck"]["test"][-1]
    assert settings.mail_server.username is None


@pytest.mark.parametrize("name", PEOPLE)
def test_the_parts_for_people_keep_their_journals_and_get_their_tokens_as_a_file(name: str) -> None:
    part, secret = PARTS[name], COMPOSE["secrets"]["people_tokens"]
    folder, file = part["environment"]["SAMSYN_STATE_DIR"], part["environment"]["SAMSYN_TOKENS"]

    assert f"{name}:{folder}" in part["volumes"]
    assert name in COMPOSE["volumes"]
    assert file.removeprefix("/run/secrets/") in part["secrets"]
    assert secret["file"].startswith("${SAMSYN_TOKENS_FILE:?")


def test_no_sign_in_of_the_demo_is_there() -> None:
    assert "sign_in_provider" not in (DEPLOY / "compose.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*NAMES, "desk"])
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

    is_told = [":?" in value or value.endswith(":-}") for value in secrets if value.startswith("${SAMSYN_")]
    assert (len(secrets), is_told) == (11, [True] * 9)
    assert set(secrets) >= {"/run/secrets/people_tokens"}  # where the two others find theirs
    assert set(passwords) == {"${SAMSYN_POSTGRES_PASSWORD}"}


def test_no_port_is_open_to_other_machines() -> None:
    ports = [port for part in PARTS.values() for port in part.get("ports", [])]

    assert len(ports) == 4
    assert all(port.startswith("127.0.0.1:") for port in ports)
