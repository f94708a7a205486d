"""Where notify finds Samsyn, its parties, functions, mail server and gateways, read from the environment."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from samsyn_adapter_sdk import Settings, SettingsError
from samsyn_contracts.register import load_register

from samsyn_adapter_notify.mail import MailServer

_MANDATORY = {
    "SAMSYN_NOTIFY_PARTIES": "codes of the parties, with commas between",
    "SAMSYN_TOKENS": "a JSON file of each party's token for the exchange, readable by its owner alone",
    "SAMSYN_RECIPIENTS": "a folder with one file of functions for each party",
    "SAMSYN_SMTP": "host:port of the mail server",
    "SAMSYN_MAIL_FROM": "the mailbox that mails come from",
    "SAMSYN_DESK_URL": "address of the desk",
}
_OTHERS_MAY_READ = 0o077


@dataclass(frozen=True)
class NotifySettings:
    """How notify runs; `connections` are those of the SDK, by party."""

    connections: Mapping[str, Settings]
    recipients: Path
    rules: Path | None
    mail_server: MailServer
    mail_from: str
    desk_url: str
    sms_tokens: Mapping[str, str] = field(repr=False)
    http_port: int | None
    tick_seconds: float

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> NotifySettings:
        """The settings in environment variables; SettingsError names what is missing and what to do."""
        missing = [f"{name} ({meaning})" for name, meaning in _MANDATORY.items() if not environ.get(name)]
        if missing:
            raise SettingsError("Set " + ", ".join(missing) + ".")
        tokens = _tokens(environ["SAMSYN_TOKENS"], "SAMSYN_TOKENS")
        sms_tokens = environ.get("SAMSYN_SMS_TOKENS")
        rules = environ.get("SAMSYN_RULES")
        port = environ.get("SAMSYN_HTTP_PORT")
        return cls(
            connections={party: _connection(party, tokens, environ) for party in _parties(environ)},
            recipients=Path(environ["SAMSYN_RECIPIENTS"]),
            rules=Path(rules) if rules else None,
            mail_server=_mail_server(environ),
            mail_from=environ["SAMSYN_MAIL_FROM"],
            desk_url=environ["SAMSYN_DESK_URL"],
            sms_tokens=_tokens(sms_tokens, "SAMSYN_SMS_TOKENS") if sms_tokens else {},
            http_port=int(_number(port, "SAMSYN_HTTP_PORT")) if port else None,
            tick_seconds=_number(environ.get("SAMSYN_NOTIFY_TICK_SECONDS", "15"), "SAMSYN_NOTIFY_TICK_SECONDS"),
        )


def _parties(environ: Mapping[str, str]) -> tuple[str, ...]:
    parties = tuple(dict.fromkeys(part.strip() for part in environ["SAMSYN_NOTIFY_PARTIES"].split(",") if part.strip()))
    unknown = [party for party in parties if party not in load_register().by_code]
    if unknown:
        raise SettingsError(f"SAMSYN_NOTIFY_PARTIES: {', '.join(unknown)} is not in the register: use codes that are.")
    return parties


def _connection(party: str, tokens: Mapping[str, str], environ: Mapping[str, str]) -> Settings:
    if party not in tokens:
        raise SettingsError(f"SAMSYN_TOKENS has no token of {party}: add it to the file.")
    # No heartbeat of its own: the party's adapter tells how the party's own system is.
    told = {name: value for name, value in environ.items() if name != "SAMSYN_HEARTBEAT_MINUTES"}
    return Settings.from_environment(told | {"SAMSYN_TOKEN": tokens[party]})


def _tokens(path: str, name: str) -> Mapping[str, str]:
    """Tokens by party, from a file that nobody else may read."""
    try:
        mode, content = Path(path).stat().st_mode, Path(path).read_text("utf-8")
        told = json.loads(content)
    except OSError as error:
        raise SettingsError(f"{name}: {path} cannot be read ({type(error).__name__}): write such a file.") from error
    except ValueError as error:
        raise SettingsError(f'{name}: {path} is not JSON of the form {{"party": "token"}}: mend it.') from error
    if mode & _OTHERS_MAY_READ:
        raise SettingsError(f"{name}: others may read {path}: set its mode to 600.")
    if not isinstance(told, dict) or not all(isinstance(token, str) for token in told.values()):
        raise SettingsError(f'{name}: {path} is not of the form {{"party": "token"}}: mend it.')
    return told


def _mail_server(environ: Mapping[str, str]) -> MailServer:
    host, colon, port = environ["SAMSYN_SMTP"].rpartition(":")
    if not colon or not host:
        raise SettingsError("SAMSYN_SMTP must be host:port, like mail.example.se:587.")
    ca_file = environ.get("SAMSYN_SMTP_CA_FILE")
    return MailServer(
        host=host.strip("[]"),
        port=int(_number(port, "SAMSYN_SMTP")),
        username=environ.get("SAMSYN_SMTP_USER") or None,
        password=environ.get("SAMSYN_SMTP_PASSWORD") or None,
        ca_file=Path(ca_file) if ca_file else None,
        timeout_seconds=_number(environ.get("SAMSYN_SMTP_TIMEOUT_SECONDS", "30"), "SAMSYN_SMTP_TIMEOUT_SECONDS"),
    )


def _number(text: str, name: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0
    if number <= 0:
        raise SettingsError(f"{name} must be a number above 0.")
    return number
