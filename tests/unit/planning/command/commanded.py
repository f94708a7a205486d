"""Runs `samsyn plan` in the test's own process and keeps what it said."""

import io
import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from samsyn_planning.command.plan import plan


class Said(NamedTuple):
    """What a command left behind: its exit status, standard output and standard error."""

    status: int
    out: str
    err: str


class Desk:
    """A folder that the command works in, and its standard input."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._monkeypatch, self._capsys = folder, monkeypatch, capsys
        monkeypatch.chdir(folder)

    def put(self, name: str, value: Any) -> str:
        """Write a JSON file and return its name."""
        (self.folder / name).write_text(json.dumps(value, ensure_ascii=False), "utf-8")
        return name

    def bytes_of(self, name: str) -> bytes:
        """Everything in a file."""
        return (self.folder / name).read_bytes()

    def json_of(self, name: str) -> Any:
        """A file's JSON value."""
        return json.loads(self.bytes_of(name))

    @property
    def names(self) -> set[str]:
        """The files in the folder."""
        return {path.name for path in self.folder.iterdir()}

    def plan(self, *arguments: str, stdin: bytes = b"") -> Said:
        """Run `samsyn plan` with the arguments."""
        self._monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        self._capsys.readouterr()
        status = plan(list(arguments))
        return Said(status, *self._capsys.readouterr())
