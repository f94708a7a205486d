"""Reading the files in the folder `in`: which lines are new, in which order, and where reading goes on."""

from __future__ import annotations

import csv
import itertools
import json
import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from samsyn_adapter_sdk import RetryError

from samsyn_adapter_skatteverket.rows import BadCellError, Row

Encoding = Literal["utf-8", "windows-1252"]

# How long a file must lie untouched before its last line counts as whole although no line break ends it.
UNTOUCHED = timedelta(seconds=60)
_MAX_TOGETHER = 500
_BOM = b"\xef\xbb\xbf"
_NAME = re.compile(r"(?P<kind>[a-z]+)_(?P<day>\d{4}-\d\d-\d\d)(_[A-Za-z0-9-]{1,40})?\.csv")
_UNFINISHED = (".tmp", ".part")


@dataclass(frozen=True)
class Line:
    """One line of a file (the header is number 1): its row, or what is wrong with it."""

    file: str
    kind: str
    number: int
    found: Row | BadCellError


@dataclass(frozen=True)
class InFolder:
    """The folder that the agency's system drops files in; `columns` are those each kind of file must have.

    A file's name is `<kind>_<day>[_<more>].csv`. Files are read by day, then in the order of `columns`, then by name.
    """

    path: Path
    encoding: Encoding
    columns: Mapping[str, Sequence[str]]

    def names(self) -> list[str]:
        """The files that have their final names, in the order of reading; RetryError if the folder is away."""
        try:
            names = [path.name for path in self.path.iterdir()]
        except OSError as error:
            raise RetryError(f"the folder in: {type(error).__name__}") from error
        return sorted((n for n in names if not n.startswith(".") and not n.endswith(_UNFINISHED)), key=self._order)

    def lines(self, name: str) -> Iterator[Line]:
        """The whole lines of a file but its header; of a file that cannot be read at all, line 1 with the reason."""
        named = _NAME.fullmatch(name)
        kind = named["kind"] if named else ""
        if kind not in self.columns:
            remedy = "Filnamnet ska vara <slag>_<ÅÅÅÅ-MM-DD>.csv med ett av slagen " + ", ".join(self.columns) + "."
            yield Line(name, kind, 1, BadCellError("", remedy))
            return
        yield from self._lines_of_kind(name, kind)

    def _lines_of_kind(self, name: str, kind: str) -> Iterator[Line]:
        content, is_untouched = _content(self.path / name)
        encoding = "utf-8" if content.startswith(_BOM) else self.encoding
        *lines, last = content.removeprefix(_BOM).split(b"\n")
        if last and is_untouched:
            lines.append(last)
        if not lines:
            return
        try:
            header = self._header(lines[0], kind, encoding)
        except BadCellError as problem:
            yield Line(name, kind, 1, problem)
            return
        for number, line in enumerate(lines[1:], start=2):
            found = _found(line, header, encoding)
            if found is not None:
                yield Line(name, kind, number, found)

    def _header(self, line: bytes, kind: str, encoding: str) -> list[str]:
        header = [cell.strip().lower() for cell in _cells(line, encoding)]
        missing = [column for column in self.columns[kind] if column not in header]
        if missing:
            raise BadCellError(
                missing[0], f"Rubrikraden saknar {', '.join(missing)}: lägg till dem, även om de är tomma."
            )
        if len(set(header)) < len(header):
            raise BadCellError("", "Rubrikraden har två kolumner med samma namn: behåll en.")
        return header

    def _order(self, name: str) -> tuple[str, int, str]:
        named = _NAME.fullmatch(name)
        kinds = list(self.columns)
        if named is None or named["kind"] not in kinds:
            return "9999", len(kinds), name
        return named["day"], kinds.index(named["kind"]), name


class Reading:
    """How far each file of the folder has been read; the cursor is that, as text.

    It names every file that is there, so that a file which comes late under an early name is read too. A file that is
    moved away leaves the cursor; should it come back, its rows are the same events as before.
    """

    def __init__(self, folder: InFolder, cursor: str | None) -> None:
        self._folder = folder
        self._read: dict[str, int] = json.loads(cursor) if cursor else {}
        self._as_read: dict[str, tuple[int, int, int]] = {}
        self._names: list[str] = []

    def more(self) -> list[Line]:
        """Lines that are new, some hundred at a time."""
        self._names = self._folder.names()
        found: list[Line] = []
        for name in self._names:
            found += self._new_lines(name)
            if len(found) >= _MAX_TOGETHER:
                break
        return found

    def cursor_after(self, line: Line) -> str:
        """Where reading goes on once a line is done."""
        self._read[line.file] = line.number
        return cursor_of({name: self._read[name] for name in self._names if name in self._read})

    def _new_lines(self, name: str) -> list[Line]:
        try:
            stands = _stat(self._folder.path / name)
            if self._as_read.get(name) == stands:
                return []
            unread = (line for line in self._folder.lines(name) if line.number > self._read.get(name, 0))
            lines = list(itertools.islice(unread, _MAX_TOGETHER))
        except FileNotFoundError:  # moved away meanwhile
            return []
        except OSError as error:
            raise RetryError(f"a file in the folder in: {type(error).__name__}") from error
        if not lines and _is_whole(self._folder.path / name):
            self._as_read[name] = stands
        return lines


def cursor_of(read: Mapping[str, int]) -> str:
    """The cursor of one who has read each file up to a line."""
    return json.dumps(dict(read), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _found(line: bytes, header: Sequence[str], encoding: str) -> Row | BadCellError | None:
    """A row, or what is wrong with it; None for an empty line."""
    try:
        cells = _cells(line, encoding)
    except BadCellError as problem:
        return problem
    if not any(cells):
        return None
    if len(cells) != len(header):
        return BadCellError("", f"Raden har {len(cells)} fält och rubriken {len(header)}: gör dem lika många.")
    return Row(dict(zip(header, cells, strict=True)))


def _cells(line: bytes, encoding: str) -> list[str]:
    try:
        text = line.rstrip(b"\r").decode(encoding)
    except UnicodeDecodeError:
        raise BadCellError("", f"Raden är inte {encoding}: spara filen så, eller ställ in en annan kodning.") from None
    try:
        return next(csv.reader([text], delimiter=";", strict=True), [])
    except csv.Error:
        remedy = "Citattecknen går inte ihop: en rad i filen är en rad, och ett citattecken i text skrivs dubbelt."
        raise BadCellError("", remedy) from None


def _content(path: Path) -> tuple[bytes, bool]:
    with path.open("rb") as file:
        content = file.read()
        age_seconds = time.time() - os.fstat(file.fileno()).st_mtime
    return content, age_seconds >= UNTOUCHED.total_seconds()


def _stat(path: Path) -> tuple[int, int, int]:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


def _is_whole(path: Path) -> bool:
    """Whether a line break ends the file: else its last line may be read later."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        return file.read(1) == b"\n"
