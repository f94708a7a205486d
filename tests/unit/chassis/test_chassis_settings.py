"""Settings that are wrong end the process with a sentence per variable, and never with a value."""

from __future__ import annotations

import os

import pytest
from pydantic import ValidationError
from samsyn_chassis.settings import Settings, read_settings

CANARY = "Kanariefagel"
RIGHT = {
    "SAMSYN_KAFKA": "127.0.0.1:9092",
    "SAMSYN_DATABASE": f"postgresql://reporting:{CANARY}@127.0.0.1/reporting",
    "SAMSYN_HTTP_PORT": "8004",
    "SAMSYN_ENVIRONMENT": "test",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The variables of a service that starts, and no others."""
    for name in [name for name in os.environ if name.startswith("SAMSYN_")]:
        monkeypatch.delenv(name)
    for name, value in RIGHT.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines said at an end with status 2."""
    with pytest.raises(SystemExit) as ended:
        read_settings(Settings)
    assert ended.value.code == 2
    return capsys.readouterr().err.splitlines()[1:]


def test_right_settings_are_read(environment: pytest.MonkeyPatch) -> None:
    assert read_settings(Settings).http_port == 8004


def test_each_variable_that_is_wrong_has_a_line_that_says_what_and_what_to_give(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.delenv("SAMSYN_KAFKA")
    environment.setenv("SAMSYN_HTTP_PORT", "eight")

    missing, wrong = told(capsys)

    assert missing == "SAMSYN_KAFKA: missing. Give host:port of Kafka's brokers, separated by commas."
    assert wrong.startswith("SAMSYN_HTTP_PORT: Input should be a valid integer")
    assert wrong.endswith("Give the port of /health, /status and /metrics.")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SAMSYN_DATABASE", f"mysql://reporting:{CANARY}@127.0.0.1/reporting"),
        ("SAMSYN_DEAD_LETTER_KEY", CANARY),
        ("SAMSYN_ENVIRONMENT", CANARY),
        ("SAMSYN_MAX_TRIES", CANARY),
    ],
)
def test_no_value_is_told(
    variable: str, value: str, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv(variable, value)

    (line,) = told(capsys)

    assert line.startswith(f"{variable}: ")
    assert CANARY not in line


def test_no_value_stands_in_the_error_or_in_the_settings_as_text(environment: pytest.MonkeyPatch) -> None:
    assert CANARY not in repr(read_settings(Settings))
    environment.setenv("SAMSYN_DATABASE", CANARY)

    with pytest.raises(ValidationError) as refused:
        Settings()

    assert CANARY not in str(refused.value)


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_variable_has_a_remedy(name: str) -> None:
    assert Settings.model_fields[name].description


def test_another_machine_without_a_user_is_refused(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("SAMSYN_KAFKA", "kafka.example.se:9092")

    (line,) = told(capsys)

    assert line.startswith("SAMSYN_KAFKA is another machine: give SAMSYN_KAFKA_USER")


def test_production_without_a_key_for_dead_letters_is_refused(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("SAMSYN_ENVIRONMENT", "prod")

    (line,) = told(capsys)

    assert line.startswith("SAMSYN_DEAD_LETTER_KEY is missing")


@pytest.mark.parametrize("name", ["SAMSYN_HTTP_CERTIFICATE", "SAMSYN_HTTP_KEY"])
def test_a_certificate_without_its_key_is_refused(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    environment.setenv(name, "a file")

    assert told(capsys) == ["Give SAMSYN_HTTP_CERTIFICATE and SAMSYN_HTTP_KEY together, or neither"]
