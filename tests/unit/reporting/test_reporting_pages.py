"""What the pages answer to wrong parameters, and what their OpenAPI tells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from samsyn_chassis.database import Database
from samsyn_reporting.api.asking import prefers_csv
from samsyn_reporting.api.pages import pages_of
from samsyn_reporting.store import making_stores

NOWHERE = Database("postgresql+asyncpg://nobody@127.0.0.1:1/none")  # wrong parameters are refused before it is asked
APPLICATION = FastAPI()
APPLICATION.include_router(pages_of(NOWHERE, making_stores("test")))
MAY = {"centre": "akc-vast", "from": "2025-05-01", "to": "2025-05-31"}


async def refusal(path: str, **changes: str | None) -> dict[str, str]:
    asked = {name: value for name, value in {**MAY, **changes}.items() if value is not None}
    async with AsyncClient(transport=ASGITransport(app=APPLICATION), base_url="http://service") as client:
        response = await client.get(path, params=asked)
    assert response.status_code == 422, response.text
    told: dict[str, str] = response.json()
    return told


@pytest.mark.parametrize("path", ["/v1/ledger", "/v1/indicators"])
@pytest.mark.parametrize(
    ("parameter", "value", "code"),
    [
        ("centre", None, "missing"),
        ("centre", "Väst", "invalid"),
        ("from", None, "missing"),
        ("from", "1 maj", "invalid"),
        ("from", "1746057600", "invalid"),
        ("from", "20250501", "invalid"),
        ("from", "2025-02-30", "invalid"),
        ("from", "1999-12-31", "invalid"),
        ("to", "2200-01-01", "invalid"),
        ("to", "2025-04-30", "before_from"),
        ("to", "2031-05-31", "too_long"),
    ],
)
async def test_a_wrong_parameter_is_named_with_what_to_give_in_both_languages(
    path: str, parameter: str, value: str | None, code: str
) -> None:
    told = await refusal(path, **{parameter: value})

    assert (told["code"], told["parameter"]) == (code, parameter)
    assert told["text_sv"].startswith(parameter)
    assert "Ange " in told["text_sv"]
    assert "Give " in told["text_en"]


@pytest.mark.parametrize("year", [None, "in år", "1999", "2200"])
async def test_a_year_that_cannot_be_read_is_named(year: str | None) -> None:
    assert (await refusal("/v1/targets", year=year))["parameter"] == "year"


async def test_a_form_that_nobody_knows_is_refused() -> None:
    assert (await refusal("/v1/indicators", format="xlsx"))["parameter"] == "format"


@pytest.mark.parametrize(
    ("accept", "is_csv"),
    [
        ("text/csv", True),
        ("text/csv, */*;q=0.1", True),
        ("text/csv;q=0.5, application/json", False),
        ("*/*", False),
        ("", False),
        ("text/csv;q=0", False),
        ("text/csv;q=much", False),
        ("application/json", False),
    ],
)
def test_the_header_accept_decides_the_form(accept: str, is_csv: bool) -> None:
    assert prefers_csv(accept) == is_csv


OPENAPI = APPLICATION.openapi()


def described(schema: dict[str, Any], name: str) -> Iterator[str]:
    """What in a schema has no description."""
    if "description" not in schema:
        yield name
    for field, inner in schema.get("properties", {}).items():
        if "description" not in inner:
            yield f"{name}.{field}"


def test_every_parameter_has_a_description() -> None:
    parameters = [p for page in OPENAPI["paths"].values() for p in page["get"]["parameters"]]

    assert len(parameters) == 9
    assert [p["name"] for p in parameters if not p.get("description")] == []


def test_every_field_of_every_answer_has_a_description() -> None:
    schemas = {name: schema for name, schema in OPENAPI["components"]["schemas"].items() if "properties" in schema}

    assert {"LedgerPage", "IndicatorsPage", "Indicator", "Line", "Totals", "Count", "Refusal"} <= schemas.keys()
    assert [missing for name, schema in schemas.items() for missing in described(schema, name)] == []


@pytest.mark.parametrize(("path", "model"), [("/v1/ledger", "LedgerPage"), ("/v1/indicators", "IndicatorsPage")])
def test_a_page_tells_the_form_of_its_answers(path: str, model: str) -> None:
    answers = OPENAPI["paths"][path]["get"]["responses"]

    forms = {status: answers[status]["content"]["application/json"]["schema"]["$ref"] for status in ("200", "422")}
    assert {status: ref.rpartition("/")[2] for status, ref in forms.items()} == {"200": model, "422": "Refusal"}


def test_the_indicators_may_be_csv() -> None:
    assert "text/csv" in OPENAPI["paths"]["/v1/indicators"]["get"]["responses"]["200"]["content"]
