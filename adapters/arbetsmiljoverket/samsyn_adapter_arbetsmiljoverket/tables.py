"""The tables of the case system's codes, and what the authority is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from samsyn_adapter_sdk.codes import load_tables

AGENCY = "arbetsmiljoverket"
TABLES = load_tables("samsyn_adapter_arbetsmiljoverket")

Facts = Mapping[str, Any]


def own(number: str) -> str:
    """The id under which others know a thing of the authority."""
    return f"{AGENCY}:{number}"
