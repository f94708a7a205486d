"""The parts for people on one machine: sign-in, the desk, a post office, and the notifications."""

import hashlib
import hmac
import json
import secrets
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from samsyn_contracts.register import load_register

from samsyn_local.infrastructure import Infrastructure
from samsyn_local.postgres import create_databases, on_same_server
from samsyn_local.processes import Part, clean_environment
from samsyn_local.run_folder import RunFolder
from samsyn_local.traces import answers_up

DESK = "desk"
CLIENT = "samsyn-desk"
USERS = Path(__file__).parent / "users.json"
MAIL_DOMAIN = "samsyn.example"
# Agencies and centres; a feed has nobody to sit at a desk.
WITHOUT_PEOPLE = ("feed",)


def hosted_parties() -> list[str]:
    """Every party of the register that people may sit for."""
    return [party.code for party in load_register().parties if party.kind not in WITHOUT_PEOPLE]


def people(
    infrastructure: Infrastructure,
    exchange: str,
    token_secret: str | None = None,
    parties: Sequence[str] | None = None,
    env: Mapping[str, str] | None = None,
    users: Path = USERS,
    database: str | None = None,
) -> list[Part]:
    """Sign-in and desk, not yet started.

    `exchange` is the exchange's address, `token_secret` what it makes tokens from (the run's own where it is not
    given). `env` is added to what the desk is told; `database` is another one than the run's.
    """
    run = infrastructure.run
    codes = list(hosted_parties() if parties is None else parties)
    known = infrastructure.database("exchange")
    if database is None:
        create_databases(known, [DESK])
        database = on_same_server(known, DESK)
    port, sign_in_port = run.port("http_desk"), run.port("http_sign_in")
    desk_url, issuer = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sign_in_port}"
    client_secret = secrets.token_hex(16)
    provider = _part(
        infrastructure,
        "sign-in",
        "samsyn_local.sign_in_provider",
        sign_in_port,
        {
            "SAMSYN_PROVIDER_USERS": str(users),
            "SAMSYN_PROVIDER_CLIENT_SECRET": client_secret,
            "SAMSYN_PROVIDER_REDIRECT": f"{desk_url}/sign-in/back",
        },
        "/health",
    )
    told = {
        "SAMSYN_KAFKA": infrastructure.kafka,
        "SAMSYN_DATABASE": database,
        "SAMSYN_DESK_PARTIES": ",".join(codes),
        "SAMSYN_TOKENS": str(write_tokens(run, codes, token_secret or run.token_secret())),
        "SAMSYN_EXCHANGE_URL": exchange,
        "SAMSYN_STATE_DIR": str(run.state(DESK)),
        "SAMSYN_DESK_URL": desk_url,
        "SAMSYN_OIDC_ISSUER": issuer,
        "SAMSYN_OIDC_CLIENT_ID": CLIENT,
        "SAMSYN_OIDC_CLIENT_SECRET": client_secret,
    }
    desk = _part(infrastructure, DESK, "samsyn_adapter_desk", port, told | dict(env or {}), "/health")
    return [provider, desk]


def write_tokens(run: RunFolder, parties: Sequence[str], secret: str) -> Path:
    """The file of these parties' tokens for the exchange, readable by its owner alone."""
    path = run.path / "desk-tokens.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps({party: token(secret, party) for party in parties}, indent=1), encoding="ascii")
    return path


def token(secret: str, party: str) -> str:
    """A party's token, as the exchange makes it."""
    return hmac.new(secret.encode(), party.encode(), hashlib.sha256).hexdigest()


def told_users(users: Path = USERS) -> list[str]:
    """A line for each user: who it is, and on which seats."""
    listed: list[dict[str, Any]] = json.loads(users.read_text("utf-8"))
    return [f"{user['name']}: " + ", ".join(f"{s['party']} ({s['role']})" for s in user["seats"]) for user in listed]


def _part(
    infrastructure: Infrastructure, name: str, module: str, port: int, told: Mapping[str, str], ready: str
) -> Part:
    run = infrastructure.run
    more = {"SAMSYN_HTTP_PORT": str(port), "SAMSYN_ENVIRONMENT": "test", "PYTHONUNBUFFERED": "1"}
    if infrastructure.otlp is not None:
        more["SAMSYN_OTLP"] = infrastructure.otlp
    return Part(
        name=name,
        command=[sys.executable, "-m", module],
        environment=clean_environment(infrastructure.mark, **{**more, **told}),
        log=run.log(name),
        address=f"http://127.0.0.1:{port}",
        is_ready=lambda: answers_up(port, ready),
        version=version("samsyn-local"),
    )
