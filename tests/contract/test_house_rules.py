"""What no linter knows: no orphans among messages, small handlers, and documents that tell the truth."""

from __future__ import annotations

import ast
import importlib
import json
import re
from collections.abc import Iterator
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from samsyn_contracts.audience import AUDIENCES, audience_of, sayers_of
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.message import Facts, Message, Sensitivity
from samsyn_contracts.register import load_register
from samsyn_contracts.schemas.generation import facts_in, file_name, marked_fields
from samsyn_local.cli import app

from tests.contract.saying import ROOT

REGISTER = load_register()
SERVICES = ("planning", "inspection", "reporting")
MAX_STATEMENTS = 4
EVERY_MESSAGE = pytest.mark.parametrize("message_class", MESSAGES.values(), ids=lambda cls: cls.__name__)


class TestMessages:
    """Every message has an owner, a class per field, somebody who says it and somebody who reads it."""

    @EVERY_MESSAGE
    def test_every_field_has_a_class(self, message_class: type[Message]) -> None:
        assert [pointer for pointer, _, mark in marked_fields(message_class) if mark is None] == []

    @EVERY_MESSAGE
    def test_no_field_has_two_classes(self, message_class: type[Message]) -> None:
        marks = {p: [m for m in f.metadata if isinstance(m, Sensitivity)] for p, f, _ in marked_fields(message_class)}
        assert [pointer for pointer, found in marks.items() if len(found) > 1] == []

    @EVERY_MESSAGE
    def test_a_party_speaks_only_of_what_somebody_owns(self, message_class: type[Message]) -> None:
        is_said_by_a_service = audience_of(message_class).said_by is not None
        assert is_said_by_a_service or message_class.owner_of in message_class.model_fields

    @EVERY_MESSAGE
    def test_the_thing_spoken_of_is_a_mandatory_field(self, message_class: type[Message]) -> None:
        assert message_class.model_fields[message_class.subject_field].is_required()

    @EVERY_MESSAGE
    def test_what_is_about_a_person_is_only_referred_to(self, message_class: type[Message]) -> None:
        protected = [(p, f) for p, f, mark in marked_fields(message_class) if mark and mark.level in {"P3", "PV"}]
        assert [pointer for pointer, field in protected if not is_reference(field)] == []

    @EVERY_MESSAGE
    def test_it_has_an_example_and_a_schema(self, message_class: type[Message]) -> None:
        missing = [
            d for d in ("examples", "schemas") if not (ROOT / "contracts" / d / file_name(message_class)).exists()
        ]
        assert missing == []

    @EVERY_MESSAGE
    def test_somebody_may_say_it(self, message_class: type[Message]) -> None:
        assert sayers_of(message_class, REGISTER) != ()

    @EVERY_MESSAGE
    def test_not_both_a_service_and_a_party_say_it(self, message_class: type[Message]) -> None:
        is_permitted = any(row.type == message_class.__name__ for row in REGISTER.permissions)
        assert is_permitted != (audience_of(message_class).said_by is not None)

    @EVERY_MESSAGE
    def test_somebody_reads_it(self, message_class: type[Message]) -> None:
        audience = audience_of(message_class)
        assert audience.services or audience.parties

    @EVERY_MESSAGE
    def test_what_may_be_taken_away_for_a_receiver_is_optional(self, message_class: type[Message]) -> None:
        assert audience_of(message_class).said_by is None or list(unredactable(message_class)) == []

    def test_no_audience_is_that_of_a_message_that_is_gone(self) -> None:
        assert AUDIENCES.keys() == {cls.__name__ for cls in MESSAGES.values()}

    @pytest.mark.parametrize("service", SERVICES)
    def test_a_service_handles_what_it_is_said_to_hear(self, service: str) -> None:
        handled = {cls.__name__ for cls in importlib.import_module(f"samsyn_{service}.handlers").HANDLERS}
        assert handled == {name for name, audience in AUDIENCES.items() if service in audience.services}


def is_reference(field: FieldInfo) -> bool:
    """Whether a field takes a reference to the contents store, and nothing else."""
    kind: Any = Annotated[field.annotation, *field.metadata]
    form: TypeAdapter[object] = TypeAdapter(kind)
    form.validate_python("contents:skatteverket:00000000-0000-4000-8000-000000000001")
    try:
        form.validate_python("any text at all")
    except ValidationError:
        return True
    return False


def unredactable(facts_class: type[Facts], pointer: str = "") -> Iterator[str]:
    """Mandatory fields that a receiver before acceptance, or without a basis, may not have."""
    for name, field in facts_class.model_fields.items():
        marks = [mark for mark in field.metadata if isinstance(mark, Sensitivity)]
        if any(mark.after_acceptance or mark.level in {"P3", "P4", "PV"} for mark in marks):
            if field.is_required():
                yield f"{pointer}/{name}"
            continue  # what is inside goes with it
        for nested in facts_in(field.annotation):
            yield from unredactable(nested, f"{pointer}/{name}")


RULES = json.loads((ROOT / "services/exchange/samsyn_exchange/disclosure_rules.json").read_text("utf-8"))["rules"]
PARTIES_OF_SELECTOR = {
    "participants": "participants",
    "known_participants": "participants",
    "known_on_capacity": "participants",
    "released": "participants",
    "centre": "centre",
    "members_of_kinds": "members",
    "named": "police",
    "agency": "asked",
    "party": "sender",
    "sender": "sender",
    "receiver": "receiver",
    "told_to": "receiver",
}


class TestDisclosure:
    """The exchange's rules and the contracts tell the same story of who hears what."""

    def test_who_hears_a_message_is_whom_a_rule_names(self) -> None:
        ruled: dict[str, set[str]] = {name: set() for name in AUDIENCES}
        for rule in RULES:
            ruled[rule["type"]].add(PARTIES_OF_SELECTOR[rule.get("field", rule["to"])])
        ruled["EventAdmitted"].add("sender")  # the answer itself, which no rule can forbid
        assert ruled == {name: set(audience.parties) for name, audience in AUDIENCES.items()}


def handlers() -> Iterator[tuple[str, ast.AsyncFunctionDef | ast.FunctionDef]]:
    for path in sorted(ROOT.glob("services/*/samsyn_*/handlers.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef) and node.name.startswith("on_"):
                yield f"{path.parent.name}.{node.name}", node


def statements_of(function: ast.AST) -> int:
    """Statements in a function's body, inner ones too, without the docstring."""
    inner = [node for node in ast.walk(function) if isinstance(node, ast.stmt) and node is not function]
    return sum(not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) for node in inner)


class TestHandlers:
    """A handler loads, asks and saves; what it decides is elsewhere."""

    def test_there_are_handlers(self) -> None:
        assert len(list(handlers())) > 0

    def test_a_handler_is_small(self) -> None:
        large = {name: statements_of(node) for name, node in handlers() if statements_of(node) > MAX_STATEMENTS}
        assert large == {}

    def test_a_large_handler_would_be_seen(self) -> None:
        source = 'def on_x():\n  """Doc."""\n  a = 1\n  if a:\n    b = 2\n    c = 3\n  return a'
        assert statements_of(ast.parse(source).body[0]) == 5


NOT_OURS = {".venv", ".git", ".pytest_cache", "var", "build", "dist", "node_modules"}


def documents() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*.md") if not NOT_OURS & set(path.relative_to(ROOT).parts))


CODE = re.compile(r"```[a-z]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
PLACE = re.compile(r"[\w.-]+(?:/[\w.-]+)+/?")
TOP = {path.name for path in ROOT.iterdir() if path.is_dir()} - NOT_OURS


def code_in(document: Path) -> list[str]:
    return [block or inline for block, inline in CODE.findall(document.read_text("utf-8"))]


def makefile_targets() -> set[str]:
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    return set(phony.group(1).split()) if phony else set()


class TestDocuments:
    """Every path and command that a document names is there."""

    @pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
    def test_its_links_lead_somewhere(self, document: Path) -> None:
        links = LINK.findall(document.read_text("utf-8"))
        assert [to for to in links if "://" not in to and not (document.parent / to).exists()] == []

    @pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
    def test_the_paths_it_names_are_there(self, document: Path) -> None:
        named = {place for code in code_in(document) for place in PLACE.findall(code) if place.split("/")[0] in TOP}
        assert [place for place in sorted(named) if not (ROOT / place).exists()] == []

    @pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
    def test_the_commands_it_names_are_there(self, document: Path) -> None:
        code = "\n".join(code_in(document))
        gone = set(re.findall(r"\bmake ([a-z][a-z0-9-]*)", code)) - makefile_targets()
        modules = re.findall(r"python3? -m ((?:samsyn|tests)[\w.]*)(?![\w.<])", code)
        assert sorted(gone) + [name for name in modules if find_spec(name) is None] == []

    @pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
    def test_the_subcommands_of_samsyn_it_names_are_there(self, document: Path) -> None:
        named = set(re.findall(r"^(?:\$ )?(?:\.venv/bin/)?samsyn ([a-z]+)", "\n".join(code_in(document)), re.MULTILINE))
        added = {entry.name for entry in entry_points(group="samsyn.commands")}
        own = {command.callback.__name__ for command in app.registered_commands if command.callback is not None}
        groups = {group.name for group in app.registered_groups}
        assert named - own - groups - added == set()

    def test_make_help_lists_every_target(self) -> None:
        listed = re.compile(r"^([a-z0-9-]+):.*## (.+)$", re.MULTILINE)  # what the help target looks for
        told = dict(listed.findall((ROOT / "Makefile").read_text("utf-8")))
        assert told.keys() == makefile_targets()
        assert all(sentence.endswith((".", ".)")) for sentence in told.values())
