"""Asks a running exchange why something is as it is, as those who run Samsyn may."""

import http.client
import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from samsyn_exchange.tokens import OPERATIONS, token_for

from samsyn_local.failure import StartError
from samsyn_local.run_folder import DEFAULT, RunFolder

WAIT_SECONDS = 10


def ask_why(run: RunFolder, asked: str, centre: str | None) -> dict[str, Any]:
    """The exchange's account of an operation or an event; StartError says what to do where there is none."""
    address = _exchange(run)
    token = token_for(os.environ.get("SAMSYN_TOKEN_SECRET") or run.token_secret(), OPERATIONS)
    query = f"?{urlencode({'centre': centre})}" if centre is not None else ""
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=WAIT_SECONDS)
    try:
        path = f"/v1/why/{quote(asked, safe='')}{query}"
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        response = connection.getresponse()
        told: dict[str, Any] = json.loads(response.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise StartError(f"The exchange does not answer ({type(error).__name__}); see `samsyn status`.") from None
    finally:
        connection.close()
    if response.status != http.client.OK:
        raise StartError(f"{asked}: {told.get('text_en', 'the exchange refuses to answer')}")
    return told


def how_to_start(run: RunFolder) -> str:
    """The command that starts a run again."""
    return f"samsyn up{'' if run.path == DEFAULT else f' --dir {_short(run.path)}'} --detach"


def _exchange(run: RunFolder) -> Any:
    holder, parts = run.holder(), run.read_status().get("parts", {})
    if holder is None:
        raise StartError(f"Samsyn is not running in {_short(run.path)}: `{how_to_start(run)}`, then ask again.")
    if "exchange" not in parts:
        raise StartError(
            f"Process {holder} runs in {_short(run.path)}, and no exchange that can be asked. Wait for it."
        )
    return urlsplit(parts["exchange"]["address"])


def _short(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
