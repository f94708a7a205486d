"""The desk's words are the project's, in both languages, and its pages are called by them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from samsyn_adapter_desk import words
from samsyn_adapter_desk.domain.choices import SAFETY, indications
from samsyn_adapter_desk.domain.every_form import FORMS
from samsyn_adapter_desk.domain.forms import Option
from samsyn_adapter_desk.domain.forms_of_the_wheel import groups_of, wheel_form
from samsyn_adapter_desk.domain.glossary import WORDS, Word
from samsyn_adapter_desk.people import ROLE_NAMES
from samsyn_adapter_desk.rendering import PLACES

DATA = Path(__file__).parents[2] / "data" / "glossary.csv"
TITLE = re.compile(r'{% block title %}{{ _\("([^"]+)"')


@dataclass(frozen=True)
class Term:
    """A row of the project's glossary."""

    sv: str
    en: str
    avoid: tuple[str, ...]
    where: str


def terms() -> list[Term]:
    with DATA.open(encoding="utf-8") as file:
        return [
            Term(row["sv"], row["en"], tuple(filter(None, row["avoid"].split(";"))), row["where"])
            for row in csv.DictReader(file)
        ]


TERMS = terms()
BY_SWEDISH = {term.sv: term for term in TERMS}
BY_ENGLISH = {term.en: term for term in TERMS}
# Words of the desk alone; every other one is in the project's glossary.
OF_THE_DESK = {"kvittera", "kodnamn", "vakthavande befäl"}
# On pages a plainer English than in code, where "backlog" is said.
PLAINER = {"objektlista": "list of inspections"}
# What the Swedish of a title must hold where its English has one of the desk's words, the longest first.
ENGLISH = {word.en: word.sv for word in sorted(WORDS, key=lambda word: -len(word.en))}


def titles() -> Iterator[str]:
    """Everything that a page or a form is called, in English."""
    for page in (words.PACKAGE / "templates").glob("*.html"):
        yield from TITLE.findall(page.read_text(encoding="utf-8"))
    yield from (title for _address, title, _act in PLACES)
    yield from (form.title for form in FORMS.values())
    yield wheel_form(groups_of({}, None), 2026, None).title


TITLES = sorted(set(titles()))


def swedish(text: str) -> str:
    """A text of the catalogue in Swedish."""
    return words.for_language("sv").gettext(text)


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.en)
def test_every_word_is_filled_in_in_both_languages(word: Word) -> None:
    assert all((word.sv, word.en, word.means_sv, word.means_en))
    assert word.means_sv != word.means_en
    assert word.means_sv.endswith(".")
    assert word.means_en.endswith(".")


def test_no_word_stands_twice() -> None:
    assert len({word.sv for word in WORDS}) == len({word.en for word in WORDS}) == len(WORDS)


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.en)
def test_a_word_of_the_projects_glossary_has_its_english(word: Word) -> None:
    known = BY_SWEDISH.get(word.sv)
    if known is None:
        assert word.sv in OF_THE_DESK
        assert word.en not in BY_ENGLISH, "the project's glossary has another Swedish for this English"
    else:
        assert word.en == PLAINER.get(word.sv, known.en)


@pytest.mark.parametrize("term", [term for term in TERMS if term.where == "page"], ids=lambda term: term.en)
def test_a_page_is_called_as_the_glossary_says(term: Term) -> None:
    assert term.sv.lower() in {swedish(title).lower() for title in TITLES}


def test_there_are_titles() -> None:
    assert {"What needs me", "What changed", "Annual wheel", "Record a finding"} <= set(TITLES)


AVOIDED_IN_SWEDISH = {"varseltid", "raid"}
AVOIDED_IN_ENGLISH = {word for term in TERMS for word in term.avoid} - AVOIDED_IN_SWEDISH | {"raid"}


def avoided_in(text: object, avoided: set[str]) -> set[str]:
    """The words to avoid that a text of the catalogue has, in any of its forms."""
    forms = (text,) if isinstance(text, str) else tuple(text) if isinstance(text, Iterable) else ()
    return {word for form in forms for word in re.findall(r"\w+", form.lower())} & avoided


def test_no_text_has_a_word_that_the_glossary_avoids() -> None:
    texts = [(each.id, each.string) for each in words.read_swedish() if each.id]
    assert len(texts) > 200
    assert [english for english, _ in texts if avoided_in(english, AVOIDED_IN_ENGLISH)] == []
    assert [told for _, told in texts if avoided_in(told, AVOIDED_IN_SWEDISH)] == []


@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_written_in_the_words_of_the_glossary(title: str) -> None:
    rest = title.lower()
    for english, word in ENGLISH.items():
        if found := re.search(rf"\b{english}s?\b", rest):
            assert word.split()[0] in swedish(title).lower(), f"{english} is {word}"
            rest = rest.replace(found[0], "")
    assert avoided_in(title, AVOIDED_IN_ENGLISH) | avoided_in(swedish(title), AVOIDED_IN_SWEDISH) == set()
    assert "wheel" not in rest, "the wheel is the annual wheel"


NAMED = [*indications(), *SAFETY, *(Option(role, name["sv"], name["en"]) for role, name in ROLE_NAMES.items())]


@pytest.mark.parametrize("option", NAMED, ids=lambda option: option.value)
def test_a_name_that_is_a_word_of_the_glossary_is_so_in_both_languages(option: Option) -> None:
    if option.sv in BY_SWEDISH:
        assert option.en == BY_SWEDISH[option.sv].en
    if option.en in BY_ENGLISH:
        assert option.sv == BY_ENGLISH[option.en].sv
