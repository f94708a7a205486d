"""The desk is asked all that its description says, and what no page would send: nothing breaks it."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from samsyn_adapter_desk.domain.every_form import FORMS
from samsyn_local.infrastructure import Infrastructure
from samsyn_local.services import services
from schemathesis import Case, GenerationMode, Response
from schemathesis.core.result import Ok

from tests.support.desk_process import Somebody, desk_process

SECRET = "of-the-tests-".ljust(40, "x")
STILL = {"SAMSYN_CLOCK": "driven", "SAMSYN_CLOCK_START": "2025-05-05T06:00:00+00:00", "SAMSYN_TOKEN_SECRET": SECRET}
URLENCODED, ESCAPED = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x; charset=unicode_escape"
CENTRE, POLICE = "akc-vast", "polisen"
# Together they may send every form but one of their own role each.
PEOPLE = ("samordnare-akc-vast", "operativ-samordnare-polisen")
NUM_EXAMPLES, SEED = 3, 20261126
DRAWING = settings(
    max_examples=NUM_EXAMPLES,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Desk:
    """A running desk and those who are signed in, with their cookies."""

    address: str
    people: Mapping[str, Somebody]

    def headers(self, person: str) -> dict[str, str]:
        """What a page of theirs would send along."""
        somebody = self.people[person]
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in somebody.http.cookies.jar)
        return {"Cookie": cookies, "Origin": self.address, "X-Csrf": somebody.csrf, "Accept": "text/html"}


@pytest.fixture(scope="module")
async def desk(infrastructure: Infrastructure, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    database = infrastructure.create_database("exchange_of_desk")
    with services(infrastructure, ["exchange"], env=STILL, databases={"exchange": database}) as started:
        exchange = f"http://127.0.0.1:{started.http_port('exchange')}"
        async with (
            desk_process(infrastructure, exchange, SECRET, (CENTRE, POLICE), folder) as running,
            running.signed_in(PEOPLE[0]) as coordinator,
            running.signed_in(PEOPLE[1]) as operational,
        ):
            yield Desk(running.address, dict(zip(PEOPLE, (coordinator, operational), strict=True)))
    infrastructure.drop_database("exchange_of_desk")


@pytest.fixture(scope="module")
def http(desk: Desk) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=desk.address, headers=desk.headers(PEOPLE[0]), timeout=60) as client:
        yield client


@pytest.mark.parametrize(
    ("person", "mode", "wanted"),
    [
        # Not all is refused before it is read: pages are shown, and rightly filled in forms are said.
        (PEOPLE[0], GenerationMode.POSITIVE, {200, 303}),
        (PEOPLE[1], GenerationMode.POSITIVE, {200, 303}),
        (PEOPLE[0], GenerationMode.NEGATIVE, {422}),
    ],
)
def test_whatever_is_drawn_from_the_description_breaks_nothing(
    desk: Desk, person: str, mode: GenerationMode, wanted: set[int]
) -> None:
    headers = desk.headers(person)
    told = httpx.get(f"{desk.address}/openapi.json", headers=headers, timeout=60).json()
    statuses: Counter[int] = Counter()
    broken: list[str] = []
    with requests.Session() as session:
        for found in schemathesis.openapi.from_dict(told).get_all_operations():
            assert isinstance(found, Ok), found
            operation = found.ok()
            if mode is GenerationMode.NEGATIVE and not can_be_wrong(operation.definition.raw):
                continue
            for case, answer in asked(operation, mode, desk.address, session, headers):
                statuses[answer.status_code] += 1
                if answer.status_code >= 500:
                    broken.append(case.as_curl_command())
    assert broken == []
    assert wanted <= set(statuses)


def can_be_wrong(told: Mapping[str, Any]) -> bool:
    """Whether an operation says what it takes, but for the text of its address, which may be any."""
    return "requestBody" in told or any(each["in"] == "query" for each in told.get("parameters", ()))


def asked(
    operation: Any, mode: GenerationMode, address: str, session: requests.Session, headers: Mapping[str, str]
) -> list[tuple[Case[Any], Response]]:
    """Drawn requests of one operation and their answers."""
    answers: list[tuple[Case[Any], Response]] = []

    @seed(SEED)
    @DRAWING
    @given(operation.as_strategy(generation_mode=mode))
    def ask(case: Case[Any]) -> None:
        answers.append((case, case.call(base_url=address, session=session, headers=dict(headers))))

    with suppress(Unsatisfiable):  # where anything may be said, nothing can be said wrongly
        ask()
    return answers


def test_the_description_has_every_form_with_its_fields(http: httpx.Client) -> None:
    paths = http.get("/openapi.json").json()["paths"]
    for form in FORMS.values():
        (content,) = paths[f"/do/{form.name}"]["post"]["requestBody"]["content"].values()
        assert {each.name for each in form.fields} <= set(content["schema"]["properties"])


@pytest.mark.parametrize(
    "path",
    [
        "/plan?start=9999-12-31",
        "/plan?start=9999-12-01&weeks=12",
        "/plan?start=0001-01-01",
        "/plan/timeline?start=9999-12-31",
        f"/plan?weeks={10**30}",
        "/wheel?year=9999",
        "/wheel/edit?year=0",
        "/operation/%00",
        "/operation/a%00b",
        "/operation/%ff",
        f"/changes/{CENTRE}/{'9' * 5000}",
        f"/changes/{CENTRE}/-1",
        f"/changes/{CENTRE}%00/1",
        "/proposal/%00",
        "/what-if/%00",
        "/what-if?without=%00",
        "/do/approve?operation_id=%00",
        "/do/%00",
        "/inspections?all=%00",
        "/sign-in/back?state=%ff&code=%ff",
        "/static/%00",
        "/static/../../app.py",
    ],
)
def test_a_hostile_address_is_refused_in_both_languages(http: httpx.Client, path: str) -> None:
    refused_in_both_languages(http.get(path))


@pytest.mark.parametrize(
    "path", ["/do/approve", "/do/accept", "/what-if", "/wheel/edit?year=2025", "/seat", "/language"]
)
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", URLENCODED),
        (b"replan_id=%00&operation_id=%00&without=%00&back=%00&seat=%00&language=%00", URLENCODED),
        (b"csrf=%ff%fe&once=%00", URLENCODED),
        (b"\xff\xfe\x00", URLENCODED),
        (b"seat=" + b"9" * 5000, URLENCODED),
        (b"&".join(b"a%d=1" % number for number in range(1200)), URLENCODED),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"--x\r\nbroken", "multipart/form-data"),
        (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\\ud800\r\n--x--\r\n', ESCAPED),
        (b"a=" + b"x" * 70_000, URLENCODED),
    ],
)
def test_a_hostile_form_is_refused_in_both_languages(http: httpx.Client, path: str, content: bytes, kind: str) -> None:
    answer = http.post(path, content=content, headers={"Content-Type": kind})
    if 'id="faults"' in answer.text:
        assert answer.status_code == 422  # the form again, in the visitor's language, with what is wrong
    else:
        refused_in_both_languages(answer)


def test_half_a_pair_is_no_mark_of_a_page(desk: Desk) -> None:
    told = {name: value for name, value in desk.headers(PEOPLE[0]).items() if name != "X-Csrf"} | {
        "Content-Type": ESCAPED
    }
    content = b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n\\ud800\r\n--x--\r\n'
    answer = httpx.post(f"{desk.address}/do/approve", content=content, headers=told, timeout=60)
    refused_in_both_languages(answer)
    assert answer.status_code == 403


@pytest.mark.parametrize("last", [b"%00", b"\xe9", b"9" * 3000, b"'; drop table card; --"])
def test_a_hostile_last_event_is_as_if_it_was_another(http: httpx.Client, last: bytes) -> None:
    with http.stream("GET", "/live", headers={b"Last-Event-ID": last}) as answer:
        assert answer.status_code == 200
        lines = answer.iter_lines()
        assert next(line for line in lines if line.startswith("event:")) == "event: changed"


def refused_in_both_languages(answer: httpx.Response) -> None:
    """A client's fault, told as a sentence in Swedish and in English."""
    assert 400 <= answer.status_code < 500, answer.status_code
    is_page = '<p lang="sv">' in answer.text and '<p lang="en">' in answer.text
    assert is_page or " / " in answer.text, answer.text
