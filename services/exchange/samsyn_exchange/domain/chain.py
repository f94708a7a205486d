"""The message log as a chain: each entry's hash covers the one before, so that a change cannot be hidden."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from samsyn_contracts.bus import Headers

START = bytes(32)


@dataclass(frozen=True)
class Entry:
    """One entry of a centre's chain: its number from 1, the canonical headers, the body and the hash."""

    number: int
    headers: str
    body: bytes
    hash: bytes


def canonical_headers(headers: Headers) -> str:
    """Headers in one form only: JSON, in the order of the envelope, without spaces."""
    return json.dumps([[name, value.decode()] for name, value in headers], ensure_ascii=False, separators=(",", ":"))


def linked(previous: bytes, headers: str, body: bytes) -> bytes:
    """The hash of an entry: SHA-256 of the previous hash, headers, a line feed (JSON escapes its own) and body."""
    return hashlib.sha256(previous + headers.encode() + b"\n" + body).digest()


def appended(last_number: int, last_hash: bytes, said: Iterable[tuple[str, bytes]]) -> tuple[Entry, ...]:
    """The entries that follow the last one, for headers and bodies in their order."""
    entries: list[Entry] = []
    number, previous = last_number, last_hash
    for headers, body in said:
        number, previous = number + 1, linked(previous, headers, body)
        entries.append(Entry(number, headers, body, previous))
    return tuple(entries)


def first_broken(entries: Iterable[Entry]) -> int | None:
    """The number of the first entry, from 1 on, that does not follow from the ones before; None if all do."""
    previous = START
    for expected, entry in enumerate(entries, start=1):
        if entry.number != expected or entry.hash != linked(previous, entry.headers, entry.body):
            return expected
        previous = entry.hash
    return None
