"""Gives each test of the command a folder of its own."""

from pathlib import Path

import pytest

from tests.unit.planning.command.commanded import Desk


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A folder with nothing in it, in which the command runs."""
    return Desk(tmp_path, monkeypatch, capsys)
