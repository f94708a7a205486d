"""Every text of the desk has its Swedish, and the check of that sees what it must see."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from samsyn_adapter_desk import words


def a_catalog(*texts: tuple[str | tuple[str, str], str | tuple[str, str]]) -> Catalog:
    catalog = Catalog(locale="sv")
    for text, swedish in texts:
        catalog.add(text, swedish)
    return catalog


SITES = ("%(num)s site", "%(num)s sites")


def test_every_text_has_its_swedish_and_no_swedish_is_left_over() -> None:
    assert words.faults() == [], "python -m samsyn_adapter_desk.words update (or tidy), then write the Swedish"


@pytest.mark.parametrize(
    ("catalog", "fault"),
    [
        (a_catalog(), "not in sv.po: 'Plan'"),
        (a_catalog(("Plan", "Plan"), ("Old", "Gammal")), "in sv.po, said nowhere: 'Old'"),
        (a_catalog(("Plan", "")), "without Swedish: 'Plan'"),
    ],
)
def test_a_text_that_lacks_its_swedish_or_is_left_over_is_a_fault(catalog: Catalog, fault: str) -> None:
    assert words.faults(catalog, a_catalog(("Plan", ""))) == [fault]


def test_a_placeholder_that_is_lost_or_invented_is_a_fault() -> None:
    wanted = a_catalog(("Moved to %(day)s", ""))
    for swedish in ("Flyttad", "Flyttad till %(dag)s", "Flyttad till %(day)s %(week)s"):
        assert len(words.faults(a_catalog(("Moved to %(day)s", swedish)), wanted)) == 1
    assert words.faults(a_catalog(("Moved to %(day)s", "Flyttad till %(day)s")), wanted) == []


def test_both_forms_of_a_plural_are_asked_for() -> None:
    wanted = a_catalog((SITES, ("", "")))
    assert words.faults(a_catalog((SITES, ("%(num)s objekt", "%(num)s objekt"))), wanted) == []
    assert words.faults(a_catalog((SITES, ("%(num)s objekt", ""))), wanted) == ["without Swedish: '%(num)s site'"]


def test_a_guess_of_a_tool_is_a_fault() -> None:
    catalog = Catalog(locale="sv")
    catalog.add("Plan", "Plan", flags=("fuzzy",))
    assert words.faults(catalog, a_catalog(("Plan", ""))) == ["marked as fuzzy: 'Plan'"]


@pytest.fixture
def a_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with a template and a module of its own."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "locale").mkdir()
    (tmp_path / "templates" / "page.html").write_text(
        '{{ _("Hello %(name)s", name=name) }} '
        "{% trans num=num %}{{ num }} site{% pluralize %}{{ num }} sites{% endtrans %}"
    )
    (tmp_path / "page.py").write_text('TITLE = msgid("What needs me")\nQUERY = text("select 1")\n')
    monkeypatch.setattr(words, "PACKAGE", tmp_path)
    monkeypatch.setattr(words, "SWEDISH", tmp_path / "locale" / "sv.po")
    words.SWEDISH.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Old"\nmsgstr "Gammal"\n'
    )
    return tmp_path


def test_texts_are_found_in_templates_and_code(a_desk: Path) -> None:
    assert words.update(is_tidy=True) == ["'%(num)s site'", "'Hello %(name)s'", "'What needs me'"]


def test_an_update_keeps_what_is_there_and_tidying_takes_out_what_nobody_says(a_desk: Path) -> None:
    words.update()
    assert "Gammal" in words.SWEDISH.read_text()
    words.update(is_tidy=True)
    assert "Gammal" not in words.SWEDISH.read_text()


def test_an_update_changes_nothing_the_second_time(a_desk: Path) -> None:
    words.update()
    first = words.SWEDISH.read_bytes()
    words.update()
    assert words.SWEDISH.read_bytes() == first


def test_a_page_is_written_in_either_language(a_desk: Path) -> None:
    words.update()
    catalog = words.read_swedish()
    catalog["Hello %(name)s"].string = "Hej %(name)s"
    catalog["%(num)s site"].string = ("%(num)s objekt", "%(num)s objekt")
    words._write(catalog)
    words.for_language.cache_clear()
    try:
        said = [
            words.environment(language, a_desk / "templates").get_template("page.html") for language in ("sv", "en")
        ]
    finally:
        words.for_language.cache_clear()
    assert [page.render(name="<Åsa>", num=2) for page in said] == [
        "Hej &lt;Åsa&gt; 2 objekt",
        "Hello &lt;Åsa&gt; 2 sites",
    ]


def test_the_command_says_what_it_can(capsys: pytest.CaptureFixture[str]) -> None:
    assert words.main(["translate"]) == 2
    assert "update" in capsys.readouterr().err
