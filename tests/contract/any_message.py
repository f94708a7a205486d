"""Any message and any envelope that the schemas allow, for property tests."""

from __future__ import annotations

import string
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st
from samsyn_contracts.envelope import MAX_SEQUENCE
from samsyn_contracts.message import Message
from samsyn_contracts.schemas.generation import Schema, envelope_schema, message_schema

ZONES = [UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-11, minutes=-30))]
FIRST, LAST = datetime.fromisoformat("2000-01-02"), datetime.fromisoformat("2199-12-30")
ORDERED = (("start_at", "end_at"), ("from_at", "until_at"))
DEADLINES = ("capacity_call_by", "information_by", "freeze_at", "evaluate_by")
ADDRESSES = {"phone": "031-390 06 05", "mail": "samordnare@skatteverket.example", "radio": "SAMV-1"}
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60)
INSTANTS = st.datetimes(FIRST, LAST, timezones=st.sampled_from(ZONES)).map(datetime.isoformat)


def bodies(message_class: type[Message]) -> st.SearchStrategy[dict[str, Any]]:
    """Any body that the message's schema allows, kept to the rules that a schema cannot say."""
    schema = message_schema(message_class)
    return _values(schema, schema.get("$defs", {})).map(_sensible)


def headers() -> st.SearchStrategy[dict[str, str]]:
    """Any headers that the envelope's schema allows; text in them is printable ASCII, as agencies are advised.

    A number has at most 19 digits by its schema, which cannot say where in these the largest one lies.
    """
    return _values(envelope_schema(), {}).filter(_is_sensible)


def _is_sensible(told: dict[str, str]) -> bool:
    is_plain = all(value.isascii() and value.isprintable() for value in told.values())
    return is_plain and int(told.get("ce_sequence", "0")) <= MAX_SEQUENCE


def _values(schema: Schema, parts: Mapping[str, Schema]) -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        return _values(parts[schema["$ref"].rpartition("/")[2]], parts)
    if "const" in schema or "enum" in schema:
        return st.sampled_from(schema.get("enum", [schema.get("const")]))
    made = {"object": _objects, "array": _lists, "string": _texts, "number": _numbers, "integer": _integers}
    return st.booleans() if schema["type"] == "boolean" else made[schema["type"]](schema, parts)


def _objects(schema: Schema, parts: Mapping[str, Schema]) -> st.SearchStrategy[Any]:
    fields = {name: _values(member, parts) for name, member in schema["properties"].items()}
    mandatory = {name: fields.pop(name) for name in schema.get("required", ())}
    return st.fixed_dictionaries(mandatory, optional=fields)


def _lists(schema: Schema, parts: Mapping[str, Schema]) -> st.SearchStrategy[Any]:
    return st.lists(_values(schema["items"], parts), min_size=schema.get("minItems", 0), max_size=3)


def _texts(schema: Schema, _: Mapping[str, Schema]) -> st.SearchStrategy[Any]:
    if schema.get("format") == "date-time":
        return INSTANTS
    if schema.get("format") == "date":
        return st.dates(FIRST.date(), LAST.date()).map(date.isoformat)
    if "pattern" in schema:
        return st.from_regex(schema["pattern"], fullmatch=True, alphabet=st.sampled_from(string.printable[:95]))
    least, most = schema.get("minLength", 0), schema.get("maxLength", 60)
    return TEXT.map(lambda text: text[:most]).filter(lambda text: len(text) >= least)


def _numbers(schema: Schema, _: Mapping[str, Schema]) -> st.SearchStrategy[Any]:
    return st.floats(schema.get("minimum"), schema.get("maximum"), allow_nan=False, allow_infinity=False)


def _integers(schema: Schema, _: Mapping[str, Schema]) -> st.SearchStrategy[Any]:
    return st.integers(schema.get("minimum", -(2**63)), schema.get("maximum", 2**63 - 1))


def _sensible(value: Any) -> Any:
    """The value with what follows what in its order, and a site either named or referred to."""
    if isinstance(value, list):
        return [_sensible(member) for member in value]
    if not isinstance(value, dict):
        return value
    told = {key: _sensible(member) for key, member in value.items()}
    _put_in_order(told)
    if "name" in told or "organisation_number" in told:
        told.pop("identity_ref", None)
    if told.get("unit") in {"local_police", "border_police"}:
        told.setdefault("base", {"lat": 57.7, "lon": 11.97})
    if told.get("unit") == "team":
        told.setdefault("team", "team-1")
    if "noted_by" in told:
        _speak_of_another(told)
    _be_reached(told)
    return told


def _speak_of_another(told: dict[str, Any]) -> None:
    """A note is of another agency's answer about its own capacity, with a reason where that is no."""
    told |= {"noted_by": "akc-vast", "agency": "skatteverket", "capacity_id": "skatteverket:t1"}
    told.pop("reason_code", None)
    if told["answer"] == "decline":
        told["reason_code"] = "illness"


def _be_reached(told: dict[str, Any]) -> None:
    """An agency is reached by functions of its own, by some channel unless they are gone, written as its kind says."""
    if told.keys() >= {"kind", "address"}:
        told["address"] = ADDRESSES[told["kind"]]
    if "function_id" not in told:
        return
    told |= {"agency": "skatteverket", "function_id": "skatteverket:samordnare"}
    if "deputy_function" in told:
        told["deputy_function"] = "skatteverket:jour"
    if not told.get("channels"):
        told["is_gone"] = True


def _put_in_order(told: dict[str, Any]) -> None:
    """Give instants that follow each other, and periods, times that do."""
    for first, last in ORDERED:
        if first in told and last in told:
            told[first], told[last] = "2025-05-06T08:00:00Z", "2025-05-06T16:30:00+02:00"
    told.update(dict.fromkeys(told.keys() & {*DEADLINES}, "2025-02-24T11:00:00Z"))
    if "periods" in told:
        told["periods"] = [_apart(period, number) for number, period in enumerate(told["periods"], start=1)]


def _apart(period: dict[str, Any], number: int) -> dict[str, Any]:
    """A period with an id and a month of its own."""
    days = {"from_day": f"2025-{number:02}-01", "until_day": f"2025-{number:02}-28"}
    return {**period, **days, "period_id": f"period-{number}"}
