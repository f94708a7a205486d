"""Words that are only heard stand apart from those that are seen: a screen reader reads a link by its text."""

from __future__ import annotations

import re
from pathlib import Path

import samsyn_adapter_desk

DESK = Path(samsyn_adapter_desk.__file__).parent
SPAN = re.compile(r'<span class="visually-hidden">(.)')


def test_the_space_before_them_is_kept() -> None:
    (rule,) = re.findall(r"\.visually-hidden \{([^}]*)\}", (DESK / "static" / "desk.css").read_text("utf-8"))

    assert "white-space: pre;" in rule


def test_each_begins_with_a_space_or_a_colon() -> None:
    begun = [first for path in (DESK / "templates").glob("*.html") for first in SPAN.findall(path.read_text("utf-8"))]

    assert len(begun) >= 4
    assert set(begun) <= {" ", ":"}
