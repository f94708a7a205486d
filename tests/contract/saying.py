"""Builders of records for the tests of the contracts: a full example of each message, to be changed by one fact."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "contracts" / "examples"

Record = tuple[list[tuple[str, bytes | None]], bytes]


def example(name: str = "PoliceCancelled") -> dict[str, Any]:
    """The full example of a message: {"headers": …, "body": …}."""
    told: dict[str, Any] = json.loads((EXAMPLES / f"{name}.v1.json").read_text("utf-8"))
    return told


def a_body(name: str = "PoliceCancelled", /, **changes: Any) -> dict[str, Any]:
    """The example's body with some fields changed; a field set to `...` is left out."""
    facts = {**example(name)["body"], **changes}
    return {key: value for key, value in facts.items() if value is not ...}


def some_headers(**changes: bytes | str | None) -> list[tuple[str, bytes | None]]:
    """The headers of PoliceCancelled with some attributes changed (`ce_` is added); None leaves one out."""
    headers: dict[str, bytes | str] = dict(example()["headers"])
    for name, value in changes.items():
        key = name if name == "traceparent" else f"ce_{name}"
        headers.pop(key, None)
        if value is not None:
            headers[key] = value
    return [(key, value if isinstance(value, bytes) else value.encode()) for key, value in headers.items()]


def encoded(facts: object) -> bytes:
    """A body as it travels."""
    return json.dumps(facts).encode()
