"""The files that the pages load, each under an address that changes with its content."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import parse_qs

FOLDER = Path(__file__).parent / "static"
MARK_LENGTH = 16
PREFIX = "/static/"


class Assets:
    """Every file below a folder, read once; `address("desk.css")` is "/static/desk.css?v=…"."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._marks = {
            file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()[:MARK_LENGTH]
            for file in folder.rglob("*")
            if file.is_file()
        }

    def address(self, name: str) -> str:
        """Where a page loads a file from; KeyError for one that is not there."""
        return f"{PREFIX}{name}?v={self._marks[name]}"

    def is_of_this_content(self, path: str, query: str) -> bool:
        """Whether an address names the content that is there: such an answer never changes."""
        mark = self._marks.get(path.removeprefix(PREFIX))
        return mark is not None and parse_qs(query).get("v") == [mark]
