"""Notify as a process with a real mail server: each mail once, in spite of being killed at every step."""

import asyncio
from pathlib import Path

import httpx
import pytest
from samsyn_contracts.notifications import CalendarInviteIssued, NotificationSent

from tests.integration.notify.served_people import HttpExchange, a_mail_server, an_exchange, free_port, notify, until
from tests.unit.notify.people_told import AV, CENTRE, a_function, calendar_of, confirmed, functions_of, rescheduled

LONGER_THAN_A_ROUND_SECONDS = 2.0


def kinds(exchange_said: list[object]) -> list[str]:
    return [type(event.message).__name__ for event in exchange_said]  # type: ignore[attr-defined]


def num_said(exchange: HttpExchange) -> int:
    """How many events of different ids the exchange has been told."""
    return len({event.envelope.id for event in exchange.said})


async def test_a_confirmed_operation_becomes_a_mail_and_two_statements(tmp_path: Path) -> None:
    async with an_exchange() as exchange, a_mail_server() as (mails, smtp):
        await exchange.tell(AV, confirmed())
        async with notify(tmp_path, exchange.url, smtp):
            await until(lambda: len(exchange.said) == 2)
            assert kinds(list(exchange.said)) == ["NotificationSent", "CalendarInviteIssued"]
            assert [mail["To"] for mail in mails.mails] == ["samordnare@av.example"]


async def test_killed_when_the_server_has_taken_all_the_same_mail_comes_once_more(tmp_path: Path) -> None:
    async with an_exchange() as exchange, a_mail_server() as (mails, smtp):
        mails.stalls_at = "DATA"
        await exchange.tell(AV, confirmed())
        async with notify(tmp_path, exchange.url, smtp) as running:
            await until(lambda: len(mails.taken) == 1)
            await running.kill()
            mails.stalls_at = None
            await running.start()
            await until(lambda: len(exchange.said) == 2)
            first, second = mails.mails
            assert mails.taken[0] == mails.taken[1]
            assert first["Message-ID"] == second["Message-ID"]
            assert calendar_of(first) == calendar_of(second)


async def test_killed_before_the_server_has_taken_it_it_comes_once(tmp_path: Path) -> None:
    async with an_exchange() as exchange, a_mail_server() as (mails, smtp):
        mails.stalls_at = "RCPT"
        await exchange.tell(AV, confirmed())
        async with notify(tmp_path, exchange.url, smtp) as running:
            await until(lambda: mails.num_recipients == 1)
            await running.kill()
            mails.stalls_at = None
            await running.start()
            await until(lambda: len(exchange.said) == 2)
            await asyncio.sleep(LONGER_THAN_A_ROUND_SECONDS)
            assert len(mails.taken) == 1


async def test_killed_when_it_was_sent_and_not_yet_said_it_is_said_and_not_sent_again(tmp_path: Path) -> None:
    async with an_exchange() as exchange, a_mail_server() as (mails, smtp):
        exchange.silent = True
        await exchange.tell(AV, confirmed())
        async with notify(tmp_path, exchange.url, smtp) as running:
            # Said, but never answered: it has noted that the mail was sent.
            await until(lambda: num_said(exchange) == 2)
            await running.kill()
            exchange.silent = False
            exchange.said.clear()
            await running.start()
            await until(lambda: num_said(exchange) == 2)
            await asyncio.sleep(LONGER_THAN_A_ROUND_SECONDS)
            assert len(mails.taken) == 1
            assert set(kinds(list(exchange.said))) == {"NotificationSent", "CalendarInviteIssued"}
            assert num_said(exchange) == 2


async def test_killed_in_every_round_a_change_is_told_once_with_a_higher_sequence(tmp_path: Path) -> None:
    async with an_exchange() as exchange, a_mail_server() as (mails, smtp):
        await exchange.tell(AV, confirmed())
        async with notify(tmp_path, exchange.url, smtp) as running:
            # What it says it says when it has noted that the mail was sent: before, the mail would come once more.
            await until(lambda: num_said(exchange) == 2)
            await running.kill()
            await exchange.tell(AV, rescheduled())
            await running.start()
            await until(lambda: num_said(exchange) == 4)
            await running.kill()
            await running.start()
            await asyncio.sleep(LONGER_THAN_A_ROUND_SECONDS)
            assert num_said(exchange) == 4
            sequences = [e.message.sequence for e in exchange.said if isinstance(e.message, CalendarInviteIssued)]
            assert sorted(set(sequences)) == [0, 1]
            assert b"SEQUENCE:1\r\n" in calendar_of(mails.mails[1])
            assert len(mails.taken) == 2


async def test_a_server_that_is_busy_gets_it_later(tmp_path: Path) -> None:
    async with an_exchange() as exchange, a_mail_server() as (mails, smtp):
        mails.refuses_with = "451 try later"
        await exchange.tell(AV, confirmed())
        async with notify(tmp_path, exchange.url, smtp):
            await until(lambda: mails.num_recipients >= 2)
            mails.refuses_with = None
            await until(lambda: len(mails.taken) == 1)


async def test_a_mailbox_that_does_not_exist_is_not_tried_again(tmp_path: Path) -> None:
    async with an_exchange() as exchange, a_mail_server() as (mails, smtp):
        mails.refuses_with = "550 no such mailbox"
        await exchange.tell(AV, confirmed())
        async with notify(tmp_path, exchange.url, smtp) as running:
            await until(lambda: "cannot be delivered" in running.log)
            await asyncio.sleep(LONGER_THAN_A_ROUND_SECONDS)
            assert mails.num_recipients == 1


async def test_several_parties_have_a_memory_each(tmp_path: Path) -> None:
    files = [functions_of(AV), functions_of(CENTRE, a_function("centret", kind="centre-coordinator"))]
    async with an_exchange() as exchange, a_mail_server() as (mails, smtp):
        for party in (AV, CENTRE):
            await exchange.tell(party, confirmed())
        async with notify(tmp_path, exchange.url, smtp, files):
            await until(lambda: len(exchange.said) == 4)
            assert sorted(mail["To"].partition("@")[0] for mail in mails.mails) == ["centret", "samordnare"]
            told = [event for event in exchange.said if isinstance(event.message, NotificationSent)]
            assert {event.envelope.party for event in told} == {AV, CENTRE}


async def test_its_pages_tell_how_it_stands_and_it_ends_when_told(tmp_path: Path) -> None:
    port = free_port()
    async with an_exchange() as exchange, a_mail_server() as (mails, smtp):
        await exchange.tell(AV, confirmed())
        async with notify(tmp_path, exchange.url, smtp, SAMSYN_HTTP_PORT=str(port)) as running:
            await until(lambda: len(mails.taken) == 1)
            await until(lambda: len(exchange.said) == 2)
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
                assert (await client.get("/health")).json() == {"status": "up"}
                status = (await client.get("/status")).json()
                assert status[AV]["notifications"] == {"sent": 1}
                assert (await client.get("/secrets")).status_code == 404
            assert await running.stop() == 0


async def test_while_the_exchange_is_away_it_is_not_ready_and_ends_when_told(tmp_path: Path) -> None:
    port = free_port()
    more = {"SAMSYN_HTTP_PORT": str(port)}
    async with (
        notify(tmp_path, "http://127.0.0.1:1", "127.0.0.1:9", (), **more) as running,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        await until(lambda: "is not connected: the exchange" in running.log)
        answer = await client.get("/health")
        assert (answer.status_code, answer.json()) == (503, {"status": "not ready: the exchange away"})
        assert await running.stop() == 0


@pytest.mark.parametrize("name", ["SAMSYN_SMTP", "SAMSYN_MAIL_FROM"])
async def test_it_does_not_start_without_a_setting_and_names_it(tmp_path: Path, name: str) -> None:
    async with an_exchange() as exchange, notify(tmp_path, exchange.url, "127.0.0.1:9", (), **{name: ""}) as running:
        assert running.process is not None
        assert await running.process.wait() == 1
        assert name in running.log


async def test_a_server_that_takes_a_mail_and_does_not_say_so_gets_the_same_bytes_again(tmp_path: Path) -> None:
    async with an_exchange() as exchange, a_mail_server() as (mails, smtp):
        mails.stalls_at = "DATA"
        await exchange.tell(AV, confirmed())
        async with notify(tmp_path, exchange.url, smtp, SAMSYN_SMTP_TIMEOUT_SECONDS="1"):
            await until(lambda: len(mails.taken) == 1)
            # Something newer does not take the place of what somebody may have got already.
            await exchange.tell(AV, rescheduled())
            await until(lambda: len(mails.taken) == 2)
            mails.stalls_at = None
            await until(lambda: num_said(exchange) == 4)
            assert mails.taken[0] == mails.taken[1]
            assert [mail["Subject"] for mail in mails.mails][-1] == "Granit (AKC Väst): ny tid"
            assert b"SEQUENCE:1\r\n" in calendar_of(mails.mails[-1])
