"""What a centre's policy weighs beside value: risk of cancellation and fairness, put into the problem and explained."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from samsyn_contracts.message import Reason

from samsyn_planning.domain.cancellation_risk import Start, above_the_least, live_ones
from samsyn_planning.domain.facts import Capacity
from samsyn_planning.domain.fairness import accounts, fairness_points
from samsyn_planning.domain.parties import party_names
from samsyn_planning.domain.policy import Policy
from samsyn_planning.domain.snapshot import Snapshot

LESS, MORE = ("mindre", "less"), ("mer", "more")


def weighed(problem: dict[str, Any], snapshot: Snapshot, policy: Policy) -> dict[str, Any]:
    """The problem with what the policy weighs; where it weighs nothing, the problem as it is, to the byte."""
    weights: dict[str, Any] = {}
    if policy.risk:
        weights["risk"] = policy.risk
        starts = [(c.id, start) for c in snapshot.capacities if (start := _start(c, snapshot, policy))]
        above = above_the_least(starts, live_ones(snapshot.disturbances, snapshot.centre.now_at))
        problem = {**problem, "sessions": [_with_risk(row, above) for row in problem["sessions"]]}
    points = fairness_points(accounts(snapshot), policy.fairness_cap) if policy.fairness_cap else {}
    if points:
        weights["fairness"] = points
    return {**problem, "weights": weights} if weights else problem


def weighed_reasons(problem: Mapping[str, Any], session_id: str, parties: Collection[str]) -> tuple[Reason, ...]:
    """What the weights meant for an operation on that session with these parties; nothing where none is on."""
    weights = problem.get("weights", {})
    risks = (row.get("cancel_permille") for row in problem["sessions"] if row["id"] == session_id)
    told = [_of_risk(permille) for permille in risks if permille is not None and weights.get("risk")]
    points = weights.get("fairness", {})
    return (*told, *(_of_fairness(party, points[party]) for party in sorted(parties) if party in points))


def _start(capacity: Capacity, snapshot: Snapshot, policy: Policy) -> Start | None:
    """A session that is compared with others: a lost one too, or the loss would change what others cost."""
    offer, now = capacity.offer, snapshot.centre.now_at
    is_there = capacity.is_police and capacity.gone_by is None and offer.base is not None
    if not is_there or offer.base is None or now is None or offer.end_at + policy.rest_kept <= now:
        return None
    return Start(offer.base.lat, offer.base.lon, offer.start_at)


def _with_risk(row: dict[str, Any], above: Mapping[str, int]) -> dict[str, Any]:
    """A session that has lost its police cannot lose them again."""
    return {**row, "cancel_permille": above.get(row["id"], 0)} if row["police"] else row


def _of_risk(permille: int) -> Reason:
    if permille == 0:
        return Reason(
            code="RISK",
            sv="Inget pass som erbjuds från samma ort har lägre risk att ställas in.",
            en="No session offered from the same town has a lower risk of being cancelled.",
        )
    shown = f"{permille / 10:.1f}"
    return Reason(
        code="RISK",
        sv=f"Risken att passet ställs in är {shown.replace('.', ',')} procentenheter högre än för det lugnaste passet "
        "från samma ort; det har vägts in.",
        en=f"The session's risk of being cancelled is {shown} percentage points above that of the calmest session "
        "from the same town; this has been weighed in.",
    )


def _of_fairness(party: str, points: int) -> Reason:
    sv, en = party_names().get(party, (party, party))
    shown = f"{points:+d}".replace("-", "−")
    (less_sv, less_en), (more_sv, more_en) = (LESS, MORE) if points > 0 else (MORE, LESS)
    return Reason(
        code="FAIRNESS",
        sv=f"{sv} har i år fått {less_sv} än andra av det som myndigheten anmält intresse för; "
        f"intresset väger därför {more_sv} ({shown} poäng).",
        en=f"{en} has had {less_en} than others of what it declared interest in this year; "
        f"its interest therefore weighs {more_en} ({shown} points).",
    )
