"""What the search among long routes reads and writes: a field of stops, and routes over it, as flat arrays."""

from typing import NamedTuple

from samsyn_planning.domain.planner.engine.tables import Flags, Floats, Ints


class Field(NamedTuple):
    """Routes by sessions; stops are numbered 0 .. len(who) - 1, the base of route r is stop `len(who) + r`.

    `gain[r, u]` are the points of stop u on route r, none where it cannot be there (`can_hold`), `most[r]` how many
    stops the route may have, `start[r]` and `end[r]` its session's times; `stay[u]` and `leg[u, v]` are seconds,
    `cost[u, v]` the points of a leg. A visit may start in the spans `span_first[r, u] ..  span_last[r, u]` (rows of
    `span_low` and `span_high`); `near[u]` are all stops, the nearest to u first.
    """

    who: Ints
    can_hold: Flags
    gain: Floats
    most: Ints
    start: Ints
    end: Ints
    stay: Ints
    leg: Ints
    cost: Floats
    span_first: Ints
    span_last: Ints
    span_low: Ints
    span_high: Ints
    near: Ints


class Plan(NamedTuple):
    """The stops of each route, `stop[r, :num[r]]`."""

    stop: Ints
    num: Ints


class Cooling(NamedTuple):
    """From `hot` to `cold` points in `total` tries, of which `done` are behind."""

    hot: float
    cold: float
    done: int
    total: int


class Routes(NamedTuple):
    """Route r is `seq[r, 1 : num[r] + 1]` between two visits to its base, left at the times in `leave`.

    `latest[r, k]` is the latest start that still lets the rest be done, `route_of[u]` the route that holds stop u, else
    -1. An open stop's best place in a route would be after `place[r, u]` stops, bring `points[r, u]` (0: nothing,
    -1: it does not fit) and take `seconds[r, u]`.
    """

    seq: Ints
    num: Ints
    leave: Ints
    latest: Ints
    route_of: Ints
    points: Floats
    seconds: Floats
    place: Ints
