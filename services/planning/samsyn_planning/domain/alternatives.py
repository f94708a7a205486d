"""Plans beside the one proposed: which questions they answer, which are worth telling, and which the centre chose."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from samsyn_contracts.message import Reason
from samsyn_contracts.plans import AlternativeKind

from samsyn_planning.domain.facts import Alternative, Proposal, Question, Value
from samsyn_planning.domain.letting_go import Posed
from samsyn_planning.domain.questions import operation_forms
from samsyn_planning.domain.said import Said, listed
from samsyn_planning.domain.snapshot import Snapshot

# More operations changed than these, and nobody compares plans by reading them: only the best is told.
MOST_COMPARED = 40
# Of plans that are the same, the one named first is told.
KINDS: tuple[AlternativeKind, ...] = ("none_moved", "hit_only")
CALLED: Mapping[AlternativeKind, Said] = {
    "none_moved": Said("inget flyttas", "nothing is moved"),
    "hit_only": Said("bara det som drabbas ändras", "only what is affected changes"),
}


class Way(Value):
    """A plan beside the one proposed that the verifier has accepted, and the problem that it solves."""

    alternative: Alternative
    posed: Posed

    @property
    def points(self) -> int:
        """Its objective: all ways differ in what they hold, never in what counts."""
        return int(self.alternative.plan["objective"])


class Beside(Value):
    """What a centre may choose beside the plan proposed: other ways, ranked, and what stands if nothing moves."""

    ways: tuple[Way, ...] = ()
    stands: tuple[str, ...] = ()

    @property
    def alternatives(self) -> tuple[Alternative, ...]:
        """The ways without their problems."""
        return tuple(way.alternative for way in self.ways)


def question_of(kind: AlternativeKind, question: Question) -> Question:
    """The question that an alternative answers, from that of the plan proposed."""
    return question.model_copy(update={"moves_nothing" if kind == "none_moved" else "holds_everything": True})


def is_compared(question: Question, plan: Mapping[str, Any]) -> bool:
    """Whether other ways are worth thinking of: something changes, it undoes no mistake, and it can be read."""
    return question.standing is None and 0 < len(changed_in(plan)) <= MOST_COMPARED


def beside(first: Mapping[str, Any], found: Iterable[Way]) -> Beside:
    """What to tell beside the first plan: the same plan is told once, the best comes first."""
    told = [operation_forms(first)]
    ways: list[Way] = []
    stands: frozenset[str] = frozenset()
    for way in sorted(found, key=lambda way: KINDS.index(way.alternative.kind)):
        if way.alternative.kind == "none_moved":
            stands = kept_in(way.alternative.plan)
        forms = operation_forms(way.alternative.plan)
        if forms not in told:
            told.append(forms)
            ways.append(way)
    ranked = sorted(ways, key=lambda way: (-way.points, KINDS.index(way.alternative.kind)))
    return Beside(ways=tuple(ranked), stands=tuple(sorted(stands)))


def kept_in(plan: Mapping[str, Any]) -> frozenset[str]:
    """Published operations that a plan leaves as they are."""
    return frozenset(change["operation"] for change in plan["changes"] if change["kinds"] == ["kept"])


def changed_in(plan: Mapping[str, Any]) -> frozenset[str]:
    """Operations that a plan changes or adds."""
    return frozenset(change["operation"] for change in plan["changes"]) - kept_in(plan)


def may_stand(plan: Mapping[str, Any], stands: Iterable[str]) -> tuple[str, ...]:
    """Operations that a plan changes and that could stand: together they do where nothing moves, so none is in a way.

    `stands` as a proposal has it.
    """
    return tuple(sorted(changed_in(plan) & set(stands)))


def with_edits(proposal: Proposal, let_stand: Collection[str]) -> Question:
    """The proposal's question with that held, and what the proposal leaves alone: only what it changes may differ."""
    left_alone = kept_in(proposal.plan) & set(proposal.stands)
    return proposal.question.model_copy(update={"held": tuple(sorted({*let_stand, *left_alone}))})


def is_as_approved(approved: Proposal, problem: Mapping[str, Any], plan: Mapping[str, Any], *, fell_back: bool) -> bool:
    """Whether a plan is what the centre has approved: the very plan, or after edits one that keeps what it held.

    After edits it may change no published operation, place no inspection and ask nobody that the proposal did not: what
    has come since is proposed anew. The old plan without the lost, on which a failed solve `fell_back`, keeps what was
    held too, and is not what was meant.
    """
    if not approved.let_stand:
        return operation_forms(approved.plan) == operation_forms(plan)
    published = (problem["published"] or {"operations": ()})["operations"]
    known = {row["id"] for row in published}
    is_held = set(approved.let_stand) <= set(problem["hold"]) & kept_in(plan)
    is_shown = (
        changed_in(plan) & known <= changed_in(approved.plan)
        and _placed(plan["operations"]) <= _placed(approved.plan["operations"]) | _placed(published)
        and _asked(plan) <= _asked(approved.plan)
    )
    return is_held and is_shown and not fell_back


def _placed(operations: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    return frozenset(visit["id"] for operation in operations for visit in operation["inspections"])


def _asked(plan: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(capacity for operation in plan["operations"] for capacity in operation["needs_consent"])


def reasons_of_choice(approved: Proposal | None, snapshot: Snapshot) -> tuple[Reason, ...]:
    """Why the plan is another than Samsyn would have made: the centre's choice, by the function that made it."""
    if approved is None or approved.by_function is None:
        return ()
    if approved.alternative is not None:
        chosen, by = CALLED[approved.alternative], approved.by_function
        sv, en = f"Centret ({by}) valde att {chosen.sv}.", f"The centre ({by}) chose that {chosen.en}."
        return (Reason(code="CHOSEN", sv=sv, en=en),)
    if not approved.let_stand:
        return ()
    named = {operation.id: operation.code_name for operation in snapshot.operations}
    held = listed(Said(name, name) for name in sorted(named.get(own, own) for own in approved.let_stand))
    sv = f"Centret ({approved.by_function}) lät {held.sv} stå som planerat; resten lades runt det."
    en = f"The centre ({approved.by_function}) let {held.en} stand as planned; the rest was placed around that."
    return (Reason(code="EDITED", sv=sv, en=en),)
