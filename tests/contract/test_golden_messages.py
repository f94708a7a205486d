"""Messages as they were said in each release are still read, with everything that was said in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from samsyn_contracts.bus import event_of
from samsyn_contracts.schemas.committed import CONTRACTS

GOLDEN = sorted((CONTRACTS / "released" / "messages").glob("*/*.json"))


def missing_from(kept: Any, said: Any, pointer: str = "") -> list[str]:
    """Where something that was said is no longer there; instants may be written in another way."""
    if isinstance(said, dict) and isinstance(kept, dict):
        return [p for key in said for p in missing_from(kept.get(key, ...), said[key], f"{pointer}/{key}")]
    if isinstance(said, list) and isinstance(kept, list) and len(said) == len(kept):
        pairs = enumerate(zip(kept, said, strict=True))
        return [p for number, (k, s) in pairs for p in missing_from(k, s, f"{pointer}/{number}")]
    return [] if kept == said else [pointer]


def test_there_are_golden_messages() -> None:
    assert len(GOLDEN) >= 36


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_golden_message_is_still_read(path: Path) -> None:
    told = json.loads(path.read_text("utf-8"))
    headers = [(key, value.encode()) for key, value in told["headers"].items()]
    event = event_of(headers, json.dumps(told["body"]).encode())
    assert missing_from(json.loads(event.message.body()), told["body"]) == []
