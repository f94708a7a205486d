"""How an event travels over HTTP: CloudEvents in structured, batch and binary mode, to and from a record's form."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote_to_bytes

from samsyn_contracts.bus import Headers
from samsyn_contracts.rejection import RefusedError, rejection

BINARY = "application/json"
STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
MAX_TOGETHER = 100
MAX_REQUEST_BYTES = 1024 * 1024

_ATTRIBUTE = re.compile(r"[a-z0-9]{1,60}")
_SPACES = re.compile(r"[ \t\n\r]*")
_QUOTED_PAIR = re.compile(rb"\\(.)")
_TRACE = "traceparent"
_CONTENT_TYPE = "datacontenttype"
# Finds where a value ends; whether its contents are taken is decided where a record's body is read.
_DECODER = json.JSONDecoder()


def structured(headers: Iterable[tuple[str, bytes | None]], body: bytes | None) -> str:
    """The JSON text of one event: attributes as text, and the body as it is (in Base64 if it is no JSON)."""
    told: dict[str, str] = {"specversion": "1.0", _CONTENT_TYPE: BINARY}
    for key, value in headers:
        name = key.removeprefix("ce_")
        if value is not None and (name != key or key == _TRACE):
            told[name] = value.decode("utf-8", "replace")
    if body is None:
        return _json(told)
    if _is_json(body):
        return f'{_json(told)[:-1]},"data":{body.decode()}}}'
    return _json(told | {"data_base64": base64.b64encode(body).decode()})


def batch(events: Iterable[str]) -> str:
    """The JSON text of several events."""
    return f"[{','.join(events)}]"


def record_of(event: str) -> tuple[Headers, bytes | None]:
    """The record headers and body in the JSON text of one event; raises RefusedError if it is no JSON object.

    The body is the text of `data` as it was written, so that it is read by the same rules as a record's. An attribute
    that is null counts as absent, as CloudEvents has it; members that no attribute could have are ignored.
    """
    headers: Headers = []
    body: bytes | None = None
    for name, text in _values(event, "{", "}"):
        if name == "data":
            body = text.encode() if body is None else b""  # said twice, readers could differ on which one counts
        elif _ATTRIBUTE.fullmatch(name) and name != _CONTENT_TYPE and text != "null":
            headers.append((_key(name), _attribute_text(text)))
    return headers, body


def split_batch(events: str) -> list[str]:
    """The JSON text of each event of a batch; raises RefusedError if it is no JSON array."""
    return [text for _, text in _values(events, "[", "]")]


def record_headers(http_headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """The record headers in the HTTP headers of binary mode, percent-decoded as the CloudEvents binding says.

    A `ce-traceparent` is the event's own and goes before the `traceparent` of the request.
    """
    told = [(name.decode("latin-1").lower(), value) for name, value in http_headers]
    headers = [(_key(name[3:]), _unescaped(value)) for name, value in told if name.startswith("ce-")]
    if all(key != _TRACE for key, _ in headers):
        headers += [(name, value) for name, value in told if name == _TRACE]
    return headers


def _key(attribute: str) -> str:
    return attribute if attribute == _TRACE else f"ce_{attribute}"


def _attribute_text(text: str) -> bytes:
    """The value of an attribute; a number or a truth value as it is written."""
    value = json.loads(text) if text.startswith('"') else text
    return str(value).encode("utf-8", "surrogatepass")


def _unescaped(value: bytes) -> bytes:
    if len(value) > 1 and value.startswith(b'"') and value.endswith(b'"'):
        value = _QUOTED_PAIR.sub(rb"\1", value[1:-1])
    return unquote_to_bytes(value)


def _values(text: str, opening: str, closing: str) -> list[tuple[str, str]]:
    """Name (empty in an array) and text of each value between the brackets; raises RefusedError."""
    try:
        return list(_parts(text, opening, closing))
    except RecursionError:
        raise RefusedError(rejection("too_deep")) from None
    except ValueError:
        raise RefusedError(rejection("not_json")) from None


def _parts(text: str, opening: str, closing: str) -> Iterator[tuple[str, str]]:
    at = _over(text, _spaces(text, 0), opening)
    is_first = True
    while not text.startswith(closing, at):
        at = at if is_first else _over(text, at, ",")
        name, at = _name(text, at) if opening == "{" else ("", at)
        _, end = _DECODER.raw_decode(text, at)
        yield name, text[at:end]
        at, is_first = _spaces(text, end), False
    if _over(text, at, closing) != len(text):
        raise ValueError("something follows")


def _name(text: str, at: int) -> tuple[str, int]:
    if not text.startswith('"', at):
        raise ValueError("a name is text")
    name, end = _DECODER.raw_decode(text, at)
    return str(name), _over(text, _spaces(text, end), ":")


def _over(text: str, at: int, sign: str) -> int:
    """The place after a sign and the spaces that follow it."""
    if not text.startswith(sign, at):
        raise ValueError(f"{sign} is missing")
    return _spaces(text, at + 1)


def _spaces(text: str, at: int) -> int:
    found = _SPACES.match(text, at)
    return at if found is None else found.end()


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return False
    return True


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
