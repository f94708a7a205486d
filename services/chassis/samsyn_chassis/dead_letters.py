"""What a dead letter tells and seals; `python -m samsyn_chassis.dead_letters KEYFILE < letter.json` opens one."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from samsyn_contracts.bus import raw_attribute
from samsyn_contracts.catalogue import MESSAGES

from samsyn_chassis.database import MAX_BODY_BYTES
from samsyn_chassis.reading import is_stand_in

if TYPE_CHECKING:
    from samsyn_chassis.batches import Record

REASON_LENGTH = 300
# Attributes that a letter repeats in clear, each only in its own form: what a stranger wrote there may be contents.
FORMS = {
    "id": re.compile(r"[A-Za-z0-9._:~-]{1,64}"),
    "source": re.compile(r"urn:samsyn:(service:)?[a-z][a-z0-9-]{1,40}"),
    "centre": re.compile(r"_all|[a-z][a-z0-9-]{1,40}"),
    "causationid": re.compile(r"[A-Za-z0-9._:~-]{1,64}"),
}


class CannotOpenError(ValueError):
    """The letter was sealed to another key, or to none."""


@dataclass
class Original:
    """A record as it stood on its topic."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


def letter_of(record: Record, reason: str, public_key: str | None) -> bytes:
    """A letter: where the record stood, who said it and why it was set aside; the original in it only sealed.

    `public_key` in hex. An original too large for a letter, or unreadable, is not in it: it stands on its topic.
    """
    letter: dict[str, object] = {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "reason": reason[:REASON_LENGTH],
        "sha256": digest_of(record.value),
        "size": size_of(record),
        **attributes_of(record),
    }
    sealed = b"" if public_key is None or is_stand_in(record) else sealed_original(record, public_key)
    whole = json.dumps({**letter, "sealed": base64.b64encode(sealed).decode()}).encode()
    return whole if sealed and len(whole) <= MAX_BODY_BYTES else json.dumps(letter).encode()


def attributes_of(record: Record) -> dict[str, str]:
    """Which event it was, where its headers tell it in the right form; its type if it is one of ours."""
    told = {name: raw_attribute(record.headers, name) for name in FORMS}
    known = {name: text for name, text in told.items() if text is not None and FORMS[name].fullmatch(text)}
    type_ = raw_attribute(record.headers, "type", 100)
    return {**known, "type": type_} if type_ is not None and type_ in MESSAGES else known


def digest_of(value: bytes | None) -> str:
    """The hash by which a record's body is known again."""
    return hashlib.sha256(value or b"").hexdigest()


def size_of(record: Record) -> int:
    """Bytes of key, headers and body."""
    headers = sum(len(name.encode("utf-8", "replace")) + len(value or b"") for name, value in record.headers)
    return headers + len(record.key or b"") + len(record.value or b"")


def sealed_original(record: Record, public_key: str) -> bytes:
    """Key, headers and body, every byte of them, sealed to a public key (hex) whose other half no service has."""
    headers = [[name, _encoded(value)] for name, value in record.headers]
    original = {"key": _encoded(record.key), "value": _encoded(record.value), "headers": headers}
    return bytes(SealedBox(PublicKey(bytes.fromhex(public_key))).encrypt(json.dumps(original).encode()))


def original_of(letter: Mapping[str, Any], private_key: str) -> Original:
    """The record that was set aside; `private_key` in hex. Raises CannotOpenError."""
    place = (str(letter["topic"]), int(letter["partition"]), int(letter["offset"]))
    return unsealed(base64.b64decode(letter.get("sealed", "")), private_key, place)


def unsealed(sealed: bytes, private_key: str, place: tuple[str, int, int]) -> Original:
    """What was sealed, with where it stood; raises CannotOpenError."""
    try:
        told = json.loads(SealedBox(PrivateKey(bytes.fromhex(private_key))).decrypt(sealed))
    except (CryptoError, ValueError):
        raise CannotOpenError("it is sealed to another key, or was not sealed at all") from None
    headers = [(name, _decoded(value)) for name, value in told["headers"]]
    return Original(*place, _decoded(told["key"]), _decoded(told["value"]), headers)


def opened(letter: bytes, private_key: str) -> str:
    """The record's key, headers and value as text; `private_key` in hex. Raises CannotOpenError."""
    return as_text(original_of(json.loads(letter), private_key))


def as_text(original: Original) -> str:
    """Key, headers and body for people to read: no byte of it commands the terminal."""
    headers = [f"{_shown(name.encode())}: {_shown(value)}" for name, value in original.headers]
    return "\n".join([f"key: {_shown(original.key)}", *headers, "", _shown(original.value)])


def _shown(value: bytes | None) -> str:
    text = (value or b"").decode(errors="backslashreplace")
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


def _encoded(value: bytes | None) -> str | None:
    return None if value is None else base64.b64encode(value).decode()


def _decoded(value: str | None) -> bytes | None:
    return None if value is None else base64.b64decode(value)


if __name__ == "__main__":
    print(opened(sys.stdin.buffer.read(), Path(sys.argv[1]).read_text(encoding="ascii").strip()))
