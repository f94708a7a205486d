"""Files of disturbances are read tolerantly, and what is wrong with one is said with the remedy."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from samsyn_demo.disturbances import check_covers, kind_of, read_disturbances
from samsyn_demo.input_error import DemoInputError
from samsyn_demo.world import build_world

from tests.unit.demo.demo_forms import an_events_file

A_ROW = "1,2025-05-13T07:00,2025-05-13T07:30,Skottlossning,A,1480"


def test_a_row_is_read_in_swedish_time(tmp_path: Path) -> None:
    (read,), _ = read_disturbances(an_events_file(tmp_path, A_ROW))

    assert read.occurred_at == datetime(2025, 5, 13, 5, 0, tzinfo=UTC)


def test_a_row_without_municipality_is_left_out_and_counted(tmp_path: Path) -> None:
    read, counts = read_disturbances(an_events_file(tmp_path, A_ROW, "2,2025-05-13T07:00,,Brand,B,"))

    assert (len(read), counts.num_rows, counts.num_without_municipality) == (1, 2, 1)


def test_a_row_with_an_unknown_municipality_is_left_out_and_counted(tmp_path: Path) -> None:
    read, counts = read_disturbances(an_events_file(tmp_path, A_ROW, "2,2025-05-13T07:00,,Brand,B,9999"))

    assert (len(read), counts.num_unknown_municipality) == (1, 1)


def test_a_row_of_class_c_is_left_out_and_counted(tmp_path: Path) -> None:
    read, counts = read_disturbances(an_events_file(tmp_path, A_ROW, "2,2025-05-13T07:00,,Stöld,C,1480"))

    assert (len(read), counts.num_other_class) == (1, 1)


def test_a_row_that_occurred_after_it_was_published_is_kept_and_counted(tmp_path: Path) -> None:
    read, counts = read_disturbances(an_events_file(tmp_path, "1,2025-05-13T23:00,2025-05-13T07:30,Brand,A,1480"))

    assert (len(read), counts.num_occurred_after_published) == (1, 1)


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = an_events_file(tmp_path, A_ROW)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert len(read_disturbances(path)[0]) == 1


def test_columns_beyond_those_needed_may_be_absent(tmp_path: Path) -> None:
    path = an_events_file(tmp_path, "1,2025-05-13T07:00,Brand,A,1480", header="id,occurred,type,klass,kommunkod")

    assert read_disturbances(path)[1].num_occurred_after_published == 0


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = an_events_file(tmp_path, "1,2025-05-13T07:00,Brand,1480", header="id,occurred,type,kommunkod")

    with pytest.raises(DemoInputError, match="--events, column klass: the file has no such column, but id, occurred"):
        read_disturbances(path)


def test_a_time_that_cannot_be_read_is_named_by_its_line(tmp_path: Path) -> None:
    path = an_events_file(tmp_path, A_ROW, "2,igår,,Brand,B,1480")

    with pytest.raises(DemoInputError, match="line 3, column occurred: 'igår' is no time"):
        read_disturbances(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DemoInputError, match="No such file"):
        read_disturbances(tmp_path / "none.csv")


def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    path = an_events_file(tmp_path, A_ROW)
    path.write_bytes("id,ö".encode("latin-1"))

    with pytest.raises(DemoInputError, match="is not UTF-8"):
        read_disturbances(path)


def test_a_file_without_rows_is_told(tmp_path: Path) -> None:
    with pytest.raises(DemoInputError, match="the file has no rows"):
        read_disturbances(an_events_file(tmp_path))


def test_weeks_outside_the_file_are_answered_with_its_range(tmp_path: Path) -> None:
    _, counts = read_disturbances(an_events_file(tmp_path, A_ROW))

    with pytest.raises(DemoInputError, match="--from: the disturbances are of 2025-05-13 to 2025-05-13"):
        check_covers(counts, build_world(from_day=date(2025, 9, 1), weeks=1))


def test_weeks_inside_the_file_are_covered() -> None:
    check_covers(read_disturbances()[1], build_world())


def test_the_published_disturbances_have_187_rows_without_municipality() -> None:
    _, counts = read_disturbances()

    assert (counts.num_rows, counts.num_without_municipality) == (12_495, 187)


@pytest.mark.parametrize(
    ("police_type", "kind"),
    [
        ("Skottlossning, misstänkt", "shooting"),
        ("Detonation", "explosion"),
        ("Trafikolycka, personskada", "accident"),
        ("Arbetsplatsolycka", "accident"),
        ("Brand", "fire"),
        ("Våld/hot mot tjänsteman", "order"),
        ("Mord/dråp, försök", "other"),
    ],
)
def test_the_polices_types_become_kinds(police_type: str, kind: str) -> None:
    assert kind_of(police_type) == kind
