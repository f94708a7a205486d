"""The committed schemas, AsyncAPI and examples are what the message classes say, and say it so that others can read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from samsyn_contracts.audience import audience_of
from samsyn_contracts.bus import event_of
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.schemas.committed import CONTRACTS, committed_examples, faults, release, write
from samsyn_contracts.schemas.generation import all_schemas, envelope_schema, message_schema

from tests.contract.saying import example

NAMES = sorted(cls.__name__ for cls in MESSAGES.values())
SCHEMAS = all_schemas()


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    """A copy of what is committed, to be spoilt."""
    for folder in ("schemas", "examples", "released"):
        shutil.copytree(CONTRACTS / folder, tmp_path / folder)
    shutil.copy(CONTRACTS / "README.md", tmp_path)
    return tmp_path


def places(value: object, pointer: str = "") -> Iterator[tuple[str, Any]]:
    yield pointer, value
    if isinstance(value, dict):
        for key, member in value.items():
            yield from places(member, f"{pointer}/{key}")
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from places(member, f"{pointer}/{number}")


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_what_is_committed_has_not_drifted_and_breaks_nothing() -> None:
    assert faults() == []


def test_drift_is_told_by_the_files_name(contracts: Path) -> None:
    spoil(contracts / "schemas" / "PoliceCancelled.v1.json", "usually to", "mostly to")
    assert faults(contracts) == [
        "schemas/PoliceCancelled.v1.json: is not what the message classes say; run `make schemas`."
    ]


def test_a_stale_table_is_drift(contracts: Path) -> None:
    spoil(contracts / "README.md", "| polisen |", "| anybody |")
    assert faults(contracts) == ["README.md: is not what the message classes say; run `make schemas`."]


def test_a_schema_without_a_message_is_drift(contracts: Path) -> None:
    (contracts / "schemas" / "Forgotten.v1.json").write_text("{}")
    assert faults(contracts) == ["schemas/Forgotten.v1.json: no message class makes this file; run `make schemas`."]


def test_writing_mends_all_drift(contracts: Path) -> None:
    (contracts / "schemas" / "Forgotten.v1.json").write_text("{}")
    (contracts / "schemas" / "PoliceCancelled.v1.json").unlink()
    assert write(contracts) == ["schemas/PoliceCancelled.v1.json", "schemas/Forgotten.v1.json"]
    assert faults(contracts) == []


def test_writing_twice_changes_nothing(contracts: Path) -> None:
    assert write(contracts) == []


def test_a_break_with_what_was_released_is_told_with_its_reason(contracts: Path) -> None:
    spoil(contracts / "released" / "schemas" / "PoliceCancelled.v1.json", '"cause_code"', '"cause_of_old"')
    (found,) = faults(contracts)
    assert found.startswith("PoliceCancelled.v1.json: /: the field cause_of_old is removed")


def test_a_release_is_refused_while_anything_breaks(contracts: Path) -> None:
    spoil(contracts / "released" / "schemas" / "PoliceCancelled.v1.json", '"cause_code"', '"cause_of_old"')
    with pytest.raises(ValueError, match="cause_of_old is removed"):
        release(contracts)


def test_every_message_was_released_or_is_new() -> None:
    assert {path.name for path in (CONTRACTS / "released" / "schemas").glob("*.json")} <= SCHEMAS.keys()


@pytest.mark.parametrize("path", sorted(SCHEMAS))
def test_a_schema_is_valid_and_never_speaks_of_null(path: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[path])
    assert not [pointer for pointer, value in places(SCHEMAS[path]) if value == "null" or value is None]


@pytest.mark.parametrize("message_class", MESSAGES.values(), ids=lambda cls: cls.__name__)
def test_a_schema_has_the_docstring_as_description_and_a_class(message_class: Any) -> None:
    schema = message_schema(message_class)
    assert schema["title"] == message_class.__name__
    assert " ".join(message_class.__doc__.split()).startswith(" ".join(schema["description"].split())[:60])
    assert schema["x-class"] in {"P1", "P2", "P3"}


@pytest.mark.parametrize("name", NAMES)
def test_an_example_follows_its_schema(name: str) -> None:
    told = example(name)
    Draft202012Validator(SCHEMAS[f"{name}.v1.json"]).validate(told["body"])
    Draft202012Validator(envelope_schema()).validate(told["headers"])


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_full(name: str) -> None:
    assert example(name)["body"].keys() == SCHEMAS[f"{name}.v1.json"]["properties"].keys()


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_an_event(name: str) -> None:
    told = example(name)
    event = event_of([(k, v.encode()) for k, v in told["headers"].items()], json.dumps(told["body"]).encode())
    assert json.loads(event.message.body()) == told["body"]
    assert event.envelope.subject == event.message.subject
    assert audience_of(type(event.message)).said_by == (
        event.envelope.party if event.envelope.is_from_service else None
    )


@pytest.mark.parametrize("name", NAMES)
def test_an_example_names_no_real_company(name: str) -> None:
    text = json.dumps(example(name)["body"])
    numbers = [v for p, v in places(json.loads(text)) if p.endswith("/organisation_number")]
    assert all(number.startswith("4") for number in numbers)


class TestAsyncAPI:
    """One document for agencies, with every message by its name."""

    document: dict[str, Any] = json.loads((CONTRACTS / "schemas" / "asyncapi.json").read_text("utf-8"))

    def test_a_party_has_one_channel_to_speak_and_one_to_hear(self) -> None:
        addresses = {channel["address"] for channel in self.document["channels"].values()}
        assert addresses == {"samsyn.from.{party}.v1", "samsyn.to.{party}.v1"}

    def test_what_parties_say_is_on_the_one_and_what_they_hear_on_the_other(self) -> None:
        said = {cls.__name__ for cls in MESSAGES.values() if audience_of(cls).said_by is None}
        heard = {cls.__name__ for cls in MESSAGES.values() if audience_of(cls).parties}
        assert self.document["channels"]["from"]["messages"].keys() == said
        assert self.document["channels"]["to"]["messages"].keys() == heard

    def test_operations_are_told_from_the_partys_side(self) -> None:
        actions = {name: operation["action"] for name, operation in self.document["operations"].items()}
        assert actions == {"say": "send", "hear": "receive"}

    def test_every_reference_points_to_something(self) -> None:
        known = {f"#{pointer}" for pointer, _ in places(self.document)}
        references = {value for pointer, value in places(self.document) if pointer.endswith("/$ref")}
        assert references <= known

    def test_every_message_has_a_name_headers_and_an_example(self) -> None:
        for message in self.document["components"]["messages"].values():
            assert message["name"] in MESSAGES
            assert message["headers"] == {"$ref": "#/components/schemas/Envelope"}
            assert len(message["examples"]) == 1

    def test_no_nested_part_has_two_meanings(self) -> None:
        nested: dict[str, Any] = {}
        for schema in SCHEMAS.values():
            for name, part in schema.get("$defs", {}).items():
                assert nested.setdefault(name, part) == part


def test_examples_are_committed_for_nothing_else() -> None:
    assert committed_examples().keys() == SCHEMAS.keys() - {"Envelope.v1.json"}
