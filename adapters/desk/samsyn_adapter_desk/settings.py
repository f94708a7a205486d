"""Settings of the desk, all from the environment; what is missing or unsafe is refused with a sentence."""

from __future__ import annotations

import json
import stat
import sys
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from samsyn_adapter_sdk import Settings as Line
from samsyn_contracts.register import load_register

PREFIX = "SAMSYN_"
LOCAL_NAMES = {"localhost", "127.0.0.1", "::1"}


class Settings(BaseSettings):
    """Read from variables that begin with `SAMSYN_`; a list is separated by commas."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, hide_input_in_errors=True)

    database: str = Field(pattern="^postgresql://", repr=False, description="postgresql://… of the desk's own database")
    desk_parties: str = Field(description="codes of the parties that the desk hosts, separated by commas")
    tokens: Path = Field(description="a JSON file of this desk alone: party -> its token for the exchange")
    exchange_url: str = Field(description="address of the exchange")
    state_dir: Path = Field(description="a folder of the desk's own for the journals")
    desk_url: str = Field(description="the address at which people find the desk, https:// but on this machine")
    http_port: int = Field(description="the port that the desk listens on")
    http_host: str = Field(default="127.0.0.1", description="the address that the desk listens on")
    environment: Literal["prod", "test"] = Field(description="prod or test")
    oidc_issuer: str = Field(description="the address of the provider of sign-in")
    oidc_client_id: str = Field(description="the desk's id at that provider")
    oidc_client_secret: str = Field(repr=False, description="the desk's secret at that provider")
    kafka: str | None = Field(default=None, description="host:port of Kafka's brokers; without it over HTTPS")
    kafka_user: str | None = Field(default=None, description="the desk's user at the brokers")
    kafka_password: str | None = Field(default=None, repr=False, description="the password of that user")
    ca_file: Path | None = Field(default=None, description="file with an own certificate authority")
    otlp: str | None = Field(default=None, description="address of an OTLP/HTTP collector of traces")
    accessibility_mail: str = Field(
        default="tillganglighet@example.se", description="where barriers of the page are reported"
    )

    @field_validator("desk_parties")
    @classmethod
    def _names_parties(cls, value: str) -> str:
        known = load_register().by_code
        codes = [code.strip() for code in value.split(",") if code.strip()]
        if unknown := [code for code in codes if code not in known]:
            raise ValueError(f"{', '.join(unknown)} is in no register of parties")
        if not codes:
            raise ValueError("no party is named")
        return ",".join(dict.fromkeys(codes))

    @model_validator(mode="after")
    def _is_behind_tls(self) -> Settings:
        for name, url in (("DESK_URL", self.desk_url), ("OIDC_ISSUER", self.oidc_issuer)):
            address = urlsplit(url)
            if address.scheme != "https" and address.hostname not in LOCAL_NAMES:
                raise ValueError(f"{PREFIX}{name} must begin with https://: else everybody on the way reads along")
        return self

    @cached_property
    def parties(self) -> tuple[str, ...]:
        """The parties that the desk hosts."""
        return tuple(self.desk_parties.split(","))

    @property
    def is_https(self) -> bool:
        """Whether people reach the desk over TLS."""
        return self.desk_url.startswith("https://")

    @property
    def async_database(self) -> str:
        """The database's address for SQLAlchemy with asyncpg."""
        return self.database.replace("postgresql://", "postgresql+asyncpg://", 1)

    @cached_property
    def token_of(self) -> dict[str, str]:
        """Each hosted party's token; ValueError that names what is missing."""
        if self.environment == "prod" and self.tokens.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ValueError(f"{PREFIX}TOKENS is a file that others may read: `chmod 600` it")
        held: dict[str, str] = json.loads(self.tokens.read_text("utf-8"))
        if missing := [party for party in self.parties if not held.get(party)]:
            raise ValueError(f"{PREFIX}TOKENS has no token of {', '.join(missing)}")
        return {party: held[party] for party in self.parties}

    def line(self, party: str) -> Line:
        """How the adapter of one hosted party is connected."""
        return Line(
            kafka=self.kafka,
            exchange_url=self.exchange_url,
            token=self.token_of[party],
            state_dir=self.state_dir,
            environment=self.environment,
            sasl_username=self.kafka_user,
            sasl_password=self.kafka_password,
            tls=self.kafka_user is not None,
            ca_file=self.ca_file,
            otlp=self.otlp,
        )


def read_settings() -> Settings:
    """What the environment says; where that is wrong, a line per variable, without any value, and exit status 2."""
    try:
        settings = Settings()
        settings.token_of  # noqa: B018 - read now: a desk that cannot speak does not start
    except ValidationError as error:
        told = error.errors(include_url=False, include_context=False, include_input=False)
        print("The desk does not start.", *(_fault(dict(one)) for one in told), sep="\n", file=sys.stderr)
        sys.exit(2)
    except (OSError, ValueError) as error:
        print("The desk does not start.", error, sep="\n", file=sys.stderr)
        sys.exit(2)
    return settings


def _fault(error: dict[str, Any]) -> str:
    if not error["loc"]:
        return str(error["msg"]).removeprefix("Value error, ")
    name = str(error["loc"][0])
    wrong = "missing" if error["type"] == "missing" else str(error["msg"]).removeprefix("Value error, ")
    return f"{PREFIX}{name.upper()}: {wrong}. Give {Settings.model_fields[name].description}."
