"""JSON Schemas made from the message classes and the envelope: absent, never null."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Facts, Level, Message, Sensitivity

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo
    from pydantic_core import core_schema

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
ENVELOPE_FILE = "Envelope.v1.json"
_LEVELS: tuple[Level, ...] = get_args(Level)


class AbsentNeverNull(GenerateJsonSchema):
    """Pydantic's generator, for a wire on which an optional field is left out and null is refused."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> Schema:
        """The schema of the value alone."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> Schema:
        """The default, unless it means absence."""
        shown = super().default_schema(schema)
        return {key: value for key, value in shown.items() if key != "default" or value is not None}


def file_name(message_class: type[Message]) -> str:
    """`<Name>.v<major>.json`, the same for a message's schema, example and golden copies."""
    return f"{message_class.__name__}.v{message_class.major}.json"


@cache
def message_schema(message_class: type[Message]) -> Schema:
    """The JSON Schema of a message's body, with its class (`x-class`) and type (`x-type`)."""
    schema = _unwrapped(message_class.model_json_schema(schema_generator=AbsentNeverNull))
    return {
        "$schema": DIALECT,
        "$id": f"urn:samsyn:schema:{message_class.__name__}.v{message_class.major}",
        **schema,
        "x-type": message_class.type_name(),
        "x-class": class_of(message_class),
    }


def envelope_schema() -> Schema:
    """The JSON Schema of the record headers: text, named as they travel."""
    schema = Envelope.model_json_schema(schema_generator=AbsentNeverNull)
    properties = {_header(name): _as_text(member) for name, member in schema["properties"].items()}
    return {
        "$schema": DIALECT,
        "$id": "urn:samsyn:schema:Envelope.v1",
        **schema,
        "properties": {"ce_specversion": {"const": "1.0", "type": "string"}, **properties},
        "required": ["ce_specversion", *(_header(name) for name in schema["required"])],
    }


def all_schemas() -> dict[str, Schema]:
    """Every schema by its file's name."""
    schemas = {file_name(cls): message_schema(cls) for cls in MESSAGES.values()}
    return {ENVELOPE_FILE: envelope_schema(), **schemas}


def class_of(message_class: type[Facts]) -> Level:
    """The highest class of a message's fields, nested ones too."""
    levels = [mark.level for _, _, mark in marked_fields(message_class) if mark is not None]
    return max(levels, key=_LEVELS.index)


def marked_fields(facts_class: type[Facts]) -> Iterator[tuple[str, FieldInfo, Sensitivity | None]]:
    """Every field with its pointer and class, depth first; the class is None where somebody forgot it."""
    for name, field in facts_class.model_fields.items():
        marks = [mark for mark in field.metadata if isinstance(mark, Sensitivity)]
        yield f"/{name}", field, marks[0] if marks else None
        for nested in facts_in(field.annotation):
            for pointer, inner, mark in marked_fields(nested):
                yield f"/{name}{pointer}", inner, mark


def facts_in(annotation: object) -> Iterator[type[Facts]]:
    """The classes of facts that a field's type holds, directly, optionally or in a tuple."""
    if isinstance(annotation, type) and get_origin(annotation) is None:
        if issubclass(annotation, BaseModel) and issubclass(annotation, Facts):
            yield annotation
        return
    for argument in get_args(annotation):
        yield from facts_in(argument)


def _unwrapped(value: Any) -> Any:
    """The same schema with each paragraph of a description on one line, as readers outside Python expect."""
    if isinstance(value, list):
        return [_unwrapped(member) for member in value]
    if not isinstance(value, dict):
        return value
    unwrapped = {key: _unwrapped(member) for key, member in value.items()}
    if isinstance(unwrapped.get("description"), str):
        paragraphs = unwrapped["description"].split("\n\n")
        unwrapped["description"] = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
    return unwrapped


def _header(attribute: str) -> str:
    return attribute if attribute == "traceparent" else f"ce_{attribute}"


def _as_text(member: Schema) -> Schema:
    """A header's schema: numbers travel as digits."""
    if member.get("type") != "integer":
        return member
    kept = {key: value for key, value in member.items() if key not in {"minimum", "maximum"}}
    return {**kept, "type": "string", "pattern": r"^[0-9]{1,19}$"}
