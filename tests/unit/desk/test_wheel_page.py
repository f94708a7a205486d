"""The page of a year and its form: in both languages, the list first, nothing that the content policy would forbid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from fastapi import Request
from samsyn_adapter_desk.assets import Assets
from samsyn_adapter_desk.domain.forms import Asked, FormError, Shown, draft
from samsyn_adapter_desk.domain.forms_of_the_wheel import groups_of, next_version, values_of, wheel_form
from samsyn_adapter_desk.domain.year import Known, OfCentre, Publication, by_centre
from samsyn_adapter_desk.pages.wheel import router
from samsyn_adapter_desk.people import Language, Person, Role, Seat
from samsyn_adapter_desk.rendering import Pages, reader
from samsyn_adapter_desk.sign_in import Visitor

from tests.unit.desk.wheels import (
    AUTUMN,
    BUILDING,
    CENTRE,
    NOW,
    SPRING,
    TRAINING,
    a_message,
    a_target,
    a_wheel,
    an_ended_operation,
    some_figures,
    some_work,
)

PAGES = Pages(Assets())
EVERYTHING = a_wheel(
    {**SPRING, "theme": BUILDING, "capacity_call_by": "2026-03-02T11:00:00Z", "freeze_at": "2026-03-20T11:00:00Z"},
    {**AUTUMN, "freeze_at": "2026-08-20T10:00:00Z"},
    fixed_days=(TRAINING,),
    opened=["2026-q2"],
    frozen={"2026-q2": ["op:akc-vast:1"]},
)
FORBIDDEN = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", re.IGNORECASE)
BOTH: Sequence[Language] = ("sv", "en")


def a_visitor(language: Language, party: str = CENTRE, role: Role = "centre_coordinator") -> Visitor:
    seat = Seat(party, role, "samordnare")
    return Visitor(Person("s", "N", (seat,), language), seat, language, "csrf", NOW + timedelta(hours=1))


def rendered(template: str, who: Visitor, **shown: Any) -> str:
    headers = [(b"host", b"desk.test")]
    request = Request({"type": "http", "method": "GET", "path": "/wheel", "query_string": b"", "headers": headers})
    answer = PAGES.page(request, who, template, NOW, **shown)
    return bytes(answer.body).decode()


def told(language: Language = "en", *, own_centre: str | None = CENTRE, **known: Any) -> list[OfCentre]:
    return by_centre(Known(2026, own_centre, **known), NOW, reader(language))


def page(who: Visitor, found: list[OfCentre]) -> str:
    shown: dict[str, Any] = {"year": 2026, "years": [2026, 2027], "found": found}
    return rendered("wheel.html", who, **shown, is_published=any(one.is_own and one.wheels for one in found))


def form(language: Language, given: dict[str, str] | None = None) -> str:
    values = {**values_of(EVERYTHING), "version": str(next_version(EVERYTHING)), **(given or {})}
    groups = groups_of(values, EVERYTHING)
    asked, made = Asked(CENTRE, CENTRE, "samordnare", NOW, "x"), wheel_form(groups, 2026, EVERYTHING)
    faults: tuple[Any, ...] = ()
    try:
        draft(made, values, asked)
    except FormError as error:
        faults = error.faults
    return rendered(
        "wheel_form.html", a_visitor(language), shown=Shown(made, values, faults, "x"), groups=groups, year=2026
    )


class Structure(HTMLParser):
    """The ids of a page, what its attributes refer to, the names of its fields, and its headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.referred: set[str] = set()
        self.names: list[str] = []
        self.levels: list[int] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids += [given["id"]] if "id" in given else []
        for name in ("aria-labelledby", "aria-describedby", "for"):
            self.referred |= set(given.get(name, "").split())
        self.names += [given["name"]] if tag in ("input", "select") else []
        self.levels += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []


def everything(language: Language) -> str:
    known: dict[str, Any] = {
        "wheels": [EVERYTHING],
        "targets": [a_target(), a_target(unit="operations", target=40)],
        "operations": [an_ended_operation("skv:1", "skv:2")],
        "figures": [some_figures()],
        "work": [some_work()],
    }
    return page(a_visitor(language), told(language, **known))


@pytest.mark.parametrize("language", BOTH)
def test_neither_page_nor_form_has_what_the_content_policy_forbids(language: Language) -> None:
    for text in (everything(language), form(language)):
        assert FORBIDDEN.findall(text) == []


@pytest.mark.parametrize("language", BOTH)
def test_ids_are_there_once_and_what_is_referred_to_is_there(language: Language) -> None:
    for text in (everything(language), form(language), form(language, {"period-1-from_day": "x"})):
        found = Structure(text)
        assert len(found.ids) == len(set(found.ids))
        assert found.referred <= set(found.ids)


@pytest.mark.parametrize("language", BOTH)
def test_no_level_of_headings_is_left_out(language: Language) -> None:
    levels = Structure(everything(language)).levels
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_the_list_comes_before_the_targets_and_those_before_the_drawing() -> None:
    text = everything("en")
    assert text.index("<table") < text.index("<progress") < text.index("<svg")


def test_the_drawing_has_a_name_that_says_where_the_list_is() -> None:
    (svg,) = re.findall(r"<svg.*?</svg>", everything("en"), re.DOTALL)
    assert 'role="img"' in svg
    assert "The list of periods above tells everything" in svg


def test_the_drawing_has_an_arc_a_period_and_a_mark_a_freeze_and_a_fixed_day() -> None:
    text = everything("en")
    counted = [text.count(f'class="wheel__{name}') for name in ("period", "freeze", "fixed", "now", "number")]
    assert counted == [2, 2, 1, 1, 2]
    assert 'pathLength="365" stroke-dasharray="91 274" stroke-dashoffset="-88"' in text


def test_the_list_tells_weeks_theme_deadlines_and_what_is_frozen() -> None:
    text = everything("sv")
    for words in ("v. 14–v. 26", "Byggsäsongen", "15 poäng mer", "fre 20 mars 12.00 (v. 12)", "1 insats är fryst"):
        assert words in text


def test_a_deadline_of_the_year_before_is_told_with_its_year() -> None:
    early = a_wheel({**SPRING, "freeze_at": "2025-12-19T11:00:00Z"})
    assert "Fri 19 Dec 12:00 (w. 51) 2025" in page(a_visitor("en"), told(wheels=[early]))


def test_the_units_stand_apart_each_with_its_own_bar() -> None:
    text = everything("en")
    assert re.findall(r'max="(120|40)" value="(\d+)"', text) == [("120", "2"), ("40", "1")]
    assert "2 of 120 inspections are done." in text
    assert "1 of 40 operations are carried out." in text


def rows(text: str, caption: str) -> list[list[str]]:
    """The cells of a table, row by row."""
    (table,) = re.findall(rf"<caption[^>]*>{caption}</caption>(.*?)</table>", text, re.DOTALL)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)]


def test_the_work_of_each_agency_is_joined_apart_from_initiated() -> None:
    assert rows(everything("sv"), "Per myndighet, till och med tors 7 maj") == [
        ["Myndighet", "Deltog i insatser", "Initierade insatser", "Initierade kontroller"],
        ["Arbetsmiljöverket", "4", "0", "0"],
        ["Skatteverket", "9", "5", "7"],
    ]


def test_areas_are_by_name_and_those_told_together_last() -> None:
    assert rows(everything("en"), "By area, up to Thu 7 May")[1:] == [
        ["Göteborg", "31", "22", "14", "8"],
        ["other areas, together", "6", "3", "2", "1"],
    ]


def test_programmes_in_which_something_is_done_are_told_to_everybody() -> None:
    done = {"programmes.gvi.counting_operations": 5, "programmes.gvi.inspections_done": 9}
    figures = some_figures()
    figures = figures.model_copy(update={"values": {**figures.values, **done}})
    text = page(
        a_visitor("en", "skatteverket", "reader"), told(own_centre=None, wheels=[EVERYTHING], figures=[figures])
    )
    assert rows(text, "By programme, up to Thu 7 May")[1:] == [["group violence intervention (GVI)", "5", "9"]]
    assert "By agency" not in text


def test_where_nothing_was_counted_there_are_no_tables() -> None:
    text = page(a_visitor("en"), told(wheels=[EVERYTHING]))
    assert not any(words in text for words in ("By programme", "By agency", "By area"))


def test_a_bar_is_full_at_most() -> None:
    done = an_ended_operation(*(f"skv:{n}" for n in range(5)))
    text = page(a_visitor("en"), told(targets=[a_target(target=3)], operations=[done]))
    assert 'max="3" value="3"' in text


def test_a_target_of_nothing_has_no_bar() -> None:
    assert "<progress" not in page(a_visitor("en"), told(targets=[a_target(target=0)]))


def test_a_party_that_is_no_centre_has_no_bar_and_is_told_why() -> None:
    found = told(own_centre=None, wheels=[EVERYTHING], targets=[a_target()], operations=[an_ended_operation("skv:1")])
    text = page(a_visitor("en", "skatteverket", "agency_coordinator"), found)
    assert "<progress" not in text
    assert "Your party hears of the operations that it takes part in" in text
    assert "/wheel/edit" not in text


def test_an_agency_is_told_what_is_counted_of_the_whole_centre_and_the_centre_counts_by_itself() -> None:
    known: dict[str, Any] = {"wheels": [EVERYTHING], "targets": [a_target()], "figures": [some_figures()]}
    agency, centre = (page(a_visitor("en"), told(own_centre=own, **known)) for own in (None, CENTRE))

    assert "The whole centre up to Thu 7 May: 48 of 120." in agency
    assert "The whole centre" not in centre
    for text in (agency, centre):
        assert "At the pace up to Thu 7 May the year comes to 139: the target is reached." in text
        assert "Of the evaluations of the year&#39;s operations 75 percent are in." in text


def test_that_the_year_will_not_do_is_told_beside_how_far_it_was_a_year_ago() -> None:
    found = told("sv", targets=[a_target()], figures=[some_figures(forecast=119, last_year_to_date=60)])

    assert found[0].reached[0].told[-2:] == [
        "Lika många dagar in på året innan: 60.",
        "I takten till och med tors 7 maj slutar året på 119: under målet.",
    ]
    assert [part.told for part in found[0].reached[1:]] == [["Genomförda insatser: 0. Inget mål är satt."]]


def test_early_in_a_year_there_is_no_forecast_and_none_is_told() -> None:
    text = page(a_visitor("en"), told(targets=[a_target()], figures=[some_figures(forecast=None)]))

    assert "At the pace" not in text


def test_figures_of_another_year_or_centre_are_not_told() -> None:
    others = [some_figures().model_copy(update=changed) for changed in ({"year": 2025}, {"centre": "akc-syd"})]

    assert "At the pace" not in page(a_visitor("en"), told(targets=[a_target()], figures=others))


@pytest.mark.parametrize(("role", "is_there"), [("centre_coordinator", True), ("reader", False)])
def test_who_may_not_keep_the_wheel_is_not_led_to_its_form(role: Role, is_there: bool) -> None:
    assert ("/wheel/edit" in page(a_visitor("en", CENTRE, role), told(wheels=[EVERYTHING]))) is is_there


def test_a_centre_without_a_wheel_is_told_so_and_may_publish_one() -> None:
    text = page(a_visitor("en"), told())
    assert "No wheel of 2026 has been published." in text
    assert "Publish a wheel of 2026" in text
    assert "/wheel.ics" not in text


def test_what_belongs_to_another_year_is_not_told() -> None:
    assert told(own_centre=None, wheels=[a_wheel(year=2027)], targets=[a_target(year=2025)]) == []


def test_each_centre_has_its_own_wheel_and_the_own_comes_first() -> None:
    other = a_wheel(centre="akc-stockholm", wheel_id="akc-stockholm:wheel-2026")
    found = told(wheels=[other, EVERYTHING], targets=[a_target(centre="akc-nord")])
    assert [(one.centre, one.is_own, len(one.wheels)) for one in found] == [
        (CENTRE, True, 1),
        ("akc-nord", False, 0),
        ("akc-stockholm", False, 1),
    ]


def test_that_a_version_was_refused_is_told_with_the_reason() -> None:
    reasons = [{"text_sv": "Ersatt.", "text_en": "Superseded."}]
    refused = Publication(a_message(version=2), "rejected", reasons)
    text = page(a_visitor("en"), told(wheels=[EVERYTHING], unsettled=[refused]))
    assert "Samsyn refused version 2" in text
    assert "Superseded." in text
    assert "Version 1" in text
    assert "on its way" not in text


def test_of_several_that_were_refused_the_newest_is_told_and_none_that_another_has_followed() -> None:
    refused = [Publication(a_message(version=number), "rejected", []) for number in (3, 2, 1)]
    text = page(a_visitor("en"), told(wheels=[EVERYTHING], unsettled=refused))
    assert "Samsyn refused version 3" in text
    assert "Samsyn refused version 2" not in text
    assert "refused" not in page(a_visitor("en"), told(wheels=[EVERYTHING], unsettled=refused[2:]))


def test_a_first_version_that_was_refused_is_not_in_force() -> None:
    refused = Publication(a_message(version=1), "rejected", [])
    of_it = EVERYTHING.model_copy(update={"is_refused": True})
    text = page(a_visitor("en"), told(wheels=[of_it], unsettled=[refused]))
    assert "Samsyn refused version 1" in text
    assert "No wheel of 2026 has been published." in text


def test_a_version_that_nobody_has_answered_is_on_its_way() -> None:
    waiting = Publication(a_message(version=1), "waiting")
    assert "on its way to Samsyn" in page(a_visitor("en"), told(wheels=[EVERYTHING], unsettled=[waiting]))


@pytest.mark.parametrize("language", BOTH)
def test_the_form_asks_for_every_field_of_every_group_by_its_name(language: Language) -> None:
    names = Structure(form(language).partition('class="wheel-form"')[2]).names
    asked = {each.name for group in groups_of(values_of(EVERYTHING), EVERYTHING) for each in group.fields}
    assert asked | {"csrf", "once", "version"} == set(names)
    assert len(names) == len(set(names))


def test_the_form_begins_from_the_newest_version() -> None:
    text = form("en")
    for value in ('name="version" value="2"', 'value="2026-q2"', 'value="2026-03-02 12:00"', 'value="bygge" selected'):
        assert value in text


def test_a_fault_is_led_to_its_field_and_told_there() -> None:
    text = form("en", {"period-2-until_day": "2026-01-01"})
    assert '<a href="#f-period-2-until_day">Period 2, Last day</a>: The last day must not be before the first.' in text
    told = 'aria-describedby="h-period-2-until_day e-period-2-until_day" aria-invalid="true"'
    assert f'name="period-2-until_day" {told}' in text


def test_a_fault_of_the_whole_form_is_told_above_it() -> None:
    text = form("en", {"version": "1"})
    assert "<li>The wheel was published by somebody else meanwhile." in text


def test_the_pages_are_there() -> None:
    assert {(route.path, *route.methods) for route in router.routes} == {  # type: ignore[attr-defined]
        ("/wheel", "GET"),
        ("/wheel.ics", "GET"),
        ("/wheel/edit", "GET"),
        ("/wheel/edit", "POST"),
    }
