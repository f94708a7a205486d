"""The planning problem of a centre, in the form samsyn-planning-problem/1, from what is known of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from samsyn_planning.domain.facts import Capacity, Operation, Question, Wanted
from samsyn_planning.domain.hours import Hours
from samsyn_planning.domain.ladder import STOCKHOLM
from samsyn_planning.domain.letting_go import Posed, of_these, without_clashes
from samsyn_planning.domain.officers import experience_of
from samsyn_planning.domain.pins import pinned_form
from samsyn_planning.domain.planner import is_hit
from samsyn_planning.domain.policy import Policy
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.soft_weights import weighed
from samsyn_planning.domain.stopped import compromised_operations, waiting, with_stops
from samsyn_planning.domain.underway import withheld
from samsyn_planning.domain.unpoliced import wary_teams, without_police
from samsyn_planning.domain.wheel import themed


def problem_of(snapshot: Snapshot, question: Question, policy: Policy) -> dict[str, Any]:
    """The problem; times carry their offset, lists are sorted by id, and nothing that it holds clashes."""
    return posed_of(snapshot, question, policy).problem


def posed_of(snapshot: Snapshot, question: Question, policy: Policy) -> Posed:
    """The problem, and what of it is not held because it clashes with what is.

    What may be compromised and would have to be let go is not moved either: it waits.
    """
    code_names = {operation.id: operation.code_name for operation in snapshot.operations}
    given_up: frozenset[str] = frozenset()
    while True:
        posed = without_clashes(_as_wished(snapshot, question, policy, given_up), code_names)
        more = {one.operation_id for one in posed.let_go} & {o.id for o in compromised_operations(snapshot)}
        if more <= given_up:
            return posed
        given_up |= more


def _as_wished(snapshot: Snapshot, question: Question, policy: Policy, given_up: frozenset[str]) -> dict[str, Any]:
    """The problem with all that is pinned, was moved today or begins soon held, whether it can stand or not."""
    now = _now(snapshot)
    standing = snapshot.operations if question.standing is None else question.standing
    standing = tuple(o for o in standing if o.status in ("draft", "scheduled", "confirmed", "postponed"))
    lost_police, kept_back = without_police(snapshot, question), withheld(snapshot, now)
    held = [o for o in standing if o.is_planned]
    standing = tuple(o for o in standing if o.id not in kept_back.operations | waiting(snapshot))
    usable = [
        c for c in snapshot.capacities if _is_usable(c, snapshot, now, policy) and c.id not in kept_back.capacities
    ]
    freeze_until = now + (timedelta(days=400) if question.holds_everything else policy.frozen)
    hours = Hours(standing, snapshot, now, lost_police, freeze_until)
    sessions = [
        _session(
            capacity, lost_police.get(capacity.id), begins_at, experience_of(capacity.offer, snapshot.officer_slots)
        )
        for capacity in usable
        if capacity.is_police
        and _is_listed(capacity, lost_police)
        and (begins_at := hours.session(capacity)) is not None
    ]
    listed = {session["id"] for session in sessions if session["police"]}
    unpoliced = [session["id"] for session in sessions if not session["police"]]
    wary = wary_teams(snapshot, unpoliced)
    standing = _standing_again(standing, held, listed, snapshot)
    problem = {
        "schema": "samsyn-planning-problem/1",
        "centre": snapshot.centre.code,
        "now": _text(now),
        "seed": 1,
        "sessions": sessions,
        "team_sessions": _team_sessions(usable, wary, hours),
        "inspections": [_inspection(w) for w in snapshot.wanted if _is_open(w) and w.id not in kept_back.inspections],
        "travel": {"kmh": policy.kmh, "detour": policy.detour, "extra_seconds": policy.extra_seconds},
        "rules": {"consent": question.consent},
        "published": plan_form(standing) if standing else None,
        "confirmed": sorted(o.id for o in standing if o.status == "confirmed"),
        "hold": sorted(o.id for o in standing if o.is_planned and (o.id in question.held or _was_moved_today(o, now))),
        **pinned_form(standing, snapshot.pins),
        "lost": _lost(standing, snapshot, listed),
        "consented": _consented(snapshot, [(session, team) for session in sorted(listed) for team in sorted(wary)]),
        "freeze_until": _text(freeze_until),
        "no_new_team_before": _text(now + policy.notice_of_new_team),
    }
    if replanned := {own for own in hours.joined_late if is_hit(of_these(problem, {own}), own)}:
        problem = {**problem, "team_sessions": _team_sessions(usable, wary, hours, replanned)}
    return themed(weighed(with_stops(problem, snapshot, now, given_up), snapshot, policy), snapshot)


def plan_form(operations: Iterable[Operation]) -> dict[str, Any]:
    """Operations in the form samsyn-plan/1, as they stand."""
    rows = sorted(operations, key=lambda o: (o.start_at, o.id))
    return {
        "schema": "samsyn-plan/1",
        "operations": [
            {
                "id": o.id,
                "session": o.session_id,
                "inspections": [
                    {"id": v.id, "start_at": _text(v.start_at), "end_at": _text(v.end_at)} for v in o.visits
                ],
                "teams": sorted(o.teams),
                "needs_consent": sorted(o.needs_consent),
            }
            for o in rows
        ],
        "objective": 0,
        "value": 0,
        "disruption": 0,
        "bound": None,
        "gap": None,
        "proven": False,
        "truncated": False,
        "work": {},
        "unplanned": [],
        "changes": [],
    }


def _now(snapshot: Snapshot) -> datetime:
    if snapshot.centre.now_at is None:
        raise ValueError(f"{snapshot.centre.code} has no time yet")
    return snapshot.centre.now_at


def _is_open(wanted: Wanted) -> bool:
    return not wanted.is_withdrawn and not wanted.is_done


def _is_usable(capacity: Capacity, snapshot: Snapshot, now: datetime, policy: Policy) -> bool:
    """Neither withdrawn nor refused, and not so long past that it no longer matters for anybody's rest."""
    gone = capacity.gone_by is not None or capacity.id in snapshot.refused_capacities
    return not gone and capacity.offer.end_at + policy.rest_kept > now and capacity.offer.unit != "border_police"


def _is_listed(capacity: Capacity, lost_police: dict[str, bool]) -> bool:
    return lost_police.get(capacity.id, True)


def _session(
    capacity: Capacity, without_police: bool | None, begins_at: datetime, experience: str | None
) -> dict[str, Any]:
    offer, loss = capacity.offer, capacity.loss
    end_at = offer.end_at if capacity.is_lost else capacity.span[1]
    left = None if loss is None or capacity.is_lost else loss.officers_left
    officers = offer.staff if left is None else min(offer.staff, left)
    if offer.base is None:
        raise ValueError(f"{capacity.id} has no base")
    return {
        "id": capacity.id,
        "police": not without_police,
        "start_at": _text(begins_at),
        "end_at": _text(end_at),
        "base": {"lat": offer.base.lat, "lon": offer.base.lon},
        "officers": officers,
        "experience_band": experience or "1-3",
        "skills": sorted(offer.skills),
        "areas": sorted(offer.areas) or None,
        "max_travel_seconds": None if offer.max_travel_minutes is None else offer.max_travel_minutes * 60,
        "max_inspections": offer.max_inspections or 5,
        "consent": offer.consent.mode,
    }


def _team_sessions(
    usable: Iterable[Capacity], wary: frozenset[str], hours: Hours, replanned: Collection[str] = ()
) -> list[dict[str, Any]]:
    teams = ((one, hours.shift(one, replanned)) for one in usable if not one.is_police)
    return [_team_session(one, one.id in wary, begins_at) for one, begins_at in teams if begins_at is not None]


def _team_session(capacity: Capacity, is_wary: bool, begins_at: datetime) -> dict[str, Any]:
    offer = capacity.offer
    return {
        "id": capacity.id,
        "team": capacity.team,
        "agency": capacity.party,
        "start_at": _text(begins_at),
        "end_at": _text(offer.end_at),
        "inspectors": offer.staff,
        "skills": sorted(offer.skills),
        "home": None if offer.base is None else {"lat": offer.base.lat, "lon": offer.base.lon},
        "consent": "ask" if is_wary else offer.consent.mode,
        "alternatives_group": offer.alternatives_group,
    }


def _inspection(wanted: Wanted) -> dict[str, Any]:
    proposal = wanted.proposal
    position = proposal.site.position
    if position is None:
        raise ValueError(f"{wanted.id} has no position")
    return {
        "id": wanted.id,
        "place": {"lat": position.lat, "lon": position.lon},
        "area": proposal.area,
        "duration_seconds": proposal.duration_minutes * 60,
        "time_windows": [[_text(w.from_at), _text(w.until_at)] for w in proposal.time_windows],
        "due_at": None if proposal.due_at is None else _text(proposal.due_at),
        "deadline_at": None if proposal.deadline_at is None else _text(proposal.deadline_at),
        "value": proposal.value,
        "police_need": proposal.police_need,
        "required_agencies": sorted(proposal.required_agencies),
        "interests": dict(sorted(wanted.interests.items())),
        "min_officers": proposal.min_officers,
        "required_skills": sorted(proposal.required_skills),
        "required_participants": ["region_coordinator"] if proposal.exploitation_indicated else [],
        "ready": sorted(party for party, is_ready in wanted.ready.items() if is_ready),
        "tags": [proposal.programme],
    }


def _lost(standing: Iterable[Operation], snapshot: Snapshot, listed: set[str]) -> list[dict[str, str]]:
    """What standing operations had and have no more, each with the event that took it."""
    lost: dict[str, str] = {}
    for operation in standing:
        if operation.session_id not in listed:
            lost[operation.session_id] = operation.lost_cause or _cause_of(operation.session_id, snapshot)
        for team in operation.teams:
            if team in snapshot.refused_capacities or _is_gone(team, snapshot):
                lost[team] = _cause_of(team, snapshot)
        for visit in operation.visits:
            wanted = snapshot.wanted_by_id.get(visit.id)
            if wanted is not None and wanted.is_withdrawn:
                lost[visit.id] = wanted.withdrawn_by or "unknown"
    return [{"id": lost_id, "cause": cause} for lost_id, cause in sorted(lost.items())]


def _is_gone(capacity_id: str, snapshot: Snapshot) -> bool:
    capacity = snapshot.capacity_by_id.get(capacity_id)
    return capacity is None or capacity.gone_by is not None


def _cause_of(capacity_id: str, snapshot: Snapshot) -> str:
    """The event that took a capacity: withdrawn, lost, told to be lost, or refused by its owner (then the answer's)."""
    capacity = snapshot.capacity_by_id.get(capacity_id)
    told = None if capacity is None else capacity.lost_by or capacity.reported_by
    silent = "no_reply" if capacity_id in snapshot.refused_capacities else "unknown"
    return told or snapshot.refusal_events.get(capacity_id, silent)


def _was_moved_today(operation: Operation, now: datetime) -> bool:
    """Whether its participants have heard of another occasion today: nobody is moved twice the same day."""
    moved_at = operation.moved_at
    return moved_at is not None and moved_at.astimezone(STOCKHOLM).date() == now.astimezone(STOCKHOLM).date()


def _standing_again(
    standing: Iterable[Operation], held: list[Operation], listed: set[str], snapshot: Snapshot
) -> tuple[Operation, ...]:
    """Postponed operations whose session is there again stand on it with what the operations `held` do not use."""
    again: dict[str, Operation | None] = {}
    for operation in standing:
        if operation.status == "postponed" and operation.session_id in listed:
            again[operation.id] = fits = _what_fits(operation, held, snapshot)
            held = held if fits is None else [*held, fits]
    told = (again.get(operation.id, operation) for operation in standing)
    return tuple(operation for operation in told if operation is not None)


def _what_fits(postponed: Operation, others: Iterable[Operation], snapshot: Snapshot) -> Operation | None:
    """What is left of a postponed operation beside the others; None if nothing."""
    elsewhere = {visit.id for o in others for visit in o.visits}
    visits = tuple(visit for visit in postponed.visits if visit.id not in elsewhere)
    if not visits or any(o.session_id == postponed.session_id for o in others):
        return None
    busy = _teams_near(postponed, others, snapshot)
    teams = tuple(team for team in postponed.teams if _team_of(team, snapshot) not in busy)
    return postponed.model_copy(update={"visits": visits, "teams": teams})


def _teams_near(postponed: Operation, others: Iterable[Operation], snapshot: Snapshot) -> set[str | None]:
    """Teams in use within a day of the postponed operation: their gaps and rest might clash."""
    day = timedelta(days=1)
    close = [o for o in others if o.start_at - day < postponed.end_at and postponed.start_at - day < o.end_at]
    return {_team_of(team, snapshot) for o in close for team in o.teams} - {None}


def _team_of(capacity_id: str, snapshot: Snapshot) -> str | None:
    capacity = snapshot.capacity_by_id.get(capacity_id)
    return None if capacity is None else capacity.team


def _consented(snapshot: Snapshot, standing: Iterable[tuple[str, str]]) -> list[list[str | None]]:
    """Uses agreed to: standing, by answers given, or beforehand for another session near one that was accepted."""
    pairs: set[tuple[str, str | None]] = set(standing)
    sessions = [c for c in snapshot.capacities if c.is_police]
    for part in snapshot.participations:
        if part.status != "accepted":
            continue
        if part.capacity_id == part.session_id:
            pairs.add((part.session_id, None))
            continue
        pairs.add((part.session_id, part.capacity_id))
        accepted = snapshot.capacity_by_id.get(part.session_id)
        if accepted is not None:
            pairs.update((s.id, part.capacity_id) for s in sessions if _agreed(part.party, accepted, s, snapshot))
    return [[session, team] for session, team in sorted(pairs, key=lambda pair: (pair[0], pair[1] or ""))]


def _agreed(party: str, accepted: Capacity, other: Capacity, snapshot: Snapshot) -> bool:
    minutes = abs((other.offer.start_at - accepted.offer.start_at).total_seconds()) / 60
    return any(
        c.party == party
        and not c.is_revoked
        and "other_police_unit" in c.given.covers
        and c.given.valid_until >= other.offer.start_at
        and (c.given.minutes is None or minutes <= c.given.minutes)
        for c in snapshot.consents
    )


def _text(at: datetime) -> str:
    """Whole seconds: parts of them, which clocks and some agencies' systems give, mean nothing here."""
    return at.replace(microsecond=0).isoformat()
