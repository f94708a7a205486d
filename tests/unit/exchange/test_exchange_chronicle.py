"""What is noted of each event, and the chains of causes between them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from samsyn_contracts.capacity import AdapterHeartbeat, DisturbanceReported
from samsyn_contracts.envelope import Event, derived_id
from samsyn_exchange.domain.chronicle import Entry, Line, account, causes_beyond, entry_of

from tests.unit.exchange.saying import CENTRE, RECEIVED_AT, a_service_event, an_envelope, an_event

AT = datetime(2025, 5, 9, 4, 12, tzinfo=UTC)
TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE}-b7ad6b7169203331-01"
OF_PLANNING = "urn:samsyn:service:planning"


def noted(event: Event) -> Entry:
    entry = entry_of(event, AT, PARENT)
    assert entry is not None
    return entry


def an_entry(id_: str, *causes: str, number: int = 0, minutes: int = 0, **told: Any) -> Entry:
    """An event of which little matters; `minutes` later than the first, said by a party about Väst."""
    values: dict[str, Any] = {
        "source": "urn:samsyn:polisen",
        "name": "PoliceCancelled",
        "centre": CENTRE,
        "subject": None,
        "operation_id": None,
        "said_at": AT,
        "received_at": AT + timedelta(minutes=minutes),
        "causation": causes[0] if causes else None,
        "correlation": None,
        "trace_id": None,
        "body": {},
    }
    return Entry(number=number, id=id_, causes=causes, **{**values, **told})


def a_plan(id_: str, *causes: str, version: int = 24, **told: Any) -> Entry:
    body = {"plan_version": version}
    return an_entry(id_, *causes, **{"source": OF_PLANNING, "name": "PlanPublished", "body": body, **told})


def a_change(id_: str, *causes: str, version: int = 24, **told: Any) -> Entry:
    return a_plan(id_, *causes, version=version, name="OperationPostponed", operation_id="op:p1", **told)


def an_acknowledgement(id_: str, agency: str, version: int, minutes: int) -> Entry:
    body = {"agency": agency, "plan_version": version}
    name = "NotificationAcknowledged"
    return an_entry(id_, name=name, body=body, minutes=minutes, operation_id="op:p1", source=f"urn:samsyn:{agency}")


def ids(lines: Sequence[Line]) -> list[str]:
    return [line.entry.id for line in lines]


def line_of(id_: str, *entries: Entry) -> Line:
    return next(line for line in account(entries) if line.entry.id == id_)


class TestNoted:
    def test_an_event_is_noted_with_its_trace_and_who_said_it(self) -> None:
        entry = noted(an_event("PoliceCancelled"))

        assert (entry.name, entry.source, entry.centre) == ("PoliceCancelled", "urn:samsyn:polisen", CENTRE)
        assert (entry.subject, entry.received_at, entry.trace_id) == ("polisen:p1", AT, TRACE)

    def test_what_is_above_p1_is_left_out_of_the_body(self) -> None:
        cancelled = an_event("PoliceCancelled", disturbance_id="polisen:d7", officers_left=0)
        scheduled = a_service_event("OperationScheduled")

        assert noted(cancelled).body == {"capacity_id": "polisen:p1", "cause_code": "shooting"}
        assert (noted(scheduled).body or {})["inspections"] == []

    def test_of_what_cannot_be_said_so_only_the_envelope_is_kept(self) -> None:
        entry = noted(an_event("CapacityOffered"))

        assert (entry.body, entry.subject) == (None, "polisen:p1")

    def test_a_thing_whose_very_id_is_above_p1_is_not_named(self) -> None:
        said = DisturbanceReported(disturbance_id="polisen:d7", kind="shooting", severity="heavy")

        entry = noted(Event(an_envelope("DisturbanceReported", "urn:samsyn:polisen", subject="polisen:d7"), said))

        assert (entry.subject, entry.body) == (None, None)

    def test_an_event_about_an_operation_is_found_by_it(self) -> None:
        assert noted(an_event("ParticipationAccepted", "skatteverket")).operation_id == "op:polisen:p1"

    def test_causes_are_those_of_the_envelope_and_those_that_the_message_names_once_each(self) -> None:
        moved = a_service_event("OperationRescheduled", cause_event_ids=["e-1", "e-2"])
        event = Event(moved.envelope.model_copy(update={"causationid": "e-2"}), moved.message)
        started = a_service_event("ReplanStarted", trigger_event_ids=["e-3"])

        assert noted(event).causes == ("e-2", "e-1")
        assert noted(started).causes == ("e-3",)
        assert noted(an_event("PoliceCancellationRetracted", cancelled_event="e-4")).causes == ("e-4",)

    @pytest.mark.parametrize("name", ["TimePassed", "AdapterHeartbeat"])
    def test_what_is_said_all_the_time_is_not_noted(self, name: str) -> None:
        beat = Event(
            an_envelope("AdapterHeartbeat", "urn:samsyn:polisen", centre="_all"),
            AdapterHeartbeat(adapter_id="polisen:adapter", version="1"),
        )
        event = a_service_event(name, "exchange") if name == "TimePassed" else beat

        assert entry_of(event, RECEIVED_AT, None) is None


class TestAccount:
    def test_events_come_in_the_order_of_time_whatever_the_order_they_were_read_in(self) -> None:
        lines = account([an_entry("c", minutes=2), an_entry("a"), an_entry("b", minutes=1)])

        assert ids(lines) == ["a", "b", "c"]

    def test_in_one_instant_a_cause_comes_before_what_follows_from_it(self) -> None:
        lines = account([a_change("postponed", "lost", number=1), a_plan("plan", "lost", number=2), an_entry("lost")])

        assert ids(lines) == ["lost", "plan", "postponed"]

    def test_in_one_instant_what_has_nothing_to_do_with_the_rest_comes_where_it_became_known(self) -> None:
        told = [an_entry("lost"), a_change("postponed", "lost", number=1), a_plan("plan", "lost", number=2)]

        assert ids(account([an_entry("seen", number=3), *told])) == ["lost", "plan", "postponed", "seen"]

    def test_the_chain_goes_up_to_what_began_it(self) -> None:
        line = line_of("c", an_entry("a"), an_entry("b", "a"), an_entry("c", "b"), an_entry("other"))

        assert line.chain == ("a", "b")
        assert line_of("a", an_entry("a")).chain == ()

    def test_several_causes_are_all_in_it(self) -> None:
        entries = [an_entry("a"), an_entry("b", minutes=1), an_entry("c", "b", "a", minutes=2)]

        assert line_of("c", *entries).chain == ("a", "b")

    def test_what_planning_says_of_an_operation_follows_from_its_plan(self) -> None:
        entries = [an_entry("lost"), a_plan("plan", "lost"), a_change("postponed", "lost")]

        assert line_of("postponed", *entries).chain == ("lost", "plan")

    def test_and_not_from_another_version_or_another_centres_plan(self) -> None:
        others = [a_plan("older", version=23), a_plan("elsewhere", centre="akc-nord")]

        assert line_of("postponed", a_change("postponed"), *others).chain == ()

    @pytest.mark.parametrize(
        "entries",
        [
            [an_entry("a", "a")],
            [an_entry("a", "b"), an_entry("b", "a")],
            [an_entry("a", "c"), an_entry("b", "a"), an_entry("c", "b")],
        ],
        ids=["itself", "each other", "a ring"],
    )
    def test_events_that_name_each_other_are_told_once_and_never_for_ever(self, entries: list[Entry]) -> None:
        lines = account(entries)

        assert sorted(ids(lines)) == sorted(entry.id for entry in entries)
        assert all(line.entry.id not in line.chain for line in lines)
        assert all(len(line.chain) == len(entries) - 1 for line in lines)

    def test_an_event_whose_causes_name_each_other_has_both_behind_it(self) -> None:
        knot = [an_entry("a", "b"), an_entry("b", "a")]

        assert sorted(line_of("c", *knot, an_entry("c", "a")).chain) == ["a", "b"]

    def test_a_cause_that_is_not_kept_here_is_missing(self) -> None:
        line = line_of("b", an_entry("a"), an_entry("b", "a", "gone"))

        assert (line.chain, line.others, line.missing, line.is_by_time) == (("a",), (), ("gone",), False)

    def test_a_cause_that_is_kept_and_not_in_this_account_is_not_missing(self) -> None:
        entries = [an_entry("b", "a", "gone")]

        (line,) = account(entries, kept=causes_beyond(entries) - {"gone"})

        assert (line.others, line.missing) == (("a",), ("gone",))

    def test_that_time_has_passed_is_no_missing_cause(self) -> None:
        tick = derived_id("TimePassed", CENTRE, AT.isoformat())

        line = line_of("a", an_entry("a", tick))

        assert (line.missing, line.is_by_time) == ((), True)

    def test_an_event_of_another_centre_under_the_same_id_is_not_the_one_meant(self) -> None:
        stranger = an_entry("a", centre="akc-nord", source="urn:samsyn:skatteverket")

        assert line_of("b", stranger, an_entry("b", "a")).missing == ("a",)

    def test_an_event_about_all_centres_may_be_behind_what_one_of_them_sees(self) -> None:
        assert line_of("b", an_entry("a", centre="_all"), an_entry("b", "a")).chain == ("a",)

    def test_an_event_read_twice_is_told_once(self) -> None:
        assert ids(account([an_entry("a"), an_entry("a")])) == ["a"]


class TestSeen:
    def test_a_party_has_seen_what_it_acknowledged_in_that_version_or_a_later_one(self) -> None:
        first = an_acknowledgement("k1", "skatteverket", 25, minutes=2)
        again = an_acknowledgement("k2", "skatteverket", 25, minutes=3)

        line = line_of("postponed", a_change("postponed"), first, again)

        assert line.seen == (("skatteverket", first.received_at),)

    def test_not_an_older_version_nor_before_it_was_said(self) -> None:
        older = an_acknowledgement("k1", "skatteverket", 23, minutes=2)
        early = an_acknowledgement("k2", "polisen", 24, minutes=-1)

        assert line_of("postponed", a_change("postponed"), older, early).seen == ()
