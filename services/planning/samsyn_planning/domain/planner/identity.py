"""Which id each operation of a plan has (M3)."""

from samsyn_planning.domain.planner.facts import Facts, Former
from samsyn_planning.domain.planner.schedule import Operation


def operation_ids(facts: Facts, operations: list[Operation | None]) -> dict[int, str]:
    """The operation's id for each session in use.

    A session that `published` uses keeps its id; a lost operation's id goes on to the new operation that has most of
    its inspections; the others are named after their sessions.
    """
    used = [session for session, held in enumerate(operations) if held is not None]
    ids = {session: facts.former_at[session].operation.id for session in used if session in facts.former_at}
    _hand_on(facts, operations, ids)
    taken = {former.operation.id for former in facts.formers} | set(ids.values())
    for session in used:
        if session not in ids:
            ids[session] = _free_id(f"op:{facts.sessions[session].id}", taken)
            taken.add(ids[session])
    return ids


def _hand_on(facts: Facts, operations: list[Operation | None], ids: dict[int, str]) -> None:
    """Give lost operations' ids to new operations that share inspections with them, most shared first."""
    homeless = [former for former in facts.formers if former.is_lost and former.session not in ids]
    new = [session for session, held in enumerate(operations) if held is not None and session not in ids]
    pairs = [pair for former in homeless for session in new for pair in _pair(facts, former, session, operations)]
    given: set[str] = set()
    for *_, lost_id, session in sorted(pairs):
        if lost_id not in given and session not in ids:
            ids[session] = lost_id
            given.add(lost_id)


def _pair(
    facts: Facts, former: Former, session: int, operations: list[Operation | None]
) -> list[tuple[int, int, str, str, int]]:
    held = operations[session]
    shared = len(former.inspections.intersection(held.route)) if held else 0
    offered = facts.sessions[session]
    return [(-shared, offered.start, offered.id, former.operation.id, session)] if shared else []


def _free_id(wished: str, taken: set[str]) -> str:
    if wished not in taken:
        return wished
    number = 2
    while f"{wished}:{number}" in taken:
        number += 1
    return f"{wished}:{number}"
