"""Faults of waiting for who comes late: for nobody, for anybody, though it has begun, again and again."""

from __future__ import annotations

from tests.plant.fault import Fault

DELAYED = "services/planning/samsyn_planning/domain/delayed.py"
WAITING = "services/planning/samsyn_planning/domain/waiting_for.py"
HOURS = "services/planning/samsyn_planning/domain/hours.py"
FORMS = "adapters/desk/samsyn_adapter_desk/domain/forms_of_operations.py"
HEARD = "tests/unit/planning/service/test_planning_delayed.py"
TEST = "tests/unit/planning/service/test_planning_waiting_for.py"

OF_DELAYS = (
    Fault(
        "delay-without-effect",
        "an operation does not begin before those come whom it needs",
        HOURS,
        "later.append(None if wait is None else wait.from_at)",
        "later.append(None)",
        (f"{TEST}::TestThePlan::test_the_hours_that_were_told_stay_though_nobody_is_waited_for_any_more",),
    ),
    Fault(
        "delay-of-police-for-one-operation-alone",
        "no plan counts on the police before they can come",
        HOURS,
        "later.append(capacity.late.from_at)",
        "later.append(None)",
        (f"{TEST}::TestBesideOtherThings::test_also_where_nothing_stood_on_it",),
    ),
    Fault(
        "delay-of-a-team-counted-on-elsewhere",
        "no plan counts on a team before it can come",
        HOURS,
        "        if operation.start_at >= self._freeze_until:\n",
        "        if False:\n",
        (f"{TEST}::TestThePlan::test_but_is_counted_on_for_no_other_site_before_it_comes",),
    ),
    Fault(
        "delay-beyond-the-shift",
        "every problem can be read, whatever was said",
        HOURS,
        "if late.from_at < team.offer.end_at else None",
        "if late else None",
        (f"{TEST}::TestBesideOtherThings::test_a_shift_offered_anew_that_ends_before_its_team_comes_is_none",),
    ),
    Fault(
        "delay-waits-for-anybody",
        "as little is disturbed as can be: who is not needed joins late",
        WAITING,
        "self._num_parties = min(1 if self._has_police else 2, len(first))",
        "self._num_parties = len(first)",
        (f"{TEST}::TestThePlan::test_an_agency_that_is_not_needed_joins_late_and_nothing_moves",),
    ),
    Fault(
        "delay-drops-who-is-not-needed",
        "as little is disturbed as can be: who joins late is not sent home",
        HOURS,
        "if any(o.id not in replanned and self._joins_late(team, o) for o in earlier):",
        "if False:",
        (f"{TEST}::TestThePlan::test_an_agency_that_is_not_needed_joins_late_and_nothing_moves",),
    ),
    Fault(
        "delay-forgotten-when-the-need-is",
        "what was told stays: no plan swings back and forth",
        HOURS,
        "later = [operation.waits_until for operation in on_it]",
        "later = [None for operation in on_it]",
        (f"{TEST}::TestThePlan::test_the_hours_that_were_told_stay_though_nobody_is_waited_for_any_more",),
    ),
    Fault(
        "delay-of-what-has-begun",
        "those on the spot decide of what has begun",
        DELAYED,
        "if is_underway(operation, _now(view, envelope)):",
        "if False:",
        (f"{HEARD}::TestItsLatestWord::test_told_when_the_operation_has_begun_it_is_not_even_kept",),
    ),
    Fault(
        "delay-moves-what-has-begun",
        "nothing is said of an operation under way",
        HOURS,
        "if not any(operation.id in self._left_alone for operation in on_it):",
        "if True:",
        (f"{TEST}::TestBesideOtherThings::test_what_may_be_compromised_stays_as_it_stands",),
    ),
    Fault(
        "delay-of-police-who-do-not-come",
        "nobody waits for police who have cancelled",
        HOURS,
        "capacity.late is not None and capacity.id not in self._lost_police",
        "capacity.late is not None",
        (f"{TEST}::TestBesideOtherThings::test_police_who_are_late_and_then_cancel_are_not_waited_for",),
    ),
    Fault(
        "delay-in-parts-of-a-second",
        "hours that were told are those that are waited for",
        DELAYED,
        "return whole if whole == at else whole + MINUTE",
        "return at",
        (f"{HEARD}::TestWhoIsHeard::test_a_part_of_a_minute_is_a_whole_one",),
    ),
    Fault(
        "delay-of-a-stranger",
        "no agency holds up what it takes no part in",
        DELAYED,
        "takes_part(part) and agency_of(part.party) == agency]",
        "takes_part(part)]",
        (f"{HEARD}::TestWhoIsHeard::test_who_never_did_is_refused",),
    ),
    Fault(
        "delay-counted-twice",
        "the desk says when the late come, not how long after a plan that has changed meanwhile",
        FORMS,
        "arrives_at=_arrival(values),",
        "arrives_at=None,",
        ("tests/unit/desk/test_forms.py::test_a_delay_says_when_the_late_come_by_the_hours_on_the_page",),
    ),
)
