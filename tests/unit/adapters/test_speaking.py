"""What the SDK makes of a statement before anything is sent: an event in the journal, numbered and traced."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from samsyn_adapter_sdk import Saying, Settings, Skipped, Statement, event_id
from samsyn_adapter_sdk.journal import Cause, Journal
from samsyn_adapter_sdk.kafka_line import KafkaLine
from samsyn_adapter_sdk.speaker import Speaker
from samsyn_contracts.bus import event_of
from samsyn_contracts.capacity import CapacityWithdrawn
from samsyn_contracts.envelope import Envelope, Event
from samsyn_contracts.inspections import InspectionProposed, Site, TimeWindow
from samsyn_contracts.message import Message

AGENCY = "skatteverket"
MONDAY = datetime(2025, 5, 5, tzinfo=UTC)
WITHDRAWN = CapacityWithdrawn(capacity_id="skatteverket:t1", reason_code="illness")
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class TaxAgency:
    agency = AGENCY

    async def said(self, after: str | None) -> AsyncIterator[Saying]:
        for number in range(int(after or 0) + 1, 4):
            yield a_statement(str(number), cursor=str(number))

    async def hear(self, message: Message, envelope: Envelope) -> None: ...


def a_statement(key: str = "1", **overrides: Any) -> Statement:
    own: dict[str, Any] = {"message": WITHDRAWN, "occurred_at": MONDAY, "key": key, "centre": "akc-vast"}
    return Statement(**{**own, **overrides})


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal(tmp_path / "journal.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def speaker(journal: Journal, tmp_path: Path) -> Speaker:
    settings = Settings(kafka="127.0.0.1:1", exchange_url="", token="", state_dir=tmp_path)
    return Speaker(TaxAgency(), settings, journal, KafkaLine(AGENCY, settings))


def events(journal: Journal) -> list[Event]:
    rows = journal.waiting(0)
    return [event_of([(k, v.encode()) for k, v in json.loads(row.headers)], row.body) for row in rows]


def test_a_statement_becomes_an_event_of_the_agency(speaker: Speaker, journal: Journal) -> None:
    speaker.take([a_statement("1", role=None, agencyref="dnr 1", cursor="1")])
    (event,) = events(journal)
    assert event.message == WITHDRAWN
    assert (event.envelope.source, event.envelope.id) == ("urn:samsyn:skatteverket", event_id(AGENCY, "1"))
    assert (event.envelope.subject, event.envelope.agencyref) == ("skatteverket:t1", "dnr 1")
    assert journal.cursor == "1"


def test_statements_about_one_subject_are_numbered(speaker: Speaker, journal: Journal) -> None:
    speaker.take([a_statement("1"), a_statement("2")])
    assert [event.envelope.sequence for event in events(journal)] == [1, 2]


def test_a_statement_that_starts_a_chain_names_itself_and_has_a_trace_of_its_own(
    speaker: Speaker, journal: Journal
) -> None:
    speaker.take([a_statement("1"), a_statement("2")])
    first, second = events(journal)
    assert first.envelope.correlationid == first.envelope.id
    assert first.envelope.traceparent != second.envelope.traceparent


def test_an_answer_belongs_to_the_chain_of_its_question(speaker: Speaker, journal: Journal) -> None:
    with journal.together():
        journal.note_heard("question", Cause("chain", TRACEPARENT))
    speaker.take([a_statement("1", causationid="question")])
    (event,) = events(journal)
    assert (event.envelope.causationid, event.envelope.correlationid) == ("question", "chain")


def test_the_same_statement_read_twice_is_said_once(speaker: Speaker, journal: Journal) -> None:
    speaker.take([a_statement("1")])
    speaker.take([a_statement("1", cursor="1")])
    assert len(events(journal)) == 1
    assert journal.cursor == "1"


def test_a_key_used_for_another_body_is_skipped_and_counted(speaker: Speaker, journal: Journal) -> None:
    other = CapacityWithdrawn(capacity_id="skatteverket:t2", reason_code="illness")
    speaker.take([a_statement("1"), a_statement("1", message=other)])
    assert [event.message for event in events(journal)] == [WITHDRAWN]
    assert journal.num_skipped == 1


def too_large() -> InspectionProposed:
    window = TimeWindow(from_at=MONDAY, until_at=MONDAY.replace(hour=8))
    return InspectionProposed(
        inspection_id="skatteverket:1",
        site=Site(site_id="skatteverket:1", municipality="1480"),
        indications=("x",),
        police_need="wanted",
        value=1,
        programme="a-krim",
        duration_minutes=30,
        time_windows=(window,) * 5000,
    )


@pytest.mark.parametrize(
    "overrides",
    [
        {"message": CapacityWithdrawn(capacity_id="polisen:p1", reason_code="illness")},
        {"message": too_large()},
        {"centre": "Göteborg"},
        {"role": "Stora Chefen"},
    ],
    ids=["another party's thing", "larger than an event may be", "a centre of no form", "a role of no form"],
)
def test_what_can_never_be_an_event_is_skipped_and_does_not_block_the_next(
    speaker: Speaker, journal: Journal, overrides: dict[str, Any]
) -> None:
    speaker.take([a_statement("1", cursor="1", **overrides), a_statement("2", cursor="2")])
    assert [event.envelope.id for event in events(journal)] == [event_id(AGENCY, "2")]
    assert (journal.cursor, journal.num_skipped) == ("2", 1)


def test_an_entry_with_an_unknown_code_is_counted_and_named(
    speaker: Speaker, journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    speaker.take([Skipped("1", unknown="orsak MANSKEN in entry 1")])
    assert (journal.cursor, journal.num_skipped) == ("1", 1)
    assert "orsak MANSKEN in entry 1" in caplog.text


def test_an_entry_that_says_nothing_moves_the_cursor_alone(speaker: Speaker, journal: Journal) -> None:
    speaker.take([Skipped("1")])
    assert (journal.cursor, journal.num_skipped) == ("1", 0)


async def test_what_is_there_before_an_error_is_journalled(speaker: Speaker, journal: Journal) -> None:
    with pytest.raises(Exception, match="said"):  # TaxAgency ends, which no adapter may
        await speaker.read()
    assert (len(events(journal)), journal.cursor) == (3, "3")
