"""Which rows of the Tax Agency's files are read, in which order, and how the bad ones are refused."""

import asyncio
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from samsyn_adapter_sdk import RetryError, Saying, Skipped, Statement
from samsyn_adapter_skatteverket.adapter import TaxAgencyAdapter
from samsyn_adapter_skatteverket.reading import Encoding
from samsyn_contracts.inspections import InterestDeclared
from samsyn_contracts.message import Message

from tests.support.next_sayings import QUIET_SECONDS, next_sayings
from tests.support.opened_adapters import KeptContents, tax_agency_of

HEADER = "nyckel;version;tidpunkt;region;kontroll;grad"
REJECTS = "avvisade.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for part in ("in", "ut"):
        (tmp_path / part).mkdir()
    return tmp_path


def an_adapter(folder: Path, encoding: Encoding = "utf-8") -> TaxAgencyAdapter:
    return tax_agency_of(folder, KeptContents(), encoding)


def a_row(key: str = "1", **cells: str) -> str:
    own = {"nyckel": key, "version": "1", "tidpunkt": "2025-05-05T08:00", "region": "VAST"}
    row = {**own, "kontroll": f"polisen:obj-{key}", "grad": "låg", **cells}
    return ";".join(row.values())


def drop(folder: Path, *rows: str, name: str = "intresse_2025-05-05.csv", encoding: str = "utf-8") -> Path:
    path = folder / "in" / name
    path.write_bytes("".join(f"{row}\r\n" for row in (HEADER, *rows)).encode(encoding))
    return path


async def said(adapter: TaxAgencyAdapter, num: int, after: str | None = None) -> list[Saying]:
    return await next_sayings(adapter.said(after), num)


def subjects(sayings: Sequence[Saying]) -> list[str]:
    return [s.message.subject.rpartition("-")[2] for s in sayings if isinstance(s, Statement)]


def refused(folder: Path) -> list[list[str]]:
    lines = (folder / "ut" / REJECTS).read_text("utf-8-sig").splitlines()
    return [line.split(";") for line in lines[1:]]


async def test_rows_are_said_in_the_order_of_day_kind_and_name(folder: Path) -> None:
    drop(folder, a_row("3"), name="intresse_2025-05-06.csv")
    drop(folder, a_row("2"), name="intresse_2025-05-05_b.csv")
    drop(folder, a_row("1"), name="intresse_2025-05-05_a.csv")
    assert subjects(await said(an_adapter(folder), 3)) == ["1", "2", "3"]


async def test_sites_of_a_day_are_said_before_what_is_said_about_sites(folder: Path) -> None:
    columns = "nyckel;version;tidpunkt;region;kontroll;beredd;giltig_till"
    ready = folder / "in" / "beredskap_2025-05-05.csv"
    ready.write_text(f"{columns}\n1;1;2025-05-05T08:00;VAST;polisen:obj-9;ja;\n", "utf-8")
    drop(folder, a_row("1"))
    assert subjects(await said(an_adapter(folder), 2)) == ["1", "9"]


async def test_a_file_that_comes_late_under_an_early_name_is_read_too(folder: Path) -> None:
    drop(folder, a_row("2"), name="intresse_2025-05-06.csv")
    (first,) = await said(an_adapter(folder), 1)
    drop(folder, a_row("1"), name="intresse_2025-05-05.csv")
    assert subjects(await said(an_adapter(folder), 1, first.cursor)) == ["1"]


async def test_a_file_that_grows_is_read_on(folder: Path) -> None:
    path = drop(folder, a_row("1"))
    sayings = an_adapter(folder).said(None)
    assert subjects(await next_sayings(sayings, 1)) == ["1"]
    with path.open("ab") as file:
        file.write(f"{a_row('2')}\r\n".encode())
    assert subjects(await next_sayings(sayings, 1)) == ["2"]


async def test_a_line_that_is_still_being_written_waits(folder: Path) -> None:
    path = drop(folder, a_row("1"))
    with path.open("ab") as file:
        file.write(a_row("2").encode()[:-3])
    assert len(await said(an_adapter(folder), 2)) == 1
    assert not (folder / "ut" / REJECTS).exists()


async def test_a_last_line_without_a_line_break_is_read_when_nobody_writes_any_more(folder: Path) -> None:
    path = drop(folder, a_row("1"))
    with path.open("ab") as file:
        file.write(a_row("2").encode())
    os.utime(path, (time.time() - 61, time.time() - 61))
    assert subjects(await said(an_adapter(folder), 2)) == ["1", "2"]


async def test_a_last_line_is_read_too_when_it_becomes_old_while_the_folder_is_watched(folder: Path) -> None:
    path = drop(folder, a_row("1"))
    with path.open("ab") as file:
        file.write(a_row("2").encode())
    nearly_old = time.time() - 59.8
    os.utime(path, (nearly_old, nearly_old))
    sayings = an_adapter(folder).said(None)
    assert subjects(await next_sayings(sayings, 1)) == ["1"]
    async with asyncio.timeout(5):
        assert subjects([await anext(sayings)]) == ["2"]


@pytest.mark.parametrize("ending", [".tmp", ".part"])
async def test_a_file_without_its_final_name_is_not_read(folder: Path, ending: str) -> None:
    drop(folder, a_row("1"), name=f"intresse_2025-05-05.csv{ending}")
    assert await next_sayings(an_adapter(folder).said(None), 1, QUIET_SECONDS) == []
    assert not (folder / "ut" / REJECTS).exists()


async def test_the_same_row_in_another_file_is_the_same_event(folder: Path) -> None:
    drop(folder, a_row("1"))
    drop(folder, a_row("1"), name="intresse_2025-05-06.csv")
    first, second = await said(an_adapter(folder), 2)
    assert isinstance(first, Statement)
    assert isinstance(second, Statement)
    assert (first.key, first.message) == (second.key, second.message)


async def test_a_corrected_row_is_another_event(folder: Path) -> None:
    drop(folder, a_row("1"), a_row("1", version="2", grad="hög"))
    keys = [saying.key for saying in await said(an_adapter(folder), 2) if isinstance(saying, Statement)]
    assert keys == ["intresse:1:1", "intresse:1:2"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252"])
async def test_a_file_is_read_in_its_encoding(folder: Path, encoding: str) -> None:
    drop(folder, a_row("1", grad="hög"), encoding=encoding)
    declared: Encoding = "windows-1252" if encoding == "windows-1252" else "utf-8"
    (saying,) = await said(an_adapter(folder, declared), 1)
    assert message_of(saying) == InterestDeclared(inspection_id="polisen:obj-1", agency="skatteverket", interest="high")


async def test_a_file_with_a_mark_of_utf_8_is_that_whatever_is_declared(folder: Path) -> None:
    drop(folder, a_row("1", grad="hög"), encoding="utf-8-sig")
    (saying,) = await said(an_adapter(folder, "windows-1252"), 1)
    assert isinstance(saying, Statement)


async def test_a_time_without_an_offset_is_swedish_time(folder: Path) -> None:
    drop(folder, a_row("1"))
    (saying,) = await said(an_adapter(folder), 1)
    assert isinstance(saying, Statement)
    assert saying.occurred_at.isoformat() == "2025-05-05T08:00:00+02:00"


def message_of(saying: Saying) -> Message:
    assert isinstance(saying, Statement)
    return saying.message


BAD_ROWS: list[Any] = [
    pytest.param(a_row("1", grad="jättehög"), "grad", id="a code of no table"),
    pytest.param(a_row("1", grad=""), "grad", id="an empty cell"),
    pytest.param(a_row("1", version="ett"), "version", id="no number"),
    pytest.param(a_row("1", tidpunkt="5 maj"), "tidpunkt", id="no time"),
    pytest.param(a_row("1", region="SKÅNE"), "region", id="a region of no table"),
    pytest.param(a_row("1", kontroll="HEMLIGT"), "kontroll", id="refused by the message's form"),
    pytest.param(a_row("1", kontroll="polisen:\x00obj"), "kontroll", id="no text"),
    pytest.param(a_row("1", kontroll='"polisen:obj-1'), "", id="a quotation mark without its other half"),
    pytest.param("1;1;2025-05-05T08:00", "", id="too few cells"),
    pytest.param(a_row("1") + ";HEMLIGT", "", id="too many cells"),
]


@pytest.mark.parametrize(("row", "column"), BAD_ROWS)
async def test_a_bad_row_is_refused_by_its_place_and_the_next_is_read(folder: Path, row: str, column: str) -> None:
    drop(folder, row, a_row("2"))
    bad, good = await said(an_adapter(folder), 2)
    assert isinstance(bad, Skipped)
    assert subjects([good]) == ["2"]
    ((_, file, number, told, remedy),) = refused(folder)
    assert (file, number, told) == ("intresse_2025-05-05.csv", "2", column)
    assert remedy.endswith(".")


@pytest.mark.parametrize(("row", "column"), BAD_ROWS)
async def test_no_contents_of_a_bad_row_are_told(folder: Path, row: str, column: str) -> None:
    drop(folder, row.replace("jättehög", "HEMLIGT").replace("SKÅNE", "HEMLIGT").replace("5 maj", "HEMLIGT"))
    (bad,) = await said(an_adapter(folder), 1)
    assert "HEMLIGT" not in str(bad)
    assert "HEMLIGT" not in (folder / "ut" / REJECTS).read_text("utf-8-sig")


async def test_a_row_in_another_encoding_than_declared_is_refused(folder: Path) -> None:
    drop(folder, a_row("1", grad="hög"), a_row("2"), encoding="windows-1252")
    path = folder / "in" / "intresse_2025-05-05.csv"
    path.write_bytes(path.read_bytes().replace("låg".encode("cp1252"), "låg".encode()))
    bad, good = await said(an_adapter(folder), 2)
    assert isinstance(bad, Skipped)
    assert subjects([good]) == ["2"]


async def test_a_bad_row_is_refused_once_however_often_it_is_read(folder: Path) -> None:
    drop(folder, a_row("1", grad="?"))
    for _ in range(2):
        await said(an_adapter(folder), 1)
    assert len(refused(folder)) == 1


@pytest.mark.parametrize(
    ("name", "header", "column"),
    [
        ("intresse_2025-05-05.csv", "nyckel;version;tidpunkt;kontroll;grad", "region"),
        ("intresse_2025-05-05.csv", HEADER + ";grad", ""),
        ("intresse-2025.csv", HEADER, ""),
        ("loner_2025-05-05.csv", HEADER, ""),
    ],
)
async def test_a_file_that_cannot_be_read_at_all_is_refused_once(
    folder: Path, name: str, header: str, column: str
) -> None:
    (folder / "in" / name).write_text(f"{header}\n{a_row('1')}\n", "utf-8")
    assert [type(saying) for saying in await said(an_adapter(folder), 3)] == [Skipped]
    assert [row[1:4] for row in refused(folder)] == [[name, "1", column]]


async def test_a_header_that_is_mended_lets_the_rows_be_read(folder: Path) -> None:
    path = folder / "in" / "intresse_2025-05-05.csv"
    path.write_text(f"nyckel\n{a_row('1')}\n", "utf-8")
    (bad,) = await said(an_adapter(folder), 1)
    drop(folder, a_row("1"))
    assert subjects(await said(an_adapter(folder), 1, bad.cursor)) == ["1"]


async def test_empty_lines_say_nothing(folder: Path) -> None:
    drop(folder, a_row("1"), "", ";;;;;", a_row("2"))
    assert subjects(await said(an_adapter(folder), 2)) == ["1", "2"]


async def test_a_file_that_was_moved_away_leaves_the_cursor(folder: Path) -> None:
    drop(folder, a_row("1"))
    (first,) = await said(an_adapter(folder), 1)
    (folder / "in" / "intresse_2025-05-05.csv").unlink()
    drop(folder, a_row("2"), name="intresse_2025-05-06.csv")
    (second,) = await said(an_adapter(folder), 1, first.cursor)
    assert second.cursor == '{"intresse_2025-05-06.csv":2}'


async def test_a_folder_that_is_away_is_waited_for(folder: Path) -> None:
    (folder / "in").rmdir()
    with pytest.raises(RetryError):
        await anext(aiter(an_adapter(folder).said(None)))
