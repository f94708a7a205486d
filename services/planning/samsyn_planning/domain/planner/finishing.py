"""The last touch on a plan: back to what was published where that costs nothing; the price of what is left out."""

from samsyn_planning.domain.planner.engine.columns import assembled
from samsyn_planning.domain.planner.engine.pricer import Pricer
from samsyn_planning.domain.planner.schedule import Operation, Prices, Schedule
from samsyn_planning.domain.planner.scoring import as_published

# Nodes of a look at one session with one inspection more, in all and for one set of classes.
LOOK = (2000, 400)
# How often a plan that is priced may still be bettered by including what turns out to gain.
MAX_AFTERTHOUGHTS = 4
# Where there are more candidates than this, one afterthought has to do.
MANY_CANDIDATES = 10_000


def put_back(schedule: Schedule) -> None:
    """Give operations that are not hit their published form again wherever that alone costs nothing."""
    facts = schedule.facts
    standing = [
        (session, as_published(facts, former)) for session, former in facts.former_at.items() if not former.is_hit
    ]
    for _ in range(1 + len(standing)):
        again = False
        for session, published in standing:
            if published is None or schedule.operations[session] == published:
                continue
            if schedule.can_put(session, published) and schedule.gain(session, published) >= 0:
                schedule.put(session, published)
                again = True
        if not again:
            return


def priced(schedule: Schedule, whole: Pricer) -> Prices:
    """What it costs at most to hold each inspection that is left out, and whom it then pushes out.

    One that turns out to gain is included instead.
    """
    for _ in range(MAX_AFTERTHOUGHTS if len(whole.tables.cand) <= MANY_CANDIDATES else 1):
        prices: dict[int, tuple[int, list[int]]] = {}
        gaining: list[tuple[int, int, Operation]] = []
        for inspection, (session, route, teams) in whole.inclusions(schedule.unplanned(), LOOK).items():
            operation = assembled(schedule, session, route, teams)
            if operation is None:
                continue
            gain = schedule.gain(session, operation)
            held = schedule.operations[session]
            prices[inspection] = (-gain, [stop for stop in (held.route if held else ()) if stop not in route])
            if gain > 0:
                gaining.append((-gain, session, operation))
        if not gaining:
            break
        for _, session, operation in sorted(gaining):
            if schedule.can_put(session, operation) and schedule.gain(session, operation) > 0:
                schedule.put(session, operation)
        put_back(schedule)
    return {inspection: price for inspection, price in prices.items() if price[0] >= 0}
