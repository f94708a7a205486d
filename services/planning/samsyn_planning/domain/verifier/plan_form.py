"""Reads the form `samsyn-plan/1`: what a plan does, what it claims and how it accounts for itself."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from samsyn_planning.domain.verifier.entities import Operation, Visit
from samsyn_planning.domain.verifier.reading import Node

PLAN_SCHEMA = "samsyn-plan/1"
PLAN_KEYS = (
    *("schema", "operations", "objective", "value", "disruption", "bound", "gap", "proven", "truncated", "work"),
    *("unplanned", "changes"),
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is as it is, as a code; the form has the sentences."""

    code: str
    sessions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Unplanned:
    """An inspection that the plan leaves out, with its reasons."""

    inspection: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """How a published or new operation is told to differ."""

    operation: str
    kinds: tuple[str, ...]
    has_from: bool
    has_to: bool
    causes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it was told, figures unchecked."""

    operations: tuple[Operation, ...]
    objective: int
    value: int
    disruption: int
    bound: float | None
    gap: float | None
    proven: bool
    unplanned: tuple[Unplanned, ...]
    changes: tuple[Change, ...]


def read_plan(plan: Any) -> Plan:
    """Read a plan; ProblemError names the first field that is wrong."""
    fields = Node(plan, "").fields(*PLAN_KEYS)
    fields["schema"].text(PLAN_SCHEMA)
    fields["truncated"].flag()
    work = fields["work"]
    work.fields(*(work.value if isinstance(work.value, dict) else ()))
    return Plan(
        operations=read_operations(fields["operations"]),
        objective=fields["objective"].integer(),
        value=fields["value"].integer(),
        disruption=fields["disruption"].integer(),
        bound=_number_or_null(fields["bound"]),
        gap=_number_or_null(fields["gap"]),
        proven=fields["proven"].flag(),
        unplanned=tuple(_unplanned(item) for item in fields["unplanned"].items()),
        changes=tuple(_change(item) for item in fields["changes"].items()),
    )


def read_operations(node: Node) -> tuple[Operation, ...]:
    """Read a list of operations whose ids differ."""
    operations = tuple(_operation(item) for item in node.items())
    for twice in _repeated(operation.id for operation in operations):
        raise node.error(f'operation "{twice}" is told twice', "give each operation an id of its own")
    return operations


def _operation(node: Node) -> Operation:
    fields = node.fields("id", "session", "inspections", "teams", "needs_consent")
    return Operation(
        id=fields["id"].text(),
        session=fields["session"].text(),
        visits=tuple(_visit(item) for item in fields.given("inspections", []).items()),
        teams=_ids(fields.given("teams", [])),
        needs_consent=_ids(fields.given("needs_consent", [])),
    )


def _visit(node: Node) -> Visit:
    fields = node.fields("id", "start_at", "end_at")
    return Visit(fields["id"].text(), fields["start_at"].instant(), fields["end_at"].instant())


def _ids(node: Node) -> frozenset[str]:
    for twice in _repeated(item.text() for item in node.items()):
        raise node.error(f'"{twice}" is named twice', "name each once")
    return node.texts()


def _unplanned(node: Node) -> Unplanned:
    fields = node.fields("inspection", "reasons", "cost_of_inclusion")
    _integer_or_null(fields["cost_of_inclusion"])
    return Unplanned(fields["inspection"].text(), _reasons(fields["reasons"]))


def _change(node: Node) -> Change:
    fields = node.fields("operation", "kinds", "from", "to", "causes", "reasons", "notice_seconds")
    _integer_or_null(fields["notice_seconds"])
    _reasons(fields["reasons"])
    return Change(
        operation=fields["operation"].text(),
        kinds=tuple(item.text() for item in fields["kinds"].items()),
        has_from=fields["from"].value is not None,
        has_to=fields["to"].value is not None,
        causes=fields["causes"].texts(),
    )


def _reasons(node: Node) -> tuple[Reason, ...]:
    return tuple(_reason(item) for item in node.items())


def _reason(node: Node) -> Reason:
    fields = node.fields("code", "sv", "en", "sessions")
    fields["sv"].text()
    fields["en"].text()
    return Reason(fields["code"].text(), fields.given("sessions", []).texts())


def _number_or_null(node: Node) -> float | None:
    return None if node.value is None else node.number()


def _integer_or_null(node: Node) -> int | None:
    return None if node.value is None else node.integer()


def _repeated(ids: Iterable[str]) -> list[str]:
    return sorted(id_ for id_, num_times in Counter(ids).items() if num_times > 1)
