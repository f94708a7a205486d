"""The table of messages in contracts/README.md, made from the classes, the register and the audiences."""

from __future__ import annotations

from collections.abc import Iterator

from samsyn_contracts.audience import audience_of, sayers_of
from samsyn_contracts.catalogue import FAMILIES, MESSAGES
from samsyn_contracts.message import Message
from samsyn_contracts.register import Register
from samsyn_contracts.schemas.generation import class_of, file_name

BEGIN = "<!-- made by `make schemas` from here … -->"
END = "<!-- … to here -->"
_KINDS = {"state": "agencies", "municipal": "municipalities", "law_enforcement": "law enforcement", "host": "hosts"}


def with_table(readme: str, register: Register) -> str:
    """The README with its table of messages made anew; ValueError where it has no place for it."""
    before, _, rest = readme.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"contracts/README.md has no place for the table; put {BEGIN} and {END} where it goes")
    table = "\n".join(_lines(register))
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def _lines(register: Register) -> Iterator[str]:
    yield "| message | meaning | said by | heard by | class |"
    yield "|---|---|---|---|---|"
    for family in FAMILIES:
        yield f"| **{family.__name__.rpartition('.')[2]}** | {(family.__doc__ or '').strip()} | | | |"
        for message_class in MESSAGES.values():
            if message_class.__module__ == family.__name__:
                yield _row(message_class, register)


def _row(message_class: type[Message], register: Register) -> str:
    meaning = (message_class.__doc__ or "").strip().partition("\n")[0]
    said_by = ", ".join(_KINDS.get(name, name) for name in sayers_of(message_class, register))
    audience = audience_of(message_class)
    heard_by = ", ".join((*audience.services, *(f"*{party}*" for party in audience.parties)))
    link = f"[{message_class.__name__}](schemas/{file_name(message_class)})"
    return f"| {link} | {meaning} | {said_by} | {heard_by} | {class_of(message_class)} |"
