"""Where an adapter finds Samsyn, read from the environment, with one clear sentence where something is missing."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from samsyn_contracts.envelope import Environment

_MANDATORY = {
    "SAMSYN_EXCHANGE_URL": "address of the exchange",
    "SAMSYN_TOKEN": "the agency's token for the exchange",
    "SAMSYN_STATE_DIR": "a folder of the adapter's own for its journal",
}
_LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]"}
_LOCAL_NAMES = {"localhost", "127.0.0.1", "::1"}


class SettingsError(ValueError):
    """A setting is missing or not allowed; the message says which and what to do."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How one adapter is connected; `kafka` None takes the HTTPS profile, `heartbeat` None says no heartbeats."""

    kafka: str | None = None
    exchange_url: str
    token: str = field(repr=False)
    state_dir: Path
    environment: Environment = "test"
    heartbeat: timedelta | None = None
    resend_after: timedelta = timedelta(seconds=10)
    sasl_username: str | None = None
    sasl_password: str | None = field(default=None, repr=False)
    tls: bool = False
    ca_file: Path | None = None
    otlp: str | None = None

    def __post_init__(self) -> None:
        if self.sasl_username and not self.tls and not self._is_local:
            raise SettingsError(
                "SAMSYN_SASL_USERNAME without TLS sends the password in the clear: set SAMSYN_TLS=1 "
                "(and SAMSYN_CA_FILE for an own authority)."
            )
        if self.kafka is None and not self._is_private:
            raise SettingsError(
                "SAMSYN_EXCHANGE_URL must begin with https:// where SAMSYN_KAFKA is not given: over http:// to another "
                "machine everybody on the way reads the token and the events."
            )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """The settings in environment variables; raises SettingsError naming every one that is missing."""
        missing = [f"{name} ({meaning})" for name, meaning in _MANDATORY.items() if not environ.get(name)]
        if missing:
            raise SettingsError("Set " + ", ".join(missing) + ".")
        minutes = _minutes(environ.get("SAMSYN_HEARTBEAT_MINUTES"))
        ca_file = environ.get("SAMSYN_CA_FILE")
        return cls(
            kafka=environ.get("SAMSYN_KAFKA") or None,
            exchange_url=environ["SAMSYN_EXCHANGE_URL"],
            token=environ["SAMSYN_TOKEN"],
            state_dir=Path(environ["SAMSYN_STATE_DIR"]),
            environment=_environment(environ.get("SAMSYN_ENVIRONMENT", "test")),
            heartbeat=minutes,
            sasl_username=environ.get("SAMSYN_SASL_USERNAME"),
            sasl_password=environ.get("SAMSYN_SASL_PASSWORD"),
            tls=environ.get("SAMSYN_TLS", "0") == "1",
            ca_file=Path(ca_file) if ca_file else None,
            otlp=environ.get("SAMSYN_OTLP"),
        )

    @property
    def kafka_options(self) -> dict[str, Any]:
        """Arguments of aiokafka's clients: address and security."""
        options: dict[str, Any] = {"bootstrap_servers": self.kafka}
        transport = "SSL" if self.tls else "PLAINTEXT"
        if self.tls:
            options["ssl_context"] = ssl.create_default_context(cafile=self.ca_file)
        if self.sasl_username:
            transport = "SASL_SSL" if self.tls else "SASL_PLAINTEXT"
            options |= {
                "sasl_mechanism": "SCRAM-SHA-512",
                "sasl_plain_username": self.sasl_username,
                "sasl_plain_password": self.sasl_password,
            }
        return options | {"security_protocol": transport}

    @property
    def verify(self) -> ssl.SSLContext:
        """How the exchange's certificate is checked: by the own authority if one is given, else by the system's."""
        return ssl.create_default_context(cafile=self.ca_file)

    @property
    def _is_local(self) -> bool:
        return all(server.rpartition(":")[0] in _LOCAL_HOSTS for server in (self.kafka or "").split(","))

    @property
    def _is_private(self) -> bool:
        """Whether nobody on the way can read what is said to the exchange."""
        address = urlsplit(self.exchange_url)
        return address.scheme == "https" or address.hostname in _LOCAL_NAMES


def _minutes(text: str | None) -> timedelta | None:
    if text is None:
        return None
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0
    if minutes <= 0:
        raise SettingsError("SAMSYN_HEARTBEAT_MINUTES must be a number of minutes above 0; leave it out for none.")
    return timedelta(minutes=minutes)


def _environment(text: str) -> Environment:
    if text == "prod":
        return "prod"
    if text == "test":
        return "test"
    raise SettingsError("SAMSYN_ENVIRONMENT must be prod or test.")
