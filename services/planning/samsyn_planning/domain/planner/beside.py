"""What it would cost to take an inspection in beside what sessions hold, for those that have room (VALUE)."""

from collections.abc import Iterable, Sequence

from samsyn_planning.domain.planner.schedule import Prices, Schedule

# In how many of its sessions an inspection is tried; the cost that is told is an upper limit anyway.
MOST_TRIED = 4


def with_room(schedule: Schedule, prices: Prices, roomy: Iterable[tuple[int, Sequence[int]]]) -> Prices:
    """The prices, with a lower one wherever taking an inspection in pushes nobody out and costs less.

    `roomy` pairs inspections with the sessions that have room for them.
    """
    found = dict(prices)
    for inspection, sessions in roomy:
        costs = [cost for session in sessions[:MOST_TRIED] for cost in _costs(schedule, session, inspection)]
        if costs and (inspection not in found or min(costs) < found[inspection][0]):
            found[inspection] = (min(costs), [])
    return found


def _costs(schedule: Schedule, session: int, inspection: int) -> list[int]:
    held = schedule.operations[session]
    route = held.route if held else ()
    longer = ((*route[:place], inspection, *route[place:]) for place in range(len(route) + 1))
    ways = [schedule.evaluated(session, one) for one in longer]
    return [-schedule.gain(session, way) for way in ways if way is not None]
