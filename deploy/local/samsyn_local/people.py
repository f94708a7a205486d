"""The parts for people on one machine: sign-in, the desk, a post office, and the notifications."""

import hashlib
import hmac
import json
import secrets
import string
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from samsyn_contracts.register import load_register

from samsyn_local.infrastructure import Infrastructure
from samsyn_local.postgres import create_databases, on_same_server
from samsyn_local.processes import Part, clean_environment
from samsyn_local.run_folder import RunFolder, is_free
from samsyn_local.traces import answers_up

DESK = "desk"
CLIENT = "samsyn-desk"
USERS = Path(__file__).parent / "users.json"
MAIL_DOMAIN = "samsyn.example"
ANY_ID = list(string.ascii_letters + string.digits)
PHONE = "070-174 06 05"  # of those that are kept free for films and books
# Whom notifications know the roles of the desk as; a reader is told nothing.
KINDS = {
    "centre_coordinator": "centre-coordinator",
    "agency_coordinator": "coordinator",
    "operational_coordinator": "operational-coordinator",
    "duty_officer": "duty-officer",
    "region_coordinator": "region-coordinator",
}
# Whom nobody sits for at the desk: they are told by mail alone. There is no gateway for text messages here.
ON_CALL, TEAM_LEAD = "jour", "gruppledare"
NIGHT = {"from": "21:00", "until": "07:00"}


def people(
    infrastructure: Infrastructure,
    exchange: str,
    token_secret: str | None = None,
    parties: Sequence[str] | None = None,
    users: Path = USERS,
    database: str | None = None,
    folder: Path | None = None,
) -> list[Part]:
    """Sign-in, post office, notifications and, last, the desk; not yet started.

    `exchange` is the exchange's address, `token_secret` what it makes tokens from (the run's own where it is not
    given). `parties` are those hosted (else those that `users` sit for); `database` and `folder` (of journals and
    mails) are others than the run's own.
    """
    run = infrastructure.run
    codes = list(seated_parties(users) if parties is None else parties)
    if database is None:
        known = infrastructure.database("exchange")
        create_databases(known, [DESK])
        database = on_same_server(known, DESK)
    ports = {name: run.port(name) for name in ("http_desk", "http_sign_in", "http_notify", "smtp")}
    desk_url, issuer = (f"http://127.0.0.1:{ports[name]}" for name in ("http_desk", "http_sign_in"))
    client_secret = secrets.token_hex(16)
    line = {
        "SAMSYN_KAFKA": infrastructure.kafka,
        "SAMSYN_TOKENS": str(write_tokens(run, codes, token_secret or run.token_secret())),
        "SAMSYN_EXCHANGE_URL": exchange,
        "SAMSYN_DESK_URL": desk_url,
    }
    return [
        _part(
            infrastructure,
            "sign-in",
            "samsyn_local.sign_in_provider",
            ports["http_sign_in"],
            {
                "SAMSYN_PROVIDER_USERS": str(users),
                "SAMSYN_PROVIDER_CLIENT_SECRET": client_secret,
                "SAMSYN_PROVIDER_REDIRECT": f"{desk_url}/sign-in/back",
            },
        ),
        _post_office(infrastructure, ports["smtp"], folder / "mail" if folder else mail_folder(run)),
        _part(
            infrastructure,
            "notify",
            "samsyn_adapter_notify",
            ports["http_notify"],
            {
                **line,
                "SAMSYN_NOTIFY_PARTIES": ",".join(codes),
                "SAMSYN_STATE_DIR": str(folder / "notify" if folder else run.state("notify")),
                "SAMSYN_RECIPIENTS": str(write_recipients(run, codes, users)),
                "SAMSYN_SMTP": f"127.0.0.1:{ports['smtp']}",
                "SAMSYN_MAIL_FROM": f"samsyn@{MAIL_DOMAIN}",
            },
        ),
        _part(
            infrastructure,
            DESK,
            "samsyn_adapter_desk",
            ports["http_desk"],
            {
                **line,
                "SAMSYN_DATABASE": database,
                "SAMSYN_DESK_PARTIES": ",".join(codes),
                "SAMSYN_STATE_DIR": str(folder / DESK if folder else run.state(DESK)),
                "SAMSYN_OIDC_ISSUER": issuer,
                "SAMSYN_OIDC_CLIENT_ID": CLIENT,
                "SAMSYN_OIDC_CLIENT_SECRET": client_secret,
            },
        ),
    ]


def mail_folder(run: RunFolder) -> Path:
    """Where the post office keeps what was sent."""
    return run.path / "mail"


def seated_parties(users: Path = USERS) -> list[str]:
    """The parties that somebody may sit for, in the order of the file."""
    return list(dict.fromkeys(seat["party"] for user in _read(users) for seat in user["seats"]))


def write_tokens(run: RunFolder, parties: Sequence[str], secret: str) -> Path:
    """The file of these parties' tokens for the exchange, readable by its owner alone."""
    path = run.path / "people-tokens.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps({party: token(secret, party) for party in parties}, indent=1), encoding="ascii")
    return path


def write_recipients(run: RunFolder, parties: Sequence[str], users: Path = USERS) -> Path:
    """A file of functions for each party, from the seats of the users, and who stands in; mailboxes are invented.

    Diaries are sealed to a key of the run, whose private half lies in its folder as `diary-key`.
    """
    folder = run.path / "recipients"
    folder.mkdir(exist_ok=True)
    for party in parties:
        seats = [(user, seat) for user in _read(users) for seat in user["seats"] if seat["party"] == party]
        told = {
            "party": party,
            "functions": with_stand_ins(party, _seated(seats)),
            "diary_key": run.diary_key(),
            "centres": {
                code: {"mail": f"samordnare@{code}.{MAIL_DOMAIN}", "phone": PHONE} for code in load_register().centres
            },
        }
        (folder / f"{party}.json").write_text(json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8")
    return folder


def with_stand_ins(party: str, seated: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The functions, each with the duty officer, or one on call, as its deputy; and of an agency a team lead."""
    found = [dict(one) for one in seated]
    officer = next((one["function"] for one in found if one["kind"] == "duty-officer"), None)
    for one in found:
        if one["kind"] != "duty-officer":
            one["deputy"] = officer or ON_CALL
    if officer is None and found:
        found.append(_stand_in(party, found[0], ON_CALL, "duty-officer", ("Jour", "On call")))
    if found and party not in load_register().centres:
        lead = _stand_in(party, found[0], TEAM_LEAD, "team-lead", ("Gruppledare", "Team lead"))
        found.append({**lead, "quiet": NIGHT})
    return found


def _stand_in(
    party: str, beside: Mapping[str, Any], function: str, kind: str, titles: tuple[str, str]
) -> dict[str, Any]:
    """A function of the party that hears of what the one beside it hears of; its calendar shows nothing."""
    same = {name: beside[name] for name in ("centre", "phone", "role", "capacities") if name in beside}
    named = {"function": function, "kind": kind, "title_sv": titles[0], "title_en": titles[1]}
    return {**named, **same, "mail": f"{function}@{party}.{MAIL_DOMAIN}"}


def token(secret: str, party: str) -> str:
    """A party's token, as the exchange makes it."""
    return hmac.new(secret.encode(), party.encode(), hashlib.sha256).hexdigest()


def told_users(users: Path = USERS) -> list[str]:
    """A line for each user: who it is, and on which seats."""
    return [
        f"{user['name']}: " + ", ".join(f"{seat['party']} ({seat['role']})" for seat in user["seats"])
        for user in _read(users)
    ]


def _read(users: Path) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads(users.read_text("utf-8"))
    return read


def _seated(seats: Sequence[tuple[Mapping[str, Any], Mapping[str, str]]]) -> list[dict[str, Any]]:
    """A function for each seat that is told something; departments that call one the same share it: it hears of all."""
    found: dict[str, dict[str, Any]] = {}
    for user, seat in seats:
        told = _function(user, seat)
        if told["kind"]:
            found.setdefault(told["function"], told)
    return list(found.values())


def _function(user: Mapping[str, Any], seat: Mapping[str, str]) -> dict[str, Any]:
    return {
        "function": seat["function"],
        "kind": KINDS.get(seat["role"], ""),
        "title_sv": user["name"],
        "title_en": user["name_en"],
        "centre": seat["party"] if seat["party"] in load_register().centres else "_all",
        "mail": f"{seat['function']}@{seat['party']}.{MAIL_DOMAIN}",
        "phone": PHONE,
        "calendar": True,
        # A party with roles: here the function hears of all that its departments take part in.
        **({"role": seat["actor_role"], "capacities": ANY_ID} if "actor_role" in seat else {}),
    }


def _post_office(infrastructure: Infrastructure, port: int, mails: Path) -> Part:
    run = infrastructure.run
    told = {"SAMSYN_SMTP_PORT": str(port), "SAMSYN_MAIL_DIR": str(mails), "PYTHONUNBUFFERED": "1"}
    return Part(
        name="post-office",
        command=[sys.executable, "-m", "samsyn_local.post_office"],
        environment=clean_environment(infrastructure.mark, **told),
        log=run.log("post-office"),
        address=f"127.0.0.1:{port}",
        is_ready=lambda: not is_free(port),
        version=version("samsyn-local"),
    )


def _part(infrastructure: Infrastructure, name: str, module: str, port: int, told: Mapping[str, str]) -> Part:
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
        is_ready=lambda: answers_up(port, "/health"),
        version=version("samsyn-local"),
    )
