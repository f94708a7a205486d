"""What notify's README shows is true: its example is read, and it names every template and setting."""

import json
import re
from pathlib import Path

from samsyn_adapter_notify.letters import template_names
from samsyn_adapter_notify.recipients import read_recipients
from samsyn_adapter_notify.settings import _MANDATORY

from tests.unit.notify.people_told import AV, BOOK

README = (Path(__file__).parents[3] / "adapters" / "notify" / "README.md").read_text("utf-8")


def test_its_example_of_a_file_is_read(tmp_path: Path) -> None:
    example = re.search(r"```json\n(.*?)```", README, re.DOTALL)
    assert example is not None
    (tmp_path / f"{AV}.json").write_text(example[1], "utf-8")
    found = read_recipients(tmp_path, AV, tuple(BOOK.kinds))
    assert json.loads(example[1])["functions"][0]["function"] in found.by_code


def test_its_table_names_every_template_and_every_message_of_a_rule() -> None:
    missing = [name for name in template_names() if name not in README]
    assert missing + [rule.on for rule in BOOK.rules if f"`{rule.on}`" not in README] == []


def test_it_names_every_setting_that_must_be_given() -> None:
    assert [name for name in _MANDATORY if f"`{name}`" not in README] == []
