"""How much of the interest that agencies declared this year was met, and the points that weigh it up, within a cap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from samsyn_planning.domain.facts import Wanted
from samsyn_planning.domain.ladder import STOCKHOLM
from samsyn_planning.domain.snapshot import Snapshot

# Points of interest that the mean counts for in everybody's share: ten inspections of medium interest. Whoever has
# declared little is held to be as well served as others are.
MEAN_COUNTS_FOR = 500


class Account(NamedTuple):
    """A party's interest in points: declared (inspections done this year, confirmed, waiting), met by taking part."""

    declared: int
    met: int


def year_began(now: datetime) -> datetime:
    """The first instant of the calendar year, in Swedish time."""
    return datetime(now.astimezone(STOCKHOLM).year, 1, 1, tzinfo=STOCKHOLM)


def accounts(snapshot: Snapshot) -> dict[str, Account]:
    """Each party's account: met are inspections done, and those of confirmed operations, that it takes part in.

    What is only planned is not met yet: a plan that weighed itself would swing from one replan to the next.
    """
    taking = _confirmed(snapshot)
    waiting = [wanted for wanted in snapshot.wanted if not wanted.is_withdrawn and not wanted.is_done]
    told = [*((one, _took_part(one, snapshot)) for one in snapshot.done_this_year)]
    told += [(one, taking.get(one.id, frozenset())) for one in waiting]
    return _summed(
        (party, points, party in parties) for one, parties in told for party, points in one.interests.items()
    )


def fairness_points(known: Mapping[str, Account], cap: int) -> dict[str, int]:
    """Points by party, from -cap to cap, those of none left out: up for those whose share met is below the mean."""
    declared, met = sum(a.declared for a in known.values()), sum(a.met for a in known.values())
    if not met:
        return {}
    mean = Fraction(met, declared)
    found = {party: round(cap * _behind(account, mean)) for party, account in sorted(known.items())}
    return {party: points for party, points in found.items() if points}


def _behind(account: Account, mean: Fraction) -> Fraction:
    """How far a share is below the mean, as a part of the mean: 1 where nothing was met, at least -1."""
    share = (account.met + MEAN_COUNTS_FOR * mean) / (account.declared + MEAN_COUNTS_FOR)
    return max(Fraction(-1), (mean - share) / mean)


def _confirmed(snapshot: Snapshot) -> dict[str, frozenset[str]]:
    """By inspection, the parties whose teams are in the confirmed operation that visits it."""
    known = snapshot.capacity_by_id
    return {
        visit.id: frozenset(known[team].party for team in operation.teams if team in known)
        for operation in snapshot.operations
        if operation.status == "confirmed"
        for visit in operation.visits
    }


def _took_part(done: Wanted, snapshot: Snapshot) -> frozenset[str]:
    if done.done_in is None:
        return frozenset()
    return frozenset(part.party for part in snapshot.parts_of(done.done_in) if part.status == "accepted")


def _summed(rows: Iterable[tuple[str, int, bool]]) -> dict[str, Account]:
    found: dict[str, Account] = {}
    for party, points, is_met in rows:
        declared, met = found.get(party, Account(0, 0))
        found[party] = Account(declared + points, met + (points if is_met else 0))
    return found
