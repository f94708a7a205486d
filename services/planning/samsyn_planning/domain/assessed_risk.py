"""How likely the police are to cancel what is planned: told to the centre where it is placed or the risk changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from samsyn_contracts.cancellation_risk import CancellationRiskAssessed
from samsyn_contracts.message import Reason
from samsyn_contracts.operations import OperationRescheduled, OperationScheduled

from samsyn_planning.domain.announcements import Publication, takes_part
from samsyn_planning.domain.cancellation_risk import (
    TAKES_PERMILLE,
    Figure,
    Start,
    cell_of,
    figure_of,
    lifted_figure,
    live_ones,
    model,
    reaching,
)
from samsyn_planning.domain.facts import Capacity, Centre, Decision, Disturbance, Operation, ToldRisk
from samsyn_planning.domain.policy import Policy
from samsyn_planning.domain.snapshot import Snapshot

# A risk that changes by less is not told again.
WORTH_TELLING_PERMILLE = 50
WEEKDAYS_SV = ("måndagar", "tisdagar", "onsdagar", "torsdagar", "fredagar", "lördagar", "söndagar")
WEEKDAYS_EN = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
SHIFTS_SV = ("dagtid (06–14)", "kvällstid (14–22)", "nattetid (22–06)")
SHIFTS_EN = ("by day (06–14)", "in the evening (14–22)", "at night (22–06)")
OVER = Reason(
    code="RISK_DISTURBANCE_OVER",
    sv="Det som hade hänt i närheten är över, eller väntades vara det nu. Om polisen kommer säger bara polisen.",
    en="What had happened nearby is over, or was expected to be by now. Whether the police come only they can tell.",
)
WEIGHED = Reason(
    code="RISK_WEIGHED",
    sv="Risken vägs in i planen, men bara mellan pass från samma ort.",
    en="The risk is weighed in the plan, but only between sessions from the same town.",
)
NOT_WEIGHED = Reason(
    code="RISK_NOT_WEIGHED", sv="Risken påverkar inte planen.", en="The risk does not affect the plan."
)


def with_risks(
    publication: Publication, snapshot: Snapshot, disturbances: Sequence[Disturbance], policy: Policy
) -> Publication:
    """The publication, with the risk of each operation that it places on a session of which none has been told.

    At most one message more for each operation that it schedules or changes.
    """
    live = live_ones(disturbances, snapshot.centre.now_at)
    changed = {m.operation_id for m in publication.messages if isinstance(m, OperationScheduled | OperationRescheduled)}
    taking = {(part.operation_id, part.capacity_id) for part in publication.participations if takes_part(part)}
    told: dict[str, tuple[Operation, CancellationRiskAssessed]] = {}
    for operation in publication.operations:
        if operation.id not in changed or operation.police_key not in taking:
            continue
        capacity = snapshot.capacity_by_id[operation.session_id]
        if not is_told(operation) or _differs(operation, capacity, live):
            told[operation.id] = _assessed(operation, capacity, live, policy)
    return publication.model_copy(
        update={
            "operations": tuple(told[one.id][0] if one.id in told else one for one in publication.operations),
            "messages": (*publication.messages, *(message for _, message in told.values())),
        }
    )


def reassess(snapshot: Snapshot | None, policy: Policy) -> Decision:
    """Tell the risks that what has happened, or is over, has changed by enough; nothing where nothing is due."""
    if snapshot is None or snapshot.centre.now_at is None:
        return Decision()
    now, live = snapshot.centre.now_at, live_ones(snapshot.disturbances, snapshot.centre.now_at)
    found = [
        _assessed(o, capacity, live, policy) for o, capacity in _to_come(snapshot, now) if _differs(o, capacity, live)
    ]
    ends = [one.over_at for one in live if one.over_at is not None and may_lift(one)]
    return Decision(
        keep=(
            snapshot.centre.model_copy(update={"risk_due_at": min(ends, default=None)}),
            *(operation for operation, _ in found),
        ),
        say=tuple(message for _, message in found),
    )


def is_told(operation: Operation) -> bool:
    """Whether the centre has been told the risk of the session that the operation is on."""
    return operation.risk is not None and operation.risk.session_id == operation.session_id


def may_lift(*told: Disturbance | None) -> bool:
    """Whether one of these takes police anywhere, so that risks have to be looked at."""
    return any(one is not None and one.severity in TAKES_PERMILLE and one.municipality is not None for one in told)


def due_now(centre: Centre) -> Centre:
    """The centre with its risks to be assessed anew at once; before it has a time it has no operation."""
    return centre.model_copy(update={"risk_due_at": centre.now_at})


def _to_come(snapshot: Snapshot, now: datetime) -> list[tuple[Operation, Capacity]]:
    """Operations that their participants know of, not begun, with the police session that they count on."""
    found = []
    for operation in snapshot.operations:
        capacity = snapshot.capacity_by_id.get(operation.session_id)
        part = snapshot.part_by_key.get(operation.police_key)
        is_to_come = operation.is_planned and operation.is_announced and operation.start_at > now
        if is_to_come and capacity is not None and not capacity.is_lost and part is not None and takes_part(part):
            found.append((operation, capacity))
    return found


def _differs(operation: Operation, capacity: Capacity, live: Sequence[Disturbance]) -> bool:
    """Whether its risk is another by enough than what was told; untold, than what weeks before tell."""
    start = _start(capacity)
    before = operation.risk.permille if operation.risk and is_told(operation) else figure_of(start).permille
    return abs(lifted_figure(figure_of(start), start, live).permille - before) >= WORTH_TELLING_PERMILLE


def _assessed(
    operation: Operation, capacity: Capacity, live: Sequence[Disturbance], policy: Policy
) -> tuple[Operation, CancellationRiskAssessed]:
    start = _start(capacity)
    usual = figure_of(start)
    figure = lifted_figure(usual, start, live)
    is_lifted = bool(reaching(start, live))
    was_lifted = operation.risk is not None and is_told(operation) and operation.risk.is_lifted
    told = ToldRisk(session_id=operation.session_id, permille=figure.permille, is_lifted=is_lifted)
    now_what = (_lifted(usual, figure),) if is_lifted else (OVER,) if was_lifted else ()
    return operation.model_copy(update={"risk": told}), CancellationRiskAssessed(
        operation_id=operation.id,
        code_name=operation.code_name,
        session_id=operation.session_id,
        p=figure.permille / 1000,
        p_low=figure.low_permille / 1000,
        p_high=figure.high_permille / 1000,
        num_cases=model().num_cases,
        reasons=(_usual(usual, start), *now_what, WEIGHED if policy.risk else NOT_WEIGHED),
        model_version=model().version,
    )


def _start(capacity: Capacity) -> Start:
    base = capacity.offer.base
    if base is None:
        raise ValueError(f"{capacity.id} has no base: a police session has one")
    return Start(base.lat, base.lon, capacity.offer.start_at)


def _usual(figure: Figure, start: Start) -> Reason:
    weekday, shift = cell_of(start.start_at)
    low, high = _of_100(figure.low_permille), _of_100(figure.high_permille)
    return Reason(
        code="RISK_USUAL",
        sv=f"Av 100 pass som börjar på samma ort {WEEKDAYS_SV[weekday]} {SHIFTS_SV[shift]} ställs "
        f"{_of_100(figure.permille)} in, troligen mellan {low} och {high}. Det är räknat på störningar som polisen har "
        "publicerat, inte på polisens egna uppgifter; ett fåtal fall dras mot ortens och landets siffror.",
        en=f"Of 100 sessions that start in the same town on {WEEKDAYS_EN[weekday]} {SHIFTS_EN[shift]}, "
        f"{_of_100(figure.permille)} are cancelled, probably between {low} and {high}. This is computed from "
        "disturbances that the police have published, not from figures of their own; few cases are drawn towards the "
        "figures of the town and of the country.",
    )


def _lifted(usual: Figure, figure: Figure) -> Reason:
    before, after = _of_100(usual.permille), _of_100(figure.permille)
    return Reason(
        code="RISK_DISTURBANCE",
        sv=f"Något har hänt i närheten: risken är nu {after} av 100, annars {before}. Det är antaget att en svår "
        "händelse tar alla pass inom 40 km som börjar inom tolv timmar, och en allvarlig tre av tio.",
        en=f"Something has happened nearby: the risk is now {after} in 100, otherwise {before}. It is assumed that a "
        "heavy disturbance takes all sessions within 40 km that start within twelve hours, and a serious one three in "
        "ten.",
    )


def _of_100(permille: int) -> str:
    """A share as a whole number of a hundred, halves upwards."""
    return str((permille + 5) // 10)
