"""Which id each operation of a plan has (M3), from the rules' text alone."""

from tests.support.brute_force_rules import Plan, is_lost
from tests.support.brute_force_world import World


def ids_of(world: World, plan: Plan) -> dict[str, str]:
    """Give the id of the operation on each used session."""
    ids = {own.session: own.id for own in world.published if own.session in plan}
    used = {own.session for own in world.published}
    lost = [own for own in world.published if is_lost(world, own) and own.session not in plan]
    pairs = [
        (-len(own.held.inspections & held.inspections), world.sessions[session]["start"], session, own.id)
        for own in lost
        for session, held in plan.items()
        if session not in used and own.held.inspections & held.inspections
    ]
    for _, _, session, lost_id in sorted(pairs):
        if session not in ids and lost_id not in ids.values():
            ids[session] = lost_id
    taken = {own.id for own in world.published} | set(ids.values())
    for session in sorted(plan.keys() - ids.keys()):
        names = [f"op:{session}", *(f"op:{session}:{number}" for number in range(2, len(taken) + 3))]
        ids[session] = next(name for name in names if name not in taken)
        taken.add(ids[session])
    return ids
