"""Every alert has a runbook of the same shape, and no runbook is about an alert that is gone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from samsyn_chassis.alerts import RUNBOOK

from tests.contract.saying import ROOT

FOLDER = ROOT / "deploy" / "runbooks"
PAGES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
HEADINGS = ["What it means", "See it", "Do first", "It is over when", "Tell"]


def alerts_in(source: str) -> Iterator[str]:
    """The names of the alerts that a module makes."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Alert":
            name = node.args[0]
            assert isinstance(name, ast.Constant), "an alert is named where it is made, so that its runbook is found"
            yield str(name.value)


def alerts() -> set[str]:
    modules = sorted(ROOT.glob("services/*/samsyn_*/**/*.py"))
    return {name for path in modules for name in alerts_in(path.read_text("utf-8"))}


def test_an_alert_would_be_seen_wherever_it_is_made() -> None:
    assert list(alerts_in('found.append(Alert("outbox_old", about, since))')) == ["outbox_old"]


def test_every_alert_has_a_runbook_and_every_runbook_an_alert() -> None:
    assert {path.stem for path in PAGES} == alerts()


def test_the_log_names_the_runbook_where_it_is() -> None:
    assert [name for name in alerts() if not (ROOT / RUNBOOK.format(name=name)).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_runbook_has_its_name_a_line_in_swedish_and_the_same_five_headings(page: Path) -> None:
    lines = page.read_text("utf-8").splitlines()

    assert lines[0] == f"# {page.stem}"
    assert re.fullmatch(r"\*[A-ZÅÄÖ].*[.]\*", lines[2])
    assert [line.removeprefix("## ") for line in lines if line.startswith("## ")] == HEADINGS


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_runbook_begins_with_a_command_that_shows_it_and_is_listed(page: Path) -> None:
    seen = page.read_text("utf-8").partition("## See it")[2]

    assert "samsyn status" in seen.partition("```\n")[2].partition("```")[0]
    assert f"[{page.stem}]({page.name})" in (FOLDER / "README.md").read_text("utf-8")


def test_one_rule_of_prometheus_passes_on_every_alert() -> None:
    groups = yaml.safe_load((ROOT / "deploy/telemetry/alerts.yaml").read_text("utf-8"))["groups"]
    ((rule,),) = [group["rules"] for group in groups]
    wakes = set(re.findall(r"\^\((.*)\)\$", rule["labels"]["severity"])[0].split("|"))

    assert "samsyn_alert" in rule["expr"]
    assert rule["annotations"]["runbook"] == RUNBOOK.format(name="{{ $labels.alert }}")
    assert wakes < alerts()
    assert wakes == {page.stem for page in PAGES if f"({page.name})" in woken_by_readme()}


def woken_by_readme() -> str:
    rows = (FOLDER / "README.md").read_text("utf-8").splitlines()
    return "\n".join(row for row in rows if row.endswith("| yes |"))
