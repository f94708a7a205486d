"""Every event that a party said has an answer and, if admitted, exactly one record."""

import pytest
from samsyn_demo.deliveries import cancellations, deliveries, party_of, quantiles

from tests.unit.demo.demo_forms import a_plan_published, a_record, said_and_admitted

CANCELLED = {"capacity_id": "polisen:p1"}


def test_an_event_admitted_and_passed_on_is_not_lost() -> None:
    delivered = deliveries(said_and_admitted())

    assert (delivered.num_said, delivered.num_lost, delivered.passed_on_twice) == (1, 0, ())


def test_an_event_rejected_is_answered() -> None:
    said, _, _ = said_and_admitted()
    rejected = a_record("samsyn.to.polisen.v1", "EventRejected", {"rejected_id": "e1"}, "r1", "service:exchange")

    assert deliveries([said, rejected]).num_lost == 0


def test_an_event_answered_to_another_party_is_lost() -> None:
    said, _, admitted = said_and_admitted()
    elsewhere = a_record("samsyn.to.skatteverket.v1", "EventAdmitted", {"admitted_id": "e1"}, "x")

    assert deliveries([said, elsewhere, admitted]).unanswered == ("polisen e1",)


def test_an_admitted_event_without_a_record_is_lost() -> None:
    said, answer, _ = said_and_admitted()

    assert deliveries([said, answer]).not_passed_on == ("polisen e1",)


def test_an_admitted_event_with_two_records_is_told() -> None:
    said, answer, admitted = said_and_admitted()

    delivered = deliveries([said, answer, admitted, admitted])

    assert (delivered.passed_on_twice, delivered.num_lost) == (("polisen e1",), 0)


def test_the_same_event_said_twice_is_one_event() -> None:
    said, answer, admitted = said_and_admitted()

    assert deliveries([said, said, answer, answer, admitted]).num_said == 1


def test_a_record_without_an_id_is_counted_apart() -> None:
    nameless = a_record("samsyn.from.polisen.v1", "PoliceCancelled", headers={})

    delivered = deliveries([nameless])

    assert (delivered.num_without_id, delivered.num_said) == (1, 0)


def test_the_party_of_a_topic_may_have_hyphens() -> None:
    assert party_of("samsyn.to.kommun-goteborg.v1") == "kommun-goteborg"


def test_the_time_runs_from_the_commit_to_the_first_plan_that_names_the_cancellation() -> None:
    plans = [a_plan_published("e1", after_ms=900, version=3), a_plan_published("e1", after_ms=250, version=2)]

    (cancellation,) = cancellations([*said_and_admitted(body=CANCELLED), *plans])

    assert cancellation.seconds == 0.25


def test_a_plan_that_names_another_cause_answers_nothing() -> None:
    (cancellation,) = cancellations([*said_and_admitted(body=CANCELLED), a_plan_published("e9")])

    assert cancellation.seconds is None


def test_an_admitted_record_without_the_commits_time_is_a_fault() -> None:
    records = [a_record("samsyn.admitted.v1", "PoliceCancelled", CANCELLED), a_plan_published("e1")]

    (cancellation,) = cancellations(records)

    assert cancellation.fault == "its admitted record has no header committed_ms"


def test_a_plan_older_than_its_cause_is_a_fault() -> None:
    (cancellation,) = cancellations([*said_and_admitted(body=CANCELLED), a_plan_published("e1", after_ms=-10)])

    assert cancellation.fault == "its plan was published 0.010 s before it was admitted"


def test_a_cancellation_admitted_in_two_records_is_counted_once() -> None:
    assert len(cancellations([*said_and_admitted(body=CANCELLED), *said_and_admitted(body=CANCELLED)])) == 1


@pytest.mark.parametrize(("num", "p50", "p95"), [(1, 1, 1), (2, 1, 2), (20, 10, 19), (100, 50, 95)])
def test_percentiles_are_figures_that_were_measured(num: int, p50: int, p95: int) -> None:
    assert quantiles(list(range(num, 0, -1))) == {"n": num, "p50": p50, "p95": p95, "max": num}


def test_no_figures_have_no_percentiles() -> None:
    assert quantiles([]) == {"n": 0, "p50": None, "p95": None, "max": None}
