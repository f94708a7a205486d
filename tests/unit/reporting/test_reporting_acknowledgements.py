"""Who has seen the newest word on a confirmed operation, and how long it took."""

from __future__ import annotations

from datetime import timedelta

from samsyn_reporting.domain.acknowledgements import Acknowledgements, acknowledgement_of
from samsyn_reporting.domain.told import Told

from tests.support.told_days import acknowledged
from tests.support.told_operations import confirmed, envelope, scheduled
from tests.unit.reporting.heard import SAID_AT, heard, ledger_from

POLICE_TOO = ("polisen", "arbetsmiljoverket")


def seen(*facts: Told) -> Acknowledgements:
    return ledger_from(facts).totals.acknowledgements


def ack(minutes: int, agency: str = "arbetsmiljoverket", version: int = 1, id_: str = "") -> Told:
    at = SAID_AT + timedelta(minutes=minutes)
    return heard(acknowledged(agency=agency, version=version), id_ or f"{agency}-{minutes}", at=at)


CONFIRMED = heard(confirmed(agencies=POLICE_TOO), "c1", at=SAID_AT)


def test_the_share_is_that_of_the_participants_who_have_acknowledged() -> None:
    found = seen(CONFIRMED, ack(30))

    assert (found.expected, found.acknowledged, found.share) == (2, 1, 0.5)


def test_an_acknowledgement_of_an_older_version_is_none_of_the_newest() -> None:
    newest = heard(confirmed(version=2, agencies=POLICE_TOO), "c2", at=SAID_AT)

    assert seen(CONFIRMED, newest, ack(30, version=1)).acknowledged == 0


def test_the_first_acknowledgement_of_the_newest_message_gives_the_minutes() -> None:
    assert seen(CONFIRMED, ack(30), ack(90), ack(50, "polisen")).median_minutes == 40


def test_who_had_read_an_earlier_message_of_the_version_took_no_time() -> None:
    assert seen(CONFIRMED, ack(-10)).median_minutes == 0


def test_an_operation_that_is_not_confirmed_expects_no_acknowledgement() -> None:
    found = seen(heard(scheduled(), "s1"))

    assert (found.expected, found.share, found.median_minutes) == (0, None, None)


def test_message_time_is_when_the_exchange_received_it() -> None:
    message = acknowledged()
    said = envelope(message, "a1", party="arbetsmiljoverket", at=SAID_AT)
    received = said.model_copy(update={"receivedtime": SAID_AT + timedelta(minutes=25)})

    assert seen(CONFIRMED, acknowledgement_of(message, received)).median_minutes == 25
