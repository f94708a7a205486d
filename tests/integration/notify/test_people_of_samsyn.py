"""The whole way: the police cancel, planning moves the operation, and what people have in their calendars changes."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from samsyn_contracts.bus import ADMITTED, to_topic
from samsyn_contracts.notifications import CalendarInviteIssued, NotificationEscalated, NotificationSent
from samsyn_contracts.operations import NotificationAcknowledged
from samsyn_local.infrastructure import Infrastructure

from tests.e2e.centre_at_work import AV, POLICE, SKV, a_confirmed_friday, centre_at_work
from tests.integration.notify.served_people import a_mail_server, notify, until
from tests.support.samsyn import Samsyn, running_samsyn
from tests.unit.notify.people_told import CENTRE, a_function, calendar_of, functions_of

FILES = [
    functions_of(AV, a_function("av")),
    functions_of(CENTRE, a_function("centret", kind="centre-coordinator", calendar=False)),
]


@pytest.fixture(scope="module")
async def samsyn(infrastructure: Infrastructure) -> AsyncIterator[Samsyn]:
    async with running_samsyn(infrastructure) as running:
        yield running


def tokens(samsyn: Samsyn, folder: Path) -> Path:
    """The parties' own tokens."""
    told = {
        party: hmac.new(samsyn.secret.encode(), party.encode(), hashlib.sha256).hexdigest() for party in (AV, CENTRE)
    }
    path = folder / "own-tokens.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps(told), "utf-8")
    return path


async def test_a_cancellation_by_the_police_raises_the_sequence_of_what_people_have_in_their_calendars(
    samsyn: Samsyn, tmp_path: Path
) -> None:
    line = {"SAMSYN_KAFKA": samsyn.infrastructure.kafka, "SAMSYN_TOKENS": str(tokens(samsyn, tmp_path))}
    async with a_mail_server() as (mails, smtp), notify(tmp_path, samsyn.address("exchange"), smtp, FILES, **line):

        def told(to: str) -> list[str]:
            return [str(mail["Subject"]).partition(": ")[2] for mail in mails.mails if str(mail["To"]).startswith(to)]

        def calendars() -> list[bytes]:
            return [calendar_of(m) for m in mails.mails if m.is_multipart() and code_name in str(m["Subject"])]

        friday = await a_confirmed_friday(await centre_at_work(samsyn, CENTRE))
        centre = friday.centre
        code_name = centre.scheduled(friday.lost).message.code_name
        await centre.a_spare_session()
        await until(lambda: told("av@").count("bekräftad") == 2)
        (first,) = calendars()
        assert b"\r\nSEQUENCE:0\r\n" in first

        await centre.cancel(friday.lost)
        await samsyn.quiet()
        await until(lambda: len(calendars()) == 2)
        second = calendars()[1]
        assert b"\r\nSEQUENCE:1\r\n" in second
        assert b"METHOD:REQUEST\r\n" in second
        assert uid(first) == uid(second)
        assert start(second) == f"{friday.lost.start_at + timedelta(minutes=30):%Y%m%dT%H%M%SZ}"
        assert told("av@").count("ny tid, bekräftad") == 1  # what one version says of it is one letter
        await until(lambda: "ny tid, bekräftad" in told("centret@"))

        # What was told is kept by Samsyn, and the centre hears whom its agencies have told.
        await until(lambda: [s.message.sequence for s in samsyn.trail.of(CalendarInviteIssued, ADMITTED)].count(1) == 1)
        heard = samsyn.trail.of(NotificationSent, to_topic(CENTRE), centre.since)
        assert {s.message.recipient_function for s in heard} == {"av"}

        # One agency acknowledges; the centre's coordinator is told how many have not, before it starts.
        moved = samsyn.trail.of(NotificationSent, ADMITTED, centre.since)
        version = max(s.message.plan_version or 0 for s in moved)
        acknowledged = NotificationAcknowledged(
            operation_id=centre.operation(friday.lost), agency=SKV, plan_version=version, by_function="samordnare"
        )
        await centre.party(SKV).tell(acknowledged)
        await centre.pass_time(friday.lost.start_at - timedelta(hours=1))
        await until(lambda: f"{len({AV, POLICE})} har inte kvitterat" in told("centret@"))
        await until(lambda: len(samsyn.trail.of(NotificationEscalated, ADMITTED, centre.since)) >= 1)


def uid(calendar: bytes) -> str:
    return line_of("UID", calendar)


def start(calendar: bytes) -> str:
    return line_of("DTSTART", calendar)


def line_of(name: str, calendar: bytes) -> str:
    lines = [line for line in calendar.decode().split("\r\n") if line.startswith(f"{name}:")]
    assert len(lines) == 1
    return lines[0].partition(":")[2]
