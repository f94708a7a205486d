"""One AsyncAPI 3.0 document for agencies: their two channels, every message by its name, and what may be said."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from samsyn_contracts.audience import audience_of
from samsyn_contracts.bus import from_topic, to_topic
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.message import Message
from samsyn_contracts.schemas.generation import Schema, envelope_schema, file_name, message_schema

_DESCRIPTION = """\
What an agency, a municipality or a centre says to Samsyn, and what it hears. Each party has two topics of its own:
it alone writes the one and reads the other. The body of a record is the JSON of one message; the headers are
CloudEvents 1.0 in binary mode. An optional field that has no value is absent, never null; a reader ignores fields it
does not know. Who may say what, and how fields are protected: contracts/README.md."""


def asyncapi_document(examples: Mapping[str, Mapping[str, Any]]) -> Schema:
    """The document; `examples` are full examples by the file's name, {"headers": …, "body": …}."""
    said = {cls.__name__: cls for cls in MESSAGES.values() if audience_of(cls).said_by is None}
    heard = {cls.__name__: cls for cls in MESSAGES.values() if audience_of(cls).parties}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Samsyn",
            "version": version("samsyn-contracts"),
            "description": _DESCRIPTION.replace("\n", " "),
            "license": {"name": "EUPL-1.2", "url": "https://joinup.ec.europa.eu/collection/eupl/eupl-text-eupl-12"},
        },
        "defaultContentType": "application/json",
        "channels": {
            "from": _channel(from_topic("{party}"), "Said by the party, and by nobody else.", said),
            "to": _channel(to_topic("{party}"), "Heard by the party, and by nobody else.", heard),
        },
        "operations": {
            "say": _operation("send", "from", "Say what the party has decided; resend until admitted.", said),
            "hear": _operation("receive", "to", "Hear what concerns the party; the same event may come again.", heard),
        },
        "components": {
            "messages": {name: _message(cls, examples) for name, cls in sorted((said | heard).items())},
            "schemas": _components([*said.values(), *heard.values()]),
        },
    }


def _channel(address: str, description: str, messages: Mapping[str, type[Message]]) -> Schema:
    return {
        "address": address,
        "description": description,
        "parameters": {"party": {"description": "Party code as in the register, for example polisen."}},
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in sorted(messages)},
    }


def _operation(action: str, channel: str, summary: str, messages: Mapping[str, type[Message]]) -> Schema:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "summary": summary,
        "messages": [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in sorted(messages)],
    }


def _message(message_class: type[Message], examples: Mapping[str, Mapping[str, Any]]) -> Schema:
    schema = message_schema(message_class)
    example = examples.get(file_name(message_class))
    shown = [{"name": "full", "headers": example["headers"], "payload": example["body"]}] if example else []
    return {
        "name": message_class.type_name(),
        "title": message_class.__name__,
        "summary": schema["description"].partition("\n")[0],
        "contentType": "application/json",
        "headers": {"$ref": "#/components/schemas/Envelope"},
        "payload": {"$ref": f"#/components/schemas/{message_class.__name__}"},
        "examples": shown,
    }


def _components(message_classes: list[type[Message]]) -> Schema:
    """All schemas side by side: what a message nests is lifted out of it, since a document has one place for each."""
    schemas: Schema = {"Envelope": _lifted(envelope_schema())}
    for message_class in message_classes:
        schema = message_schema(message_class)
        for name, nested in {**schema.get("$defs", {}), message_class.__name__: schema}.items():
            schemas[name] = _lifted(nested)
    return dict(sorted(schemas.items()))


def _lifted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _lifted(member) for key, member in value.items() if key not in {"$defs", "$schema", "$id"}}
    if isinstance(value, list):
        return [_lifted(member) for member in value]
    return value.replace("#/$defs/", "#/components/schemas/") if isinstance(value, str) else value
