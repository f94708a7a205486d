"""Opens a dead letter: `python -m samsyn_chassis.dead_letters KEYFILE < letter.json` prints the record set aside."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

from nacl.public import PrivateKey, SealedBox


def opened(letter: bytes, private_key: str) -> str:
    """The record's key, headers and value as text; `private_key` in hex. Raises KeyError if it was not sealed."""
    sealed = base64.b64decode(json.loads(letter)["sealed"])
    original = json.loads(SealedBox(PrivateKey(bytes.fromhex(private_key))).decrypt(sealed))
    headers = [f"{name}: {_text(value)}" for name, value in original["headers"]]
    return "\n".join([f"key: {_text(original['key'])}", *headers, "", _text(original["value"])])


def _text(value: str | None) -> str:
    return "" if value is None else base64.b64decode(value).decode(errors="backslashreplace")


if __name__ == "__main__":
    print(opened(sys.stdin.buffer.read(), Path(sys.argv[1]).read_text(encoding="ascii").strip()))
