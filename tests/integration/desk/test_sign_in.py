"""Signing in at the desk with a real provider and a real database, and everything that must not be one."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
import sqlalchemy as sa
from samsyn_adapter_desk.database import Database
from samsyn_adapter_desk.sessions import AT_MOST, IDLE, TO_SIGN_IN, Sessions
from samsyn_adapter_desk.settings import Settings

from tests.integration.desk.signing_in import (
    BENT,
    DESK,
    HOSTED,
    NOTE,
    SECRET,
    Browser,
    Clock,
    a_code,
    a_desk,
    chosen,
    provider_on,
    redeemed,
    settings_for,
)
from tests.support.kafka_and_postgres import FreshDatabase

NewBrowser = Callable[[], Browser]


def a_free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("desk")


@pytest.fixture(scope="module")
def issuer(folder: Path) -> Iterator[str]:
    with provider_on(a_free_port(), folder) as address:
        yield address


@pytest.fixture(scope="module")
async def settings(issuer: str, folder: Path, fresh_database: FreshDatabase) -> Settings:
    return settings_for(issuer, fresh_database("desk"), folder)


@pytest.fixture(scope="module")
async def database(settings: Settings) -> AsyncIterator[Database]:
    opened = Database(settings.async_database)
    await opened.migrate()
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def new_browser(settings: Settings, database: Database, clock: Clock) -> NewBrowser:
    desk = a_desk(settings, database, clock)
    return lambda: Browser(desk)


@pytest.fixture
def browser(new_browser: NewBrowser) -> Browser:
    return new_browser()


async def told(database: Database, query: str) -> list[sa.Row[tuple[object, ...]]]:
    async with database.transaction() as connection:
        return list((await connection.execute(sa.text(query))).all())


class TestSigningIn:
    async def test_who_signs_in_comes_back_to_the_page_that_was_asked_for(self, browser: Browser) -> None:
        answer = await browser.sign_in("coordinator", "/page?week=19")
        assert (answer.status_code, answer.headers["location"]) == (303, "/page?week=19")
        page = await browser.page()
        assert (page["party"], page["name"], page["language"]) == ("akc-vast", "coordinator åäö", "sv")

    async def test_only_seats_at_hosted_parties_are_kept(self, browser: Browser) -> None:
        await browser.sign_in("coordinator")
        assert (await browser.page())["seats"] == "2"

    async def test_a_page_sends_a_stranger_to_sign_in_and_back(self, browser: Browser) -> None:
        answer = await browser.http.get("/page?week=19")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?back=%2Fpage%3Fweek%3D19")

    async def test_a_script_is_told_instead(self, browser: Browser) -> None:
        answer = await browser.http.get("/page", headers={"Accept": "application/json"})
        assert answer.status_code == 401

    async def test_htmx_is_led_to_sign_in_and_back_to_the_page_it_stands_on(self, browser: Browser) -> None:
        headers = {"HX-Request": "true", "HX-Current-URL": f"{DESK}/plan?week=19"}
        answer = await browser.http.get("/page", headers=headers)
        assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in?back=%2Fplan%3Fweek%3D19")

    @pytest.mark.parametrize(
        "back", ["https://evil.example.org", "//evil.example.org", "/\\evil.example.org", "page", ""]
    )
    async def test_it_leads_back_to_own_pages_alone(self, browser: Browser, back: str) -> None:
        assert (await browser.sign_in("coordinator", back)).headers["location"] == "/"

    async def test_two_tabs_of_a_browser_may_sign_in_at_once(self, browser: Browser) -> None:
        first, second = await browser.begin(), await browser.begin()
        for address in (first, second):
            assert (await browser.http.get(await chosen(address, "coordinator"))).status_code == 303

    async def test_new_keys_of_the_provider_are_fetched(
        self, folder: Path, settings: Settings, database: Database, clock: Clock
    ) -> None:
        port = a_free_port()
        own = settings_for(f"http://127.0.0.1:{port}", settings.database, folder)
        desk = a_desk(own, database, clock)
        for _start in range(2):  # each start of the provider makes a key of its own
            with provider_on(port, folder):
                assert (await Browser(desk).sign_in("coordinator")).status_code == 303


class TestWhatWasSent:
    """The next page tells it once, to whoever sent it, on the seat and in the language in which it was sent."""

    async def told(self, browser: Browser, path: str = "/words", **headers: str) -> bool:
        text = (await browser.http.get(path, headers=headers)).text
        assert ("<title>Skickat – " in text) == (NOTE in text)
        return NOTE in text

    async def test_the_next_page_tells_it_and_no_other(self, browser: Browser) -> None:
        await browser.sign_in("coordinator")
        assert not await self.told(browser)
        await browser.post("/say")
        assert [await self.told(browser) for _page in range(2)] == [True, False]

    async def test_a_page_that_asks_for_itself_anew_neither_tells_nor_takes_it(self, browser: Browser) -> None:
        await browser.sign_in("coordinator")
        await browser.post("/say")
        assert not await self.told(browser, **{"HX-Request": "true"})
        assert await self.told(browser)

    async def test_another_browser_of_the_same_person_is_not_told(self, new_browser: NewBrowser) -> None:
        browser, other = new_browser(), new_browser()
        for each in (browser, other):
            await each.sign_in("coordinator")
        await browser.post("/say")
        assert not await self.told(other)
        assert await self.told(browser)

    @pytest.mark.parametrize("then", [("/seat", {"seat": "1"}), ("/language", {"language": "en"}), ("/sign-out", {})])
    async def test_on_another_seat_in_another_language_or_signed_out_it_is_gone(
        self, browser: Browser, then: tuple[str, dict[str, str]]
    ) -> None:
        await browser.sign_in("coordinator")
        await browser.post("/say")
        path, form = then
        await browser.post(path, **form)
        if path == "/sign-out":
            await browser.sign_in("coordinator")
        assert not await self.told(browser)

    async def test_no_link_makes_a_page_tell_it(self, browser: Browser) -> None:
        await browser.sign_in("coordinator")
        asked = urlencode(dict.fromkeys(("note", "sent", "told", "message"), NOTE))
        assert not await self.told(browser, f"/words?{asked}")

    async def test_a_newer_note_stays_when_an_older_one_has_been_told(
        self, database: Database, browser: Browser
    ) -> None:
        await browser.sign_in("coordinator")
        await browser.post("/say")
        sessions = Sessions(database, HOSTED.split(","), Clock())
        await sessions.take_note(browser.http.cookies["samsyn"], "Skickat: en annan.")
        assert await self.told(browser)


class TestNoSignIn:
    @pytest.mark.parametrize("user", BENT)
    async def test_an_id_token_that_is_bent_signs_nobody_in(self, browser: Browser, user: str) -> None:
        assert (await browser.sign_in(user)).status_code == 403
        assert (await browser.http.get("/page")).status_code == 303

    @pytest.mark.parametrize(
        ("user", "sentence"), [("malformed", "cannot be used"), ("of-another-desk", "You have no seat at this desk.")]
    )
    async def test_without_a_seat_here_nobody_signs_in(self, browser: Browser, user: str, sentence: str) -> None:
        answer = await browser.sign_in(user)
        assert (answer.status_code, sentence in answer.text) == (403, True)
        assert (await browser.http.get("/page")).status_code == 303

    async def test_a_state_that_was_never_begun_is_refused(self, browser: Browser) -> None:
        back = await chosen(await browser.begin(), "coordinator")
        code = parse_qs(urlsplit(back).query)["code"][0]
        answer = await browser.http.get("/sign-in/back", params={"code": code, "state": "another"})
        assert answer.status_code == 400

    async def test_an_answer_that_was_meant_for_another_browser_is_refused(self, new_browser: NewBrowser) -> None:
        attacker, victim = new_browser(), new_browser()
        await victim.begin()
        back = await chosen(await attacker.begin(), "coordinator")
        assert (await victim.http.get(back)).status_code == 400

    async def test_an_answer_counts_once(self, browser: Browser) -> None:
        back = await chosen(await browser.begin(), "coordinator")
        assert [(await browser.http.get(back)).status_code for _ in range(2)] == [303, 400]

    async def test_a_code_counts_once(self, new_browser: NewBrowser) -> None:
        first, second = new_browser(), new_browser()
        back = await chosen(await first.begin(), "coordinator")
        assert (await first.http.get(back)).status_code == 303
        code = parse_qs(urlsplit(back).query)["code"][0]
        state = parse_qs(urlsplit(await second.begin()).query)["state"][0]
        answer = await second.http.get("/sign-in/back", params={"code": code, "state": state})
        assert answer.status_code == 403

    async def test_a_code_of_another_sign_in_is_refused(self, new_browser: NewBrowser) -> None:
        """The provider holds it against the verifier of who began it."""
        first, second = new_browser(), new_browser()
        code = parse_qs(urlsplit(await chosen(await first.begin(), "coordinator")).query)["code"][0]
        state = parse_qs(urlsplit(await second.begin()).query)["state"][0]
        answer = await second.http.get("/sign-in/back", params={"code": code, "state": state})
        assert answer.status_code == 403

    async def test_who_takes_too_long_begins_anew(self, browser: Browser, clock: Clock) -> None:
        back = await chosen(await browser.begin(), "coordinator")
        clock.ahead = TO_SIGN_IN + timedelta(seconds=1)
        assert (await browser.http.get(back)).status_code == 400

    async def test_a_refusal_of_the_provider_is_told(self, browser: Browser) -> None:
        state = parse_qs(urlsplit(await browser.begin()).query)["state"][0]
        answer = await browser.http.get("/sign-in/back", params={"error": "access_denied", "state": state})
        assert answer.status_code == 403

    async def test_without_a_provider_the_page_says_so(
        self, settings: Settings, database: Database, clock: Clock
    ) -> None:
        own = settings_for(f"http://127.0.0.1:{a_free_port()}", settings.database, settings.state_dir)
        answer = await Browser(a_desk(own, database, clock)).http.get("/sign-in")
        assert (answer.status_code, "svarar inte" in answer.text) == (503, True)

    async def test_a_provider_that_calls_itself_otherwise_is_not_believed(
        self, settings: Settings, database: Database, clock: Clock
    ) -> None:
        own = settings_for(f"{settings.oidc_issuer}/", settings.database, settings.state_dir)
        assert (await Browser(a_desk(own, database, clock)).http.get("/sign-in")).status_code == 503


class TestTheSession:
    async def test_an_idle_one_ends(self, browser: Browser, clock: Clock) -> None:
        await browser.sign_in("coordinator")
        clock.ahead = IDLE + timedelta(seconds=1)
        assert (await browser.http.get("/page")).status_code == 303

    @pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"Accept": "text/event-stream"}])
    async def test_a_page_that_is_left_open_does_not_keep_it_from_being_idle(
        self, browser: Browser, clock: Clock, headers: dict[str, str]
    ) -> None:
        await browser.sign_in("coordinator")
        clock.ahead = IDLE * 0.9
        assert (await browser.http.get("/page", headers=headers)).status_code == 200
        clock.ahead = IDLE + timedelta(seconds=1)
        assert (await browser.http.get("/page")).status_code == 303

    async def test_one_that_is_used_lasts_its_ten_hours_and_no_longer(self, browser: Browser, clock: Clock) -> None:
        await browser.sign_in("coordinator")
        while clock.ahead < AT_MOST - IDLE / 2:
            clock.ahead += IDLE * 0.9
            await browser.page()
        clock.ahead = AT_MOST + timedelta(seconds=1)
        assert (await browser.http.get("/page")).status_code == 303

    async def test_signing_in_again_makes_another_and_ends_the_first(self, new_browser: NewBrowser) -> None:
        browser, copied = new_browser(), new_browser()
        await browser.sign_in("coordinator")
        copied.http.cookies.set("samsyn", browser.http.cookies["samsyn"])
        assert (await copied.page())["party"] == "akc-vast"
        await browser.sign_in("coordinator")
        assert browser.http.cookies["samsyn"] != copied.http.cookies["samsyn"]
        assert (await copied.http.get("/page")).status_code == 303

    async def test_signing_out_ends_it(self, browser: Browser) -> None:
        await browser.sign_in("coordinator")
        kept = browser.http.cookies["samsyn"]
        assert (await browser.post("/sign-out")).headers["location"] == "/signed-out"
        browser.http.cookies.set("samsyn", kept)
        assert (await browser.http.get("/page")).status_code == 303

    async def test_the_database_knows_no_value_that_opens_it(self, browser: Browser, database: Database) -> None:
        await browser.sign_in("coordinator")
        rows = await told(database, "select * from sign_in")
        assert rows
        assert browser.http.cookies["samsyn"] not in str(rows)

    async def test_what_has_ended_is_forgotten(self, browser: Browser, database: Database, clock: Clock) -> None:
        await browser.sign_in("reader")
        await browser.begin()
        clock.ahead = 2 * AT_MOST  # other tests have moved their clocks too
        await Sessions(database, HOSTED.split(","), clock).prune()
        assert await told(database, "select 1 from sign_in union all select 1 from sign_in_start") == []

    async def test_the_cookie_is_for_us_alone(self, browser: Browser) -> None:
        said = (await browser.sign_in("coordinator")).headers["set-cookie"].lower()
        assert "httponly" in said
        assert "samesite=lax" in said
        assert "path=/" in said
        assert "domain" not in said

    async def test_over_tls_browsers_hold_the_cookie_to_it(
        self, settings: Settings, database: Database, clock: Clock
    ) -> None:
        address = "https://samsyn.example.se"
        own = settings_for(settings.oidc_issuer, settings.database, settings.state_dir, address)
        answer = await Browser(a_desk(own, database, clock), address).http.get("/sign-in")
        said = answer.headers["set-cookie"]
        assert said.startswith("__Host-samsyn-browser=")
        assert "secure" in said.lower()


class TestForms:
    async def test_a_form_of_the_own_page_is_taken(self, browser: Browser) -> None:
        await browser.sign_in("coordinator")
        assert (await browser.post("/say")).status_code == 200

    async def test_the_header_is_as_good_as_the_field(self, browser: Browser) -> None:
        await browser.sign_in("coordinator")
        answer = await browser.http.post("/say", headers={"X-CSRF": (await browser.page())["csrf"]})
        assert answer.status_code == 200

    @pytest.mark.parametrize("form", [{}, {"csrf": ""}, {"csrf": "another"}])
    async def test_a_form_without_its_mark_is_refused(self, browser: Browser, form: dict[str, str]) -> None:
        await browser.sign_in("coordinator")
        assert (await browser.http.post("/say", data=form)).status_code == 403

    async def test_the_mark_of_another_session_is_refused(self, new_browser: NewBrowser) -> None:
        own, other = new_browser(), new_browser()
        await own.sign_in("coordinator")
        await other.sign_in("coordinator")
        assert (await own.post("/say", csrf=(await other.page())["csrf"])).status_code == 403

    async def test_a_form_of_another_site_is_refused(self, browser: Browser) -> None:
        await browser.sign_in("coordinator")
        form = {"csrf": (await browser.page())["csrf"]}
        answer = await browser.http.post("/say", data=form, headers={"Origin": "https://evil.example.org"})
        assert answer.status_code == 403

    async def test_a_stranger_may_send_none(self, browser: Browser) -> None:
        assert (await browser.http.post("/say")).status_code == 401


class TestSeats:
    async def test_another_of_the_own_seats_can_be_chosen(self, browser: Browser) -> None:
        await browser.sign_in("coordinator")
        assert (await browser.post("/seat", seat="1")).status_code == 303
        assert (await browser.page())["party"] == "arbetsmiljoverket"

    async def test_a_form_of_the_former_seat_is_refused(self, browser: Browser) -> None:
        """Another tab still shows it: it would be said in the wrong party's name."""
        await browser.sign_in("coordinator")
        former = (await browser.page())["csrf"]
        assert (await browser.post("/seat", seat="1")).status_code == 303
        told = {"csrf": former, "text": "from the other tab"}
        answer = await browser.http.post("/say", data=told)
        assert answer.status_code == 403

    @pytest.mark.parametrize("seat", ["2", "-1"])
    async def test_no_other_seat_can(self, browser: Browser, seat: str) -> None:
        await browser.sign_in("coordinator")
        assert (await browser.post("/seat", seat=seat)).status_code == 400
        assert (await browser.page())["party"] == "akc-vast"

    async def test_a_role_does_what_is_its_own(self, browser: Browser) -> None:
        await browser.sign_in("coordinator")
        assert (await browser.http.get("/mode")).status_code == 200

    async def test_what_is_not_its_own_is_refused_in_both_languages(self, browser: Browser) -> None:
        await browser.sign_in("reader")
        answer = await browser.http.get("/mode")
        assert answer.status_code == 403
        assert "Din roll här (läsare)" in answer.text
        assert "Your role here (reader)" in answer.text

    async def test_the_role_is_that_of_the_chosen_seat(self, browser: Browser) -> None:
        await browser.sign_in("coordinator")
        await browser.post("/seat", seat="1")
        assert (await browser.http.get("/mode")).status_code == 403

    async def test_a_language_can_be_chosen(self, browser: Browser) -> None:
        await browser.sign_in("coordinator")
        answer = await browser.post("/language", language="en", back="/page?week=19")
        assert answer.headers["location"] == "/page?week=19"
        assert (await browser.page())["language"] == "en"

    async def test_a_party_that_is_hosted_no_longer_is_shown_to_nobody(
        self, settings: Settings, database: Database, clock: Clock, browser: Browser
    ) -> None:
        await browser.sign_in("coordinator")
        own = settings_for(settings.oidc_issuer, settings.database, settings.state_dir, parties="polisen")
        later = Browser(a_desk(own, database, clock))
        later.http.cookies = browser.http.cookies
        assert (await later.http.get("/page")).status_code == 303


class TestTheProvider:
    async def test_it_gives_tokens_for_a_code_once(self, issuer: str) -> None:
        code = await a_code(issuer, "v" * 43)
        assert [(await redeemed(issuer, code, "v" * 43))[0] for _ in range(2)] == [200, 400]

    async def test_it_gives_tokens_to_who_began_alone(self, issuer: str) -> None:
        code = await a_code(issuer, "v" * 43)
        assert await redeemed(issuer, code, "w" * 43) == (400, {"error": "invalid_grant"})

    async def test_it_gives_tokens_to_who_knows_the_clients_secret_alone(self, issuer: str) -> None:
        code = await a_code(issuer, "v" * 43)
        assert await redeemed(issuer, code, "v" * 43, "another") == (401, {"error": "invalid_client"})

    async def test_it_sends_nobody_to_another_address(self, browser: Browser) -> None:
        parts = urlsplit(await browser.begin())
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        asked["redirect_uri"] = "https://evil.example.org"
        async with httpx.AsyncClient(timeout=60) as http:
            answer = await http.get(f"{parts.scheme}://{parts.netloc}{parts.path}?{urlencode(asked)}")
        assert (answer.status_code, "redirect_uri" in answer.text) == (400, True)

    async def test_it_says_that_it_is_for_demonstrations(self, browser: Browser) -> None:
        async with httpx.AsyncClient(timeout=60) as http:
            page = await http.get(await browser.begin())
        assert "Bara för demonstration" in page.text

    def test_it_does_not_start_in_production(self) -> None:
        with refused_start({"SAMSYN_ENVIRONMENT": "prod"}) as said:
            assert "not for production" in said

    def test_it_names_what_is_missing(self) -> None:
        with refused_start({"SAMSYN_HTTP_PORT": "1", "SAMSYN_PROVIDER_CLIENT_SECRET": SECRET}) as said:
            assert "SAMSYN_PROVIDER_REDIRECT missing" in said


@contextmanager
def refused_start(told: dict[str, str]) -> Iterator[str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("SAMSYN_")}
    command = [sys.executable, "-m", "samsyn_local.sign_in_provider"]
    done = subprocess.run(command, env=others | told, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    yield done.stderr
