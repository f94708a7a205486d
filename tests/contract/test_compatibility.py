"""Each rule of compatibility is seen to fail, with its reason, and to let pass what breaks nobody."""

from __future__ import annotations

from typing import Any

import pytest
from samsyn_contracts.schemas.committed import incompatible
from samsyn_contracts.schemas.compatibility import breaks

Schema = dict[str, Any]


def a_schema(value: Schema | None = None, **changes: object) -> Schema:
    """A message with one mandatory text field, or with `value` as the optional field `value`."""
    properties: Schema = {"name": {"type": "string", "x-class": "P1"}}
    if value is not None:
        properties["value"] = value
    return {"type": "object", "properties": properties, "required": ["name"], "x-class": "P1", **changes}


def why(old: Schema, new: Schema, *, is_heard: bool = False) -> str:
    return " | ".join(str(found) for found in breaks(old, new, is_heard=is_heard))


TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "minimum": 1, "maximum": 9}
NESTED: Schema = {"$ref": "#/$defs/Place"}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (a_schema(TEXT), a_schema(), "/: the field value is removed"),
        (
            a_schema(),
            a_schema(TEXT, required=["name", "value"]),
            "/: the field value is new and mandatory",
        ),
        (a_schema(TEXT), a_schema(TEXT, required=["name", "value"]), "/: the field value became mandatory"),
        (a_schema(TEXT), a_schema({"type": "integer"}), "/value: the type changes from string to integer"),
        (
            a_schema({"type": "number"}),
            a_schema({"type": "integer"}),
            "/value: the type changes from number to integer",
        ),
        (a_schema({"type": "string"}), a_schema({}), "/value: the type changes from string to none"),
        (a_schema({"enum": ["a", "b"]}), a_schema({"enum": ["a"]}), "/value: the value b is removed"),
        (a_schema({"enum": ["a", "b"]}), a_schema({"const": "a"}), "/value: the value b is removed"),
        (a_schema(TEXT), a_schema({**TEXT, "enum": ["a"]}), "/value: the values are limited to a list"),
        (a_schema(TEXT), a_schema({**TEXT, "pattern": "^a"}), "/value: a pattern is added"),
        (a_schema({"pattern": "^a"}), a_schema({"pattern": "^b"}), "/value: the pattern changes"),
        (a_schema(TEXT), a_schema({**TEXT, "format": "date-time"}), "/value: the format date-time is added"),
        (a_schema({**TEXT, "format": "date-time"}), a_schema(TEXT), "/value: the format date-time is dropped"),
        (a_schema(NUMBER), a_schema({**NUMBER, "minimum": 2}), "/value: minimum changes from 1 to 2"),
        (a_schema(NUMBER), a_schema({**NUMBER, "maximum": 8}), "/value: maximum changes from 9 to 8"),
        (a_schema(TEXT), a_schema({**TEXT, "maxLength": 5}), "/value: maxLength changes from none to 5"),
        (a_schema({"minItems": 1}), a_schema({"minItems": 2}), "/value: minItems changes from 1 to 2"),
        (a_schema(), a_schema(additionalProperties=False), "/: what unknown fields may hold changes"),
        (a_schema({"type": "array"}), a_schema({"type": "array", "items": TEXT}), "/value: what the list holds"),
        (a_schema({"default": 2}), a_schema({"default": 3}), "/value: the default changes from 2 to 3"),
        (a_schema({"x-class": "P2"}), a_schema({"x-class": "P1"}), "/value: the class falls from P2 to P1"),
        (a_schema({"x-class": "P2"}), a_schema({}), "/value: the class falls from P2 to none"),
        (
            a_schema({"x-after-acceptance": True}),
            a_schema({}),
            "/value: the field is no longer kept until acceptance",
        ),
        (a_schema({}), a_schema({"multipleOf": 5}), "/value: multipleOf changes, and no rule says"),
    ],
)
def test_a_breaking_change_is_refused_with_its_reason(old: Schema, new: Schema, reason: str) -> None:
    assert reason in why(old, new)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (a_schema({"enum": ["a"]}), a_schema({"enum": ["a", "b"]}), "/value: the value b is added"),
        (a_schema({"enum": ["a"]}), a_schema({}), "/value: the list of values is dropped"),
        (a_schema(NUMBER), a_schema({**NUMBER, "maximum": 10}), "/value: maximum changes from 9 to 10"),
        (a_schema(NUMBER), a_schema({"type": "integer", "maximum": 9}), "/value: minimum changes from 1 to none"),
        (a_schema({"pattern": "^a"}), a_schema({}), "/value: the pattern is dropped"),
        (a_schema(), a_schema(required=[]), "/: the field name became optional"),
        (a_schema({"type": "integer"}), a_schema({"type": "number"}), "/value: the type widens from integer to number"),
    ],
)
def test_what_yesterdays_readers_cannot_read_is_refused_where_parties_hear_it(
    old: Schema, new: Schema, reason: str
) -> None:
    assert reason in why(old, new, is_heard=True)
    assert why(old, new, is_heard=False) == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (a_schema(), a_schema(TEXT)),
        (a_schema(TEXT), a_schema({**TEXT, "title": "Value", "description": "Anything."})),
        (a_schema({"x-class": "P1"}), a_schema({"x-class": "P2"})),
        (a_schema(required=["name"]), a_schema(required=["name"], title="Other")),
        (a_schema({"enum": ["a", "b"]}), a_schema({"enum": ["b", "a"]})),
    ],
)
def test_what_breaks_nobody_passes(old: Schema, new: Schema) -> None:
    assert why(old, new, is_heard=True) == ""


def test_a_break_in_a_nested_part_is_found_by_its_place() -> None:
    old = a_schema({"type": "array", "items": NESTED}, **{"$defs": {"Place": {"properties": {"lat": NUMBER}}}})
    new = a_schema({"type": "array", "items": NESTED}, **{"$defs": {"Place": {"properties": {}}}})
    assert why(old, new) == ("/value/*: the field lat is removed: what is said in it would be lost without a word")


def test_a_part_that_was_given_a_name_of_its_own_is_the_same_part() -> None:
    named = a_schema(NESTED, **{"$defs": {"Place": {"properties": {"lat": NUMBER}}}})
    assert why(a_schema({"properties": {"lat": NUMBER}}), named, is_heard=True) == ""


def test_the_sentence_names_the_file_and_asks_for_a_new_major() -> None:
    found = list(incompatible({"Heard.v1.json": a_schema()}, {"Heard.v1.json": a_schema(TEXT)}))
    assert found[0].startswith("Heard.v1.json: /: the field value is removed")
    assert found[0].endswith("A new major version is needed.")


def test_a_message_that_is_gone_is_missed() -> None:
    assert list(incompatible({}, {"Heard.v1.json": a_schema()})) == [
        "Heard.v1.json: the message is gone, and no newer major version has taken its place."
    ]


def test_a_breaking_change_may_be_made_in_a_new_major_version() -> None:
    assert list(incompatible({"Heard.v2.json": a_schema()}, {"Heard.v1.json": a_schema(TEXT)})) == []
