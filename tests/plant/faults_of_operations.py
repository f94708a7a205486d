"""Faults of what those who run Samsyn are told: who is silent, who has not seen, what led to what, what stands."""

from __future__ import annotations

from tests.plant.fault import Fault

ADAPTERS = "services/exchange/samsyn_exchange/domain/adapters.py"
OPERATIONS = "services/exchange/samsyn_exchange/domain/operations.py"
CHRONICLE = "services/exchange/samsyn_exchange/domain/chronicle.py"
READING = "services/exchange/samsyn_exchange/chronicle.py"
CLOCK = "services/exchange/samsyn_exchange/domain/clock.py"
HANDLERS = "services/exchange/samsyn_exchange/handlers.py"
WHY = "services/exchange/samsyn_exchange/api/why.py"
ALERTS = "services/chassis/samsyn_chassis/alerts.py"
PUBLISHING = "services/planning/samsyn_planning/publishing.py"
PROPOSALS = "services/planning/samsyn_planning/domain/proposals.py"
STATUS = "deploy/local/samsyn_local/status.py"
TEST_ADAPTERS = "tests/unit/exchange/test_exchange_adapters.py"
TEST_SEEN = "tests/unit/exchange/test_exchange_acknowledgements.py"
TEST_CHRONICLE = "tests/unit/exchange/test_exchange_chronicle.py"
TEST_CLOCK = "tests/unit/exchange/test_exchange_clock.py"
TEST_STATUS = "tests/unit/local/test_status_page.py"
TEST_DECIDE_BY = "tests/unit/planning/service/test_planning_decide_by.py"
TEST_HEARD = "tests/integration/exchange/test_exchange_alerts.py"
TEST_WHY = "tests/integration/exchange/test_exchange_why.py"
TEST_ALERTS = "tests/integration/chassis/test_chassis_alerts.py"
TEST_PLANNING = "tests/integration/planning/test_planning_alerts.py"

OF_OPERATIONS = (
    Fault(
        "silence-forgiven",
        "an adapter that stops is told to be down",
        ADAPTERS,
        '"down" if silent > DOWN_AFTER * interval else "late"',
        '"late"',
        (f"{TEST_ADAPTERS}::TestSilent",),
    ),
    Fault(
        "late-at-the-third-interval",
        "two beats may get lost",
        ADAPTERS,
        "if silent > LATE_AFTER * interval",
        "if silent >= LATE_AFTER * interval",
        (f"{TEST_ADAPTERS}::TestSilent",),
    ),
    Fault(
        "status-said-at-every-tick",
        "each change is said once",
        ADAPTERS,
        "if known.get(adapter.adapter_id) != adapter.status",
        'if known.get(adapter.adapter_id) != adapter.status or adapter.status != "up"',
        (f"{TEST_HEARD}::test_an_adapter_that_falls_silent_is_said_to_be_late_then_down_and_up_again_each_once",),
    ),
    Fault(
        "others-speak-for-the-police",
        "silent police are told",
        ADAPTERS,
        "if adapter.party == POLICE]",
        "]",
        (f"{TEST_ADAPTERS}::TestPolice",),
    ),
    Fault(
        "time-passes-over-adapters",
        "an adapter that stops is told to be late",
        HANDLERS,
        "    TimePassed: on_time_passed,\n",
        "",
        (f"{TEST_HEARD}::test_silent_police_stand_until_they_are_heard",),
    ),
    Fault(
        "stranger-acknowledges",
        "only participants say that they have seen it",
        OPERATIONS,
        " or party not in known.concerned",
        "",
        (f"{TEST_SEEN}::TestAcknowledge",),
    ),
    Fault(
        "acknowledged-before-it-was-said",
        "nobody has seen a version that was not said",
        OPERATIONS,
        " < acknowledged.plan_version <= known.plan_version",
        " < acknowledged.plan_version",
        (f"{TEST_SEEN}::TestAcknowledge",),
    ),
    Fault(
        "old-version-is-enough",
        "participants have seen the newest version",
        OPERATIONS,
        "seen.get(party, 0) < operation.plan_version",
        "seen.get(party, 0) == 0",
        (f"{TEST_SEEN}::TestUnacknowledged",),
    ),
    Fault(
        "lost-and-still-confirmed",
        "nobody is called about an operation that waits",
        OPERATIONS,
        "        is_confirmed=False,\n        capacity_id",
        "        capacity_id",
        (f"{TEST_SEEN}::TestNoted",),
    ),
    Fault(
        "chronicle-with-sites",
        "the chronicle holds P0 and P1 alone",
        CHRONICLE,
        'redacted(event.message, "internal")',
        'redacted(event.message, "accepted")',
        (f"{TEST_CHRONICLE}::TestNoted",),
    ),
    Fault(
        "chronicle-names-what-is-secret",
        "an id above P1 is not named",
        CHRONICLE,
        "subject=message.subject if is_named else None",
        "subject=message.subject",
        (f"{TEST_CHRONICLE}::TestNoted",),
    ),
    Fault(
        "another-centres-cause",
        "ids count within their centre",
        CHRONICLE,
        "if entry.centre == ALL_CENTRES or one.centre in shared]",
        "]",
        (f"{TEST_CHRONICLE}::TestAccount",),
    ),
    Fault(
        "why-told-to-anybody",
        "only those who run Samsyn may ask why",
        WHY,
        'if bearer_of(self.token_secret, request.headers.get("authorization"), [OPERATIONS]) is None:',
        "if False:",
        (f"{TEST_WHY}::test_only_those_who_run_samsyn_may_ask",),
    ),
    Fault(
        "story-without-an-end",
        "an account is bounded, and says so",
        READING,
        "            if len(self.by_key) >= self.most:\n                self.is_cut = True\n                break\n",
        "",
        (f"{TEST_WHY}::test_of_a_very_long_story_the_newest_is_told_and_that_it_is_cut",),
    ),
    Fault(
        "stopped-clock-believed",
        "a clock that does not tick is told",
        CLOCK,
        "if not may_tick or now - told_at",
        "if now - told_at",
        (f"{TEST_CLOCK}::test_a_clock_is_silent_when_it_may_not_tick_or_has_missed_more_than_three",),
    ),
    Fault(
        "parked-in-silence",
        "a row that can never be sent is told",
        ALERTS,
        'found = [Alert("outbox_old", f"parked on {topic}", since) for topic, since in parked]',
        "found: list[Alert] = []",
        (f"{TEST_ALERTS}::test_a_parked_row_stands_by_its_topic_however_young_it_is",),
    ),
    Fault(
        "dead-letter-forgotten-when-sent",
        "what was set aside is told",
        ALERTS,
        "where topic like 'samsyn.dlq.%' and created_at",
        "where topic like 'samsyn.dlq.%' and sent_at is null and created_at",
        (f"{TEST_ALERTS}::test_what_was_set_aside_stands_for_seven_days_though_it_was_sent",),
    ),
    Fault(
        "alert-logged-at-every-look",
        "an alert is logged when it comes and when it is over",
        ALERTS,
        "for name, about in sorted(now.keys() - self._standing.keys()):",
        "for name, about in sorted(now.keys()):",
        (f"{TEST_ALERTS}::test_an_alert_is_logged_once_when_it_comes_and_once_when_it_is_over",),
    ),
    Fault(
        "refusal-forgotten",
        "a plan that the verifier refused is told",
        PUBLISHING,
        "(now.refused_at or now.now_at) if is_refused else None",
        "None",
        (f"{TEST_PLANNING}::test_a_refused_plan_stands_until_the_next_one_is_accepted",),
    ),
    Fault(
        "proposal-missed-for-ever",
        "a proposal that ran out is told for a day",
        PROPOSALS,
        " and now_at - decide_by < MISSED_FOR)",
        ")",
        (f"{TEST_DECIDE_BY}::test_a_proposal_that_nobody_decided_in_time_is_told_for_a_day",),
    ),
    Fault(
        "what-was-not-asked-is-nought",
        "what does not answer is not well",
        STATUS,
        '"dead_letters": end - begin if ends is not None else None',
        '"dead_letters": end - begin',
        (f"{TEST_STATUS}::TestFigures",),
    ),
    Fault(
        "alert-with-exit-status-0",
        "whoever scripts samsyn status sees an alert",
        STATUS,
        'is_up and not told.get("alerts") and',
        "is_up and",
        (f"{TEST_STATUS}::TestExitStatus",),
    ),
)
