"""Tells the difference between two plans in sentences, Swedish and English."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from samsyn_planning.domain.plan_diff import (
    KEPT,
    KINDS,
    OperationDifference,
    PlanDifference,
    first_start,
    homes_in,
    retimed,
)
from samsyn_planning.domain.said import Said, listed, when
from samsyn_planning.domain.verifier.entities import Operation

KIND_WORDS: dict[str, Said] = {
    "kept": Said("kvar", "kept"),
    "moved": Said("flyttad", "moved"),
    "reordered": Said("ny ordning", "reordered"),
    "moved_session": Said("annat pass", "moved to another session"),
    "postponed": Said("uppskjuten", "postponed"),
    "team_changed": Said("lag ändrade", "team changed"),
    "shrunk": Said("krympt", "shrunk"),
    "grown": Said("utökad", "grown"),
    "dropped": Said("struken", "dropped"),
    "new": Said("ny", "new"),
}


def report(difference: PlanDifference) -> list[Said]:
    """Lines of the whole account: figures, counts, each operation that differs, those kept, what came and went."""
    lines = [_figures(difference), _counts(difference)]
    for operation in difference.operations:
        if operation.kinds != KEPT:
            lines += [_heading(operation), *(_indented(line) for line in _sentences(difference, operation))]
    kept = [operation.id for operation in difference.operations if operation.kinds == KEPT]
    if kept:
        lines.append(_of_ids("Kvar som de var", "Kept as they were", kept))
    if difference.taken_in:
        lines.append(_of_ids("Kontroller som nu är med", "Inspections now planned", difference.taken_in))
    if difference.left_out:
        lines.append(_of_ids("Kontroller som inte längre är med", "Inspections no longer planned", difference.left_out))
    return lines + list(_consent(difference))


def _figures(difference: PlanDifference) -> Said:
    before, after = difference.before, difference.after
    objective = _step(before.objective, after.objective)
    value, disruption = _step(before.value, after.value), _step(before.disruption, after.disruption)
    return Said(
        f"Målfunktionen {objective.sv}: värdet {value.sv}, störningen {disruption.sv}.",
        f"The objective {objective.en}: value {value.en}, disruption {disruption.en}.",
    )


def _step(before: int, after: int) -> Said:
    if before == after:
        return Said(f"är {after} i båda", f"is {after} in both")
    change = f"{after - before:+d}".replace("-", "−")
    return Said(f"går från {before} till {after} ({change})", f"goes from {before} to {after} ({change})")


def _counts(difference: PlanDifference) -> Said:
    num_before, num_after = len(difference.before.operations), len(difference.after.operations)
    counted = Counter(kind for operation in difference.operations for kind in operation.kinds)
    kinds = [kind for kind in KINDS if counted[kind]]
    sv = ", ".join(f"{KIND_WORDS[kind].sv} {counted[kind]}" for kind in kinds) or "inga"
    en = ", ".join(f"{KIND_WORDS[kind].en} {counted[kind]}" for kind in kinds) or "none"
    return Said(
        f"Insatser: {num_before} före, {num_after} efter; {sv}.",
        f"Operations: {num_before} before, {num_after} after; {en}.",
    )


def _heading(operation: OperationDifference) -> Said:
    held = operation.after or operation.before
    at = _time(None if held is None else first_start(held))
    kinds = [KIND_WORDS[kind] for kind in operation.kinds]
    sv, en = ", ".join(kind.sv for kind in kinds), ", ".join(kind.en for kind in kinds)
    return Said(f"{operation.id}, {at.sv}: {sv}", f"{operation.id}, {at.en}: {en}")


def _sentences(difference: PlanDifference, operation: OperationDifference) -> Iterator[Said]:
    before, after = operation.before, operation.after
    if after is None and before is not None:
        yield from _left(difference, before, before.inspections)
    elif before is None and after is not None:
        yield _started(after)
        yield from _came(difference, after, after.inspections)
    elif before is not None and after is not None:
        yield from _session(before, after)
        yield from _times(before, after)
        yield from _left(difference, before, before.inspections - after.inspections)
        yield from _came(difference, after, after.inspections - before.inspections)
        yield from _teams(before, after)


def _started(after: Operation) -> Said:
    route, teams = _ids(visit.inspection for visit in after.visits), _ids(sorted(after.teams))
    sv = f"I passet {after.session}: {route.sv or 'inga kontroller'}; lag: {teams.sv or 'inga'}."
    return Said(sv, f"On session {after.session}: {route.en or 'no inspections'}; teams: {teams.en or 'none'}.")


def _session(before: Operation, after: Operation) -> Iterator[Said]:
    if before.session != after.session:
        old, new = _time(first_start(before)), _time(first_start(after))
        yield Said(
            f"Från passet {before.session}, {old.sv}, till passet {after.session}, {new.sv}.",
            f"From session {before.session}, {old.en}, to session {after.session}, {new.en}.",
        )


def _times(before: Operation, after: Operation) -> Iterator[Said]:
    route = [visit.inspection for visit in after.visits]
    if route != [visit.inspection for visit in before.visits] and after.inspections == before.inspections:
        order = _ids(route)
        yield Said(f"Ordningen är nu: {order.sv}.", f"The order is now: {order.en}.")
    if before.session != after.session:
        return
    old, new = ({visit.inspection: visit for visit in operation.visits} for operation in (before, after))
    for inspection in retimed(before, after):
        was, now = old[inspection], new[inspection]
        if was.start_at != now.start_at:
            yield _instead(inspection, "börjar", "starts", was.start_at, now.start_at)
        elif was.end_at != now.end_at:
            yield _instead(inspection, "slutar", "ends", was.end_at, now.end_at)


def _instead(inspection: str, sv: str, en: str, was: datetime, now: datetime) -> Said:
    old, new = _time(was), _time(now)
    return Said(
        f"Kontrollen {inspection} {sv} {new.sv} i stället för {old.sv}.",
        f"Inspection {inspection} {en} {new.en} instead of {old.en}.",
    )


def _left(difference: PlanDifference, before: Operation, inspections: frozenset[str]) -> Iterator[Said]:
    homes = homes_in(difference.after)
    for inspection in _in_route(before, inspections):
        home = homes.get(inspection)
        sv, en = ("planeras inte längre", "is no longer planned")
        if home is not None:
            sv, en = f"görs i stället i insatsen {home}", f"joins operation {home} instead"
        yield Said(f"Kontrollen {inspection} {sv}.", f"Inspection {inspection} {en}.")


def _came(difference: PlanDifference, after: Operation, inspections: frozenset[str]) -> Iterator[Said]:
    homes = homes_in(difference.before)
    for inspection in _in_route(after, inspections):
        home = homes.get(inspection)
        sv, en = ("var inte planerad", "was not planned")
        if home is not None:
            sv, en = f"var i insatsen {home}", f"was in operation {home}"
        yield Said(f"Kontrollen {inspection} kommer till; den {sv}.", f"Inspection {inspection} is added; it {en}.")


def _teams(before: Operation, after: Operation) -> Iterator[Said]:
    gone, come = _ids(sorted(before.teams - after.teams)), _ids(sorted(after.teams - before.teams))
    if gone.sv:
        yield Said(f"Inte längre med, lag: {gone.sv}.", f"No longer called, teams: {gone.en}.")
    if come.sv:
        yield Said(f"Kommer till, lag: {come.sv}.", f"Newly called, teams: {come.en}.")


def _consent(difference: PlanDifference) -> Iterator[Said]:
    """Whose consent is missing now and was not before, by operation; and where none is missing any more."""
    settled = []
    for pair in difference.operations:
        before, after = (held.needs_consent if held else frozenset() for held in (pair.before, pair.after))
        if after - before:
            asked = _ids(sorted(after - before))
            yield Said(
                f"Samtycke behövs nu i {pair.id} av: {asked.sv}.", f"Consent is now needed in {pair.id} of: {asked.en}."
            )
        elif before and not after and pair.after:
            settled.append(pair.id)
    if settled:
        yield _of_ids("Samtycke behövs inte längre i", "Consent is no longer needed in", settled)


def _in_route(operation: Operation, inspections: frozenset[str]) -> list[str]:
    return [visit.inspection for visit in operation.visits if visit.inspection in inspections]


def _of_ids(sv: str, en: str, ids: Iterable[str]) -> Said:
    named = _ids(ids)
    return Said(f"{sv}: {named.sv}.", f"{en}: {named.en}.")


def _ids(ids: Iterable[str]) -> Said:
    named = [Said(id_, id_) for id_ in ids]
    return listed(named, most=len(named))


def _time(instant: datetime | None) -> Said:
    return Said("utan tid", "no time") if instant is None else when(int(instant.timestamp()))


def _indented(line: Said) -> Said:
    return Said(f"  {line.sv}", f"  {line.en}")
