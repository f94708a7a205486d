"""Faults of waiting for who comes late: for nobody, for anybody, though it has begun, or earlier than told."""

from __future__ import annotations

from tests.plant.fault import Fault

DELAYED = "services/planning/samsyn_planning/domain/delayed.py"
WAITING = "services/planning/samsyn_planning/domain/waiting_for.py"
PROBLEM = "services/planning/samsyn_planning/domain/problem.py"
FORMS = "adapters/desk/samsyn_adapter_desk/domain/forms_of_operations.py"
TEST = "tests/unit/planning/service/test_planning_delayed.py"

OF_DELAYS = (
    Fault(
        "delay-without-effect",
        "an operation does not begin before those come whom it needs",
        PROBLEM,
        "_text(start_at if wait is None else max(start_at, wait.from_at))",
        "_text(start_at)",
        (f"{TEST}::TestThePlan::test_the_operation_begins_later_with_all_its_sites_and_nobody_is_asked_again",),
    ),
    Fault(
        "delay-of-a-team-counted-on-elsewhere",
        "no plan counts on a team before it can come",
        PROBLEM,
        "_text(offer.start_at if late is None else max(offer.start_at, late))",
        "_text(offer.start_at)",
        (f"{TEST}::TestThePlan::test_the_late_team_is_not_counted_on_earlier_elsewhere",),
    ),
    Fault(
        "delay-waits-for-anybody",
        "as little is disturbed as can be: who is not needed joins late",
        WAITING,
        "if _is_needed(agency, operation, snapshot)}",
        "if agency}",
        (f"{TEST}::TestThePlan::test_an_agency_that_is_not_needed_joins_late_and_nothing_moves",),
    ),
    Fault(
        "delay-of-what-has-begun",
        "those on the spot decide of what has begun",
        WAITING,
        "operation.start_at <= now and operation.start_at < wait.from_at",
        "False",
        (f"{TEST}::TestItsLatestWord::test_told_when_the_operation_has_begun_it_changes_no_plan",),
    ),
    Fault(
        "delay-taken-back-from-who-waits",
        "nobody who was told to wait is called earlier again",
        DELAYED,
        "return max(from_at, before.from_at) if before is not None and is_told else from_at",
        "return from_at",
        (f"{TEST}::TestItsLatestWord::test_nobody_who_was_told_to_wait_is_called_earlier_again",),
    ),
    Fault(
        "delay-of-a-stranger",
        "no agency holds up what it takes no part in",
        DELAYED,
        "or not _takes_part(said.agency, view)",
        "or False",
        (f"{TEST}::TestWhoIsHeard::test_who_never_did_is_refused",),
    ),
    Fault(
        "delay-counted-twice",
        "the desk says when the late come, not how long after a plan that has changed meanwhile",
        FORMS,
        "None if begins_at is None else begins_at + timedelta(minutes=message.minutes)",
        "None",
        ("tests/unit/desk/test_forms.py::test_a_delay_says_when_the_late_come_by_the_hours_on_the_page",),
    ),
)
