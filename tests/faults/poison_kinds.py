"""Hostile records: each is an event that is right but for one thing, and the code by which it must be told apart."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from samsyn_chassis.unpacking import MOST_UNPACKED
from samsyn_contracts.bus import MAX_EVENT_BYTES

Headers = tuple[tuple[str, bytes | None], ...]
Facts = dict[str, Any]
Where = Literal["party", "service", "both"]
Way = Literal["plain", "odd key", "zstd", "gzip"]
# What must turn up in no log, trace or answer, at the start of a line least of all.
CANARY = "Kanariefagel"
LOG_LINE = f"x\r\n2025-05-05 06:00:00,000 CRITICAL samsyn {CANARY}\x1b[2J"
MANDATORY = ("id", "source", "type", "time", "centre", "environment")


@dataclass(frozen=True)
class Record:
    """What is written: headers, body, key, and how (compressed, or with a header key that is not UTF-8)."""

    headers: Headers
    body: bytes | None
    key: bytes | None = b"akc-vast"
    way: Way = "plain"

    def header(self, name: str, *values: bytes) -> Record:
        """The same with another value of a header, with none, or with several."""
        kept = tuple(one for one in self.headers if one[0] != name)
        return replace(self, headers=(*kept, *((name, value) for value in values)))

    def but(self, body: bytes | None) -> Record:
        """The same with another body."""
        return replace(self, body=body)

    def with_facts(self, **facts: object) -> Record:
        """The same with other values of some fields."""
        return self.but(json.dumps({**self.facts, **facts}).encode())

    @property
    def facts(self) -> Facts:
        """What the body says while it is right."""
        told: Facts = json.loads(self.body or b"{}")
        return told

    @property
    def size(self) -> int:
        """Bytes of headers and body."""
        return len(self.body or b"") + sum(len(name) + len(value or b"") for name, value in self.headers)


Spoil = Callable[[Record], Record]


@dataclass(frozen=True)
class Kind:
    """One way to be hostile; `code` is None where the record must be taken all the same."""

    name: str
    code: str | None
    spoil: Spoil
    where: Where = "both"


def kinds(where: Where) -> list[Kind]:
    """All kinds for a place: what a party writes, or what stands on a topic of the services."""
    return [
        kind for kind in (*_bodies(), *_numbers(), *_fields(), *_headers(), *_sizes()) if kind.where in (where, "both")
    ]


def _bodies() -> Iterator[Kind]:
    yield Kind("empty body", "not_json", lambda r: r.but(b""))
    yield Kind("tombstone", "not_json", lambda r: r.but(None))
    yield Kind("body not UTF-8", "not_json", lambda r: r.but((r.body or b"").replace(b"{", b'{"\xff\xfe": 1, ', 1)))
    yield Kind("body in UTF-16", "not_json", lambda r: r.but((r.body or b"").decode().encode("utf-16")))
    yield Kind("byte order mark", "not_json", lambda r: r.but(b"\xef\xbb\xbf" + (r.body or b"")))
    yield Kind("garbage", "not_json", lambda r: r.but(b"\x00\xff\x17garbage"))
    yield Kind("array for object", "not_json", lambda r: r.but(b"[" + (r.body or b"") + b"]"))
    yield Kind("text for object", "not_json", lambda r: r.but(b'"text"'))
    yield Kind("cut in the middle", "not_json", lambda r: r.but((r.body or b"")[:-20]))
    yield Kind("nested 40 deep", "too_deep", lambda r: r.with_facts(a=_nested(40)))
    yield Kind("nested without end", "too_deep", lambda r: r.but(b'{"a":' + b"[" * 100_000))
    yield Kind("key twice", "not_json", lambda r: r.but((r.body or b"").replace(b"{", b'{"a": 1, "a": 2, ', 1)))
    yield Kind("null", "null_not_allowed", lambda r: r.with_facts(role=None))
    yield Kind("lone surrogate", "invalid_field", lambda r: r.with_facts(role="\ud800"))
    yield Kind("NUL in a text", "invalid_field", lambda r: r.with_facts(role="a\x00b"))
    yield Kind("content type and body of XML", "not_json", lambda r: r.header("content-type", b"text/xml").but(b"<a/>"))
    yield Kind("no key", "not_json", lambda r: replace(r, key=None).but(b"no json"))
    yield Kind(
        "20 000 keys", "missing_field", lambda r: r.but(json.dumps(dict.fromkeys(map(str, range(20_000)), 1)).encode())
    )


def _numbers() -> Iterator[Kind]:
    for name, number, code in (
        ("NaN", "NaN", "not_json"),
        ("Infinity", "-Infinity", "not_json"),
        ("number of 400 digits", "9" * 400, "invalid_field"),
        ("number of 10 000 digits", "9" * 10_000, "not_json"),
        ("exponent that overflows", "1e400", "invalid_field"),
        ("float for integer", "4.0", "invalid_field"),
        ("negative zero", "-0.0", "invalid_field"),
        ("number as text", '"4"', "invalid_field"),
    ):
        yield Kind(name, code, _number(number))


def _fields() -> Iterator[Kind]:
    for name, text in (
        ("formula of a spreadsheet", f'=HYPERLINK("http://example.org/{CANARY}")'),
        ("script tag", f"<script>alert('{CANARY}')</script>"),
        ("line breaks and ANSI in a text", LOG_LINE),
        ("text of 200 000 signs", CANARY * 16_666),
    ):
        yield Kind(name, "invalid_field", _text(text))
    yield Kind("field missing", "missing_field", lambda r: r.but(b'{"role": "lead"}'))
    yield Kind("number for an id", "invalid_field", lambda r: r.with_facts(**{_id_field(r): 7}))
    yield Kind("unknown value", "invalid_field", lambda r: r.with_facts(unit="navy"), "party")
    yield Kind(
        "instant without offset", "invalid_field", lambda r: r.with_facts(start_at="2025-05-08T07:00:00"), "party"
    )
    yield Kind("year 9999", "invalid_field", lambda r: r.with_facts(end_at="9999-12-31T23:59:59Z"), "party")
    yield Kind("another's thing", "not_owner", lambda r: r.with_facts(capacity_id="skatteverket:t1"), "party")


def _headers() -> Iterator[Kind]:
    for name in MANDATORY:
        yield Kind(f"no ce_{name}", "header_missing", _header(f"ce_{name}"))
    for name, header, value, code in (
        ("header not UTF-8", "ce_agencyref", b"\xff\xfe", "header_not_utf8"),
        ("type not UTF-8", "ce_type", b"se.samsyn.\xff", "header_not_utf8"),
        ("line breaks and ANSI in a header", "ce_agencyref", LOG_LINE.encode(), "header_invalid"),
        ("ANSI in the id", "ce_id", b"\x1b[31mred", "header_invalid"),
        ("id that is no id", "ce_id", b"not an id, and " + CANARY.encode(), "header_invalid"),
        ("NUL in a header", "ce_agencyref", b"a\x00b", "header_invalid"),
        ("source of no form", "ce_source", b"urn:evil:" + CANARY.encode(), "header_invalid"),
        ("centre of no form", "ce_centre", b"AKC VAST", "header_invalid"),
        ("time without offset", "ce_time", b"2025-05-05T06:00:00", "header_invalid"),
        ("time in year 9999", "ce_time", b"9999-12-31T23:59:59-23:59", "header_invalid"),
        ("sequence over 64 bits", "ce_sequence", str(2**63).encode(), "header_invalid"),
        ("negative sequence", "ce_sequence", b"-1", "header_invalid"),
        ("trace of no form", "traceparent", b"00-nothing", "header_invalid"),
        ("another CloudEvents version", "ce_specversion", b"0.3", "header_invalid"),
        ("unknown type", "ce_type", b"se.samsyn.PoliceVanished.v1", "unknown_type"),
        ("unknown version", "ce_type", b"se.samsyn.CapacityOffered.v2", "unknown_type"),
    ):
        yield Kind(name, code, _header(header, value))
    for name, header, value, code in (
        ("spoofed source", "ce_source", b"urn:samsyn:skatteverket", "foreign_source"),
        ("source of a service", "ce_source", b"urn:samsyn:service:planning", "foreign_source"),
        ("another's type", "ce_type", b"se.samsyn.PlanPublished.v1", "not_allowed"),
        ("unknown centre", "ce_centre", b"akc-ingenstans", "unknown_centre"),
        ("another environment", "ce_environment", b"prod", "wrong_environment"),
    ):
        yield Kind(name, code, _header(header, value), "party")
    yield Kind("header twice", "header_invalid", lambda r: r.header("ce_centre", b"akc-vast", b"akc-syd"))
    yield Kind("10 000 headers", "header_invalid", lambda r: replace(r, headers=(*r.headers, *_many(10_000))))
    yield Kind("header key not UTF-8", "header_not_utf8", lambda r: replace(r, way="odd key"))


def _sizes() -> Iterator[Kind]:
    yield Kind("a byte below the limit", None, lambda r: _filled(r, MAX_EVENT_BYTES - 1), "party")
    yield Kind("at the limit", None, lambda r: _filled(r, MAX_EVENT_BYTES), "party")
    yield Kind("a byte above the limit", "too_large", lambda r: _filled(r, MAX_EVENT_BYTES + 1), "party")
    yield Kind("body above the limit", "too_large", lambda r: r.but(_filled(r, MAX_EVENT_BYTES + 1 + r.size).body))
    yield Kind("compressed 1 000 to 1", "too_large", lambda r: replace(r, way="gzip").but(bytes(8 * 1024 * 1024)))
    yield Kind("a bomb of zstd", "too_large", lambda r: replace(r, way="zstd").but(bytes(MOST_UNPACKED + 1)))


def _header(name: str, *values: bytes) -> Spoil:
    return lambda record: record.header(name, *values)


def _text(text: str) -> Spoil:
    return lambda record: record.with_facts(**{_id_field(record): text})


def _number(number: str) -> Spoil:
    return lambda record: record.but(_with_number(record, number))


def _nested(depth: int) -> object:
    return 1 if depth == 0 else {"a": _nested(depth - 1)}


def _id_field(record: Record) -> str:
    return next(name for name in ("capacity_id", "operation_id") if name in record.facts)


def _with_number(record: Record, number: str) -> bytes:
    field = next(name for name in ("staff", "plan_version") if name in record.facts)
    marked = json.dumps({**record.facts, field: "@"})
    return marked.replace('"@"', number).encode()


def _many(num: int) -> Sequence[tuple[str, bytes]]:
    return [(f"ce_x{number}", b"") for number in range(num)]


def _filled(record: Record, size: int) -> Record:
    """With a field that nobody knows, as long as is needed."""
    empty = record.with_facts(filling="")
    return record.with_facts(filling="x" * (size - empty.size))


def new_id(kind: str) -> str:
    """An id that tells the kind."""
    return f"{''.join(sign if sign.isalnum() else '-' for sign in kind)[:40]}-{uuid.uuid4().hex[:8]}"
