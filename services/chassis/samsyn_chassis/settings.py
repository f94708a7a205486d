"""Settings of a service, all from the environment; an unsafe combination is refused with a sentence."""

from __future__ import annotations

import sys
from ssl import create_default_context
from typing import Any, Literal, TypeVar

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = ("127.", "localhost", "[::1]")
PREFIX = "SAMSYN_"
AnySettings = TypeVar("AnySettings", bound="Settings")


class Settings(BaseSettings):
    """Read from variables that begin with `SAMSYN_`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, hide_input_in_errors=True)

    kafka: str = Field(description="host:port of Kafka's brokers, separated by commas")
    database: str = Field(
        pattern="^postgresql://", repr=False, description="postgresql://… of this service's own database"
    )
    http_host: str = Field(default="127.0.0.1", description="the address that /health, /status and /metrics listen on")
    http_port: int = Field(description="the port of /health, /status and /metrics")
    http_certificate: str | None = Field(default=None, description="file with the certificate (PEM) of those pages")
    http_key: str | None = Field(default=None, description="file with the key of that certificate")
    environment: Literal["prod", "test"] = Field(description="prod or test")
    otlp: str | None = Field(default=None, description="address of an OTLP/HTTP collector of traces")
    dead_letter_key: str | None = Field(
        default=None, pattern="^[0-9a-f]{64}$", description="the public key (hex) that dead letters are sealed to"
    )
    instance: str | None = Field(default=None, description="name of this process among the service's, kept at restarts")
    kafka_user: str | None = Field(default=None, description="this service's user at the brokers")
    kafka_password: str | None = Field(default=None, repr=False, description="the password of that user")
    kafka_ca: str | None = Field(default=None, description="file with the certificate authority of the brokers")
    batch_records: int = Field(default=500, ge=1, description="the most records of one transaction")
    max_tries: int = Field(default=3, ge=1, description="tries of a message that fails for an unknown reason")

    @model_validator(mode="after")
    def _refuse_what_is_unsafe(self) -> Settings:
        is_local = all(host.strip().startswith(LOOPBACK) for host in self.kafka.split(","))
        if self.kafka_user is None and not is_local:
            raise ValueError("SAMSYN_KAFKA is another machine: give SAMSYN_KAFKA_USER and _PASSWORD (SCRAM over TLS)")
        if (self.http_certificate is None) != (self.http_key is None):
            raise ValueError("Give SAMSYN_HTTP_CERTIFICATE and SAMSYN_HTTP_KEY together, or neither")
        if self.environment == "prod" and self.dead_letter_key is None:
            raise ValueError(
                "SAMSYN_DEAD_LETTER_KEY is missing: dead letters hold secrets and are sealed in production"
            )
        return self

    @property
    def connection(self) -> dict[str, Any]:
        """How Kafka's clients reach the brokers; with a user always over TLS: SCRAM alone would be plaintext."""
        if self.kafka_user is None:
            return {"bootstrap_servers": self.kafka}
        return {
            "bootstrap_servers": self.kafka,
            "security_protocol": "SASL_SSL",
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": self.kafka_user,
            "sasl_plain_password": self.kafka_password,
            "ssl_context": create_default_context(cafile=self.kafka_ca),
        }

    @property
    def async_database(self) -> str:
        """The database's address for SQLAlchemy with asyncpg."""
        return self.database.replace("postgresql://", "postgresql+asyncpg://", 1)


def read_settings(kind: type[AnySettings]) -> AnySettings:
    """What the environment says; where that is wrong, a line per variable, without any value, and exit status 2."""
    try:
        return kind()
    except ValidationError as error:
        told = error.errors(include_url=False, include_context=False, include_input=False)
        print("Samsyn does not start.", *(_fault(kind, dict(one)) for one in told), sep="\n", file=sys.stderr)
        sys.exit(2)


def _fault(kind: type[Settings], error: dict[str, Any]) -> str:
    if not error["loc"]:
        return str(error["msg"]).removeprefix("Value error, ")
    name = str(error["loc"][0])
    wrong = "missing" if error["type"] == "missing" else error["msg"]
    return f"{PREFIX}{name.upper()}: {wrong}. Give {kind.model_fields[name].description}."
