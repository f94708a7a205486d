"""The worked example of planning's README prints what the README says it prints."""

import json
import re
from pathlib import Path

import pytest
import samsyn_planning

from tests.unit.planning.command.commanded import Desk

README = Path(samsyn_planning.__file__).parents[1] / "README.md"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def blocks() -> list[tuple[str, str]]:
    """The section's blocks of code, each with its language."""
    section = README.read_text("utf-8").partition("## Using the planner alone")[2].partition("\n## ")[0]
    return BLOCK.findall(section)


def test_what_is_pasted_gives_what_is_printed(desk: Desk, blocks: list[tuple[str, str]]) -> None:
    (_, first), (_, said), (_, second), (_, differences), *_ = blocks
    problem = json.loads(first.partition("<<'END'\n")[2].partition("\nEND\n")[0])
    assert desk.plan(desk.put("problem.json", problem), "-o", "plan.json").status == 0
    assert said.endswith(desk.plan("verify", "problem.json", "plan.json").out)

    assert '{"id": "tisdag", "cause": "skjutning"}' in second
    later = problem | {"published": desk.json_of("plan.json"), "lost": [{"id": "tisdag", "cause": "skjutning"}]}
    assert desk.plan(desk.put("later.json", later), "-o", "new.json").status == 0
    assert desk.plan("diff", "plan.json", "new.json", "--lang", "sv").out == differences


def test_every_option_of_the_table_is_one(desk: Desk) -> None:
    lines = [line for line in README.read_text("utf-8").splitlines() if line.startswith("| `samsyn plan ")]
    assert len(lines) == 4
    for line in lines:
        word = next((word for word in ("verify", "diff", "generate") if f"samsyn plan {word} " in line), None)
        shown = desk.plan(*([word] if word else []), "--help")
        assert shown.status == 0
        assert [option for option in re.findall(r"--\w+", line) if option not in shown.out] == []
