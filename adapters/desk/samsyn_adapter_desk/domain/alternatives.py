"""What a centre may choose beside a plan proposed, in sentences: how each other way differs, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass

from samsyn_contracts.plans import AlternativeKind, PlanChange, ReplanAlternative

from samsyn_adapter_desk.domain.cards_of_plans import ReplanCard
from samsyn_adapter_desk.domain.reader import Reader
from samsyn_adapter_desk.domain.sentences import change_in_plan
from samsyn_adapter_desk.marks import msgid

NAMES: dict[AlternativeKind, str] = {
    "hit_only": msgid("Only what is affected changes"),
    "none_moved": msgid("Nothing is moved; what is affected is cancelled or waits"),
}


@dataclass(frozen=True)
class OtherWay:
    """One of the other plans: what of it differs from the proposed one, and its price."""

    alternative: ReplanAlternative
    name: str
    differences: tuple[tuple[str, list[str]], ...]
    price: tuple[str, ...]
    asked: tuple[str, ...]


def other_ways(card: ReplanCard, reader: Reader) -> list[OtherWay]:
    """The alternatives, the best first."""
    return [_other_way(card, one, reader) for one in sorted(card.alternatives, key=lambda one: one.rank)]


def decided_as(card: ReplanCard, reader: Reader) -> list[str]:
    """What the centre chose instead of the plan as it was proposed; nothing if it did not."""
    if card.status != "approved":
        return []
    if card.alternative is not None:
        return [reader.text(msgid("Chosen: %(way)s."), way=reader.text(NAMES[card.alternative]))]
    named = {change.operation_id: change.code_name for change in card.changes}
    return [reader.text(msgid("%(name)s: stays as it is."), name=named.get(own, own)) for own in card.let_stand]


def _other_way(card: ReplanCard, one: ReplanAlternative, reader: Reader) -> OtherWay:
    owners = (missing.capacity_id.partition(":")[0] for missing in one.consents_missing)
    return OtherWay(
        alternative=one,
        name=reader.text(NAMES[one.kind]),
        differences=tuple(_differences(card, one, reader)),
        price=tuple(_price(card, one, reader)),
        asked=tuple(dict.fromkeys(reader.party(owner) for owner in owners)),
    )


def _differences(card: ReplanCard, one: ReplanAlternative, reader: Reader) -> list[tuple[str, list[str]]]:
    """Code name and sentences of each operation that fares otherwise than in the plan proposed."""
    proposed = {change.operation_id: change for change in card.changes}
    other = {change.operation_id: change for change in one.changes}
    told = [
        (change.code_name, change_in_plan(change, reader))
        for change in one.changes
        if not _is_same(proposed.get(change.operation_id), change)
    ]
    left = [change for change in card.changes if change.operation_id not in other]
    return [*told, *((change.code_name, [_left(change, reader)]) for change in left)]


def _is_same(proposed: PlanChange | None, change: PlanChange) -> bool:
    return proposed is not None and (proposed.kinds, proposed.reasons) == (change.kinds, change.reasons)


def _left(change: PlanChange, reader: Reader) -> str:
    if "new" in change.kinds:
        return reader.text(msgid("%(name)s: does not come about."), name=change.code_name)
    return reader.text(msgid("%(name)s: stays as it is."), name=change.code_name)


def _price(card: ReplanCard, one: ReplanAlternative, reader: Reader) -> list[str]:
    """Points against the plan proposed, and how much is left alone."""
    points = f"{one.score_delta - card.score_delta:+d}"
    stays = reader.plural(
        msgid("%(count)d other operation would stay as it is."),
        msgid("%(count)d other operations would stay as they are."),
        one.untouched_count,
    )
    return [reader.text(msgid("Worth %(points)s points against the proposed plan."), points=points), stays]
