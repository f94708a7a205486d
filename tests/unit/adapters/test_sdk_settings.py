"""The SDK's settings from the environment, and the sentences where something is missing."""

from datetime import timedelta
from pathlib import Path

import pytest
from samsyn_adapter_sdk import Settings, SettingsError

GIVEN = {
    "SAMSYN_KAFKA": "kafka.example.se:9093",
    "SAMSYN_EXCHANGE_URL": "https://exchange.example.se",
    "SAMSYN_TOKEN": "sesam",
    "SAMSYN_STATE_DIR": "state",
}


def test_four_settings_are_enough() -> None:
    settings = Settings.from_environment(GIVEN)
    assert (settings.environment, settings.heartbeat, settings.state_dir) == ("test", None, Path("state"))


def test_all_that_is_missing_is_named_in_one_sentence() -> None:
    with pytest.raises(SettingsError, match=r"SAMSYN_EXCHANGE_URL.*SAMSYN_TOKEN"):
        Settings.from_environment({"SAMSYN_KAFKA": "x", "SAMSYN_STATE_DIR": "x"})


def test_without_a_broker_the_line_is_https() -> None:
    without = {name: value for name, value in GIVEN.items() if name != "SAMSYN_KAFKA"}
    assert Settings.from_environment(without).kafka is None


@pytest.mark.parametrize("address", ["http://exchange.example.se", "exchange.example.se"])
def test_without_a_broker_the_token_is_never_sent_in_the_clear(address: str) -> None:
    with pytest.raises(SettingsError, match="https://"):
        Settings.from_environment(GIVEN | {"SAMSYN_KAFKA": "", "SAMSYN_EXCHANGE_URL": address})


def test_to_the_own_machine_http_will_do() -> None:
    local = GIVEN | {"SAMSYN_KAFKA": "", "SAMSYN_EXCHANGE_URL": "http://127.0.0.1:8080"}
    assert Settings.from_environment(local).exchange_url == "http://127.0.0.1:8080"


def test_a_password_without_tls_is_refused_outside_the_own_machine() -> None:
    with pytest.raises(SettingsError, match="SAMSYN_TLS"):
        Settings.from_environment(GIVEN | {"SAMSYN_SASL_USERNAME": "skatteverket"})


def test_a_password_without_tls_is_allowed_on_the_own_machine() -> None:
    local = GIVEN | {"SAMSYN_KAFKA": "127.0.0.1:9092", "SAMSYN_SASL_USERNAME": "skatteverket"}
    assert Settings.from_environment(local).kafka_options["security_protocol"] == "SASL_PLAINTEXT"


def test_with_tls_the_password_is_sent_inside_it() -> None:
    options = Settings.from_environment(GIVEN | {"SAMSYN_SASL_USERNAME": "x", "SAMSYN_TLS": "1"}).kafka_options
    assert (options["security_protocol"], options["sasl_mechanism"]) == ("SASL_SSL", "SCRAM-SHA-512")


def test_secrets_are_not_shown() -> None:
    shown = repr(Settings.from_environment(GIVEN | {"SAMSYN_SASL_PASSWORD": "hemligt"}))
    assert "sesam" not in shown
    assert "hemligt" not in shown


def test_heartbeats_are_minutes() -> None:
    settings = Settings.from_environment(GIVEN | {"SAMSYN_HEARTBEAT_MINUTES": "5"})
    assert settings.heartbeat == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("name", "value"),
    [("SAMSYN_HEARTBEAT_MINUTES", "ofta"), ("SAMSYN_HEARTBEAT_MINUTES", "0"), ("SAMSYN_ENVIRONMENT", "lab")],
)
def test_a_setting_of_the_wrong_form_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment(GIVEN | {name: value})
