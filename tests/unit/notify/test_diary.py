"""Each morning a diary of the coming days, which only who has the private key can read."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from nacl.encoding import HexEncoder
from nacl.public import PrivateKey
from samsyn_adapter_notify.diary import main, opened

from tests.unit.notify.people_told import (
    AV,
    CITY,
    HOUR,
    NOW,
    SKV,
    START,
    Told,
    a_function,
    cancelled,
    confirmed,
    participants,
    people,
    rescheduled,
)

PRIVATE = PrivateKey.generate()
KEY = PRIVATE.public_key.encode(HexEncoder).decode()
SECRET = PRIVATE.encode(HexEncoder).decode()
MORNING = START - timedelta(days=1, hours=3)  # 06.00 in Sweden
OTHERS = [{"party": "polisen", "title_sv": "Vakthavande befäl", "title_en": "Duty officer", "phone": "114 14"}]


def files_of(mail: object) -> dict[str, bytes]:
    return {str(part.get_filename()): part.get_payload(decode=True) for part in mail.iter_attachments()}  # type: ignore[attr-defined]


async def test_at_six_a_diary_is_sent_that_only_the_private_key_opens() -> None:
    async with people(AV, a_function(phone="010-222 22 22"), diary_key=KEY, call_list=OTHERS) as told:
        await told.tell(confirmed())
        await told.at(MORNING - timedelta(minutes=1))
        assert len(told.letterbox.mails) == 3  # the first day's diary, the confirmation, and a reminder of it
        await told.at(MORNING)
        mail = told.letterbox.mails[-1]
        assert mail["Subject"] == "AKC Väst: reservdagbok för de närmaste dygnen"
        files = files_of(mail)
        assert list(files) == ["samsyn-2025-05-15.txt.sealed", "samsyn-2025-05-15.ics.sealed"]
        assert b"Granit" not in told.letterbox.payloads[-1]
        text = opened(files["samsyn-2025-05-15.txt.sealed"], SECRET).decode()
        assert "fredag 16 maj 2025 kl. 09.00" in text
        for named in ("Granit, AKC Väst (bekräftad)", "010-111 11 11", "010-222 22 22", "Vakthavande befäl: 114 14"):
            assert named in text
        calendar = opened(files["samsyn-2025-05-15.ics.sealed"], SECRET)
        assert b"SUMMARY:Granit (AKC V\xc3\xa4st)\r\n" in calendar
        assert b"METHOD:PUBLISH\r\n" in calendar
        assert b":mailto:samordnare@akc-vast.example\r\n" in calendar


async def test_it_comes_once_a_day() -> None:
    async with people(AV, a_function(), diary_key=KEY) as told:
        for hours in (0, 1, 5, 17):
            await told.at(MORNING + hours * HOUR)
        assert len(told.letterbox.mails) == 1
        await told.at(MORNING + 24 * HOUR)
        assert len(told.letterbox.mails) == 2


async def test_it_holds_what_starts_within_72_hours_and_takes_place() -> None:
    async with people(AV, a_function(calendar=False), diary_key=KEY) as told:
        far = MORNING + timedelta(hours=73)
        await told.tell(confirmed(1, far, operation_id="op:polisen:far", code_name="Fjärran"))
        await told.tell(confirmed(1, operation_id="op:polisen:off", code_name="Inställd"))
        await told.tell(cancelled(2, operation_id="op:polisen:off", code_name="Inställd"))
        await told.tell(confirmed())
        await told.at(MORNING)
        text = opened(files_of(told.letterbox.mails[-1])["samsyn-2025-05-15.txt.sealed"], SECRET).decode()
        assert "Granit" in text
        assert "Fjärran" not in text
        assert "Inställd" not in text


async def test_a_department_s_diary_holds_its_own_operations_alone() -> None:
    functions = (
        a_function("miljo", role="miljoforvaltningen", capacities=["mf-"]),
        a_function("tillstand", role="tillstandsenheten", capacities=["te-"]),
    )
    async with people(CITY, *functions, diary_key=KEY) as told:
        part = participants(CITY)[0].model_copy(update={"capacity_id": f"{CITY}:mf-t1"})
        await told.tell(confirmed(participants=(part,)))
        await told.at(MORNING)
        diaries = {str(m["To"]).partition("@")[0]: files_of(m) for m in told.letterbox.mails[-2:]}
        texts = {to: opened(files["samsyn-2025-05-15.txt.sealed"], SECRET).decode() for to, files in diaries.items()}
        assert "Granit" in texts["miljo"]
        assert "Granit" not in texts["tillstand"]


async def entry_of(told: Told, morning: datetime) -> list[str]:
    """The lines that tell which entry of a calendar it is, and which version, in the first diary of a morning."""
    num_before = len(told.letterbox.mails)
    await told.at(morning)
    diary = next(mail for mail in told.letterbox.mails[num_before:] if list(mail.iter_attachments()))
    calendar = opened(files_of(diary)[f"samsyn-{morning:%Y-%m-%d}.ics.sealed"], SECRET).decode()
    return [line for line in calendar.splitlines() if line.startswith(("UID:", "SEQUENCE:"))]


async def test_the_next_morning_s_entry_takes_the_place_of_the_one_before() -> None:
    async with people(AV, a_function(calendar=False), diary_key=KEY) as told:
        await told.tell(confirmed(1))
        first = await entry_of(told, MORNING - 24 * HOUR)
        await told.tell(rescheduled(2))
        second = await entry_of(told, MORNING)
        assert (first[0], first[1], second[1]) == (second[0], "SEQUENCE:1", "SEQUENCE:2")


async def test_no_two_functions_or_parties_have_the_same_entry() -> None:
    uids = []
    for party, function in ((AV, "samordnare"), (AV, "reserv"), (SKV, "samordnare")):
        async with people(party, a_function(function, calendar=False), diary_key=KEY) as told:
            await told.tell(confirmed(1))
            uids.append((await entry_of(told, MORNING))[0])
    assert len(set(uids)) == 3


async def test_it_comes_in_quiet_hours_too() -> None:
    quiet = {"from": "21:00", "until": "07:00"}
    async with people(AV, a_function(quiet=quiet), diary_key=KEY) as told:
        await told.at(MORNING)
        assert len(told.letterbox.mails) == 1


@pytest.mark.parametrize(("language", "named"), [("sv", "Alla center"), ("en", "All centres")])
async def test_a_function_of_every_centre_is_not_given_the_name_of_one(language: str, named: str) -> None:
    async with people(AV, a_function(centre="_all", language=language), diary_key=KEY) as told:
        await told.at(MORNING)
        assert str(told.letterbox.mails[0]["Subject"]).startswith(f"{named}: ")


async def test_without_a_key_there_is_no_diary() -> None:
    async with people(AV, a_function()) as told:
        await told.at(MORNING)
        assert told.letterbox.mails == []


async def test_after_a_crash_the_same_diary_is_sent(tmp_path: Path) -> None:
    async with people(AV, a_function(), folder=tmp_path, diary_key=KEY) as told:
        told.now = MORNING
        await told.passing.pass_time(MORNING)
    async with people(AV, a_function(), folder=tmp_path, diary_key=KEY) as told:
        await told.at(MORNING + HOUR)
        assert len(told.letterbox.mails) == 1


async def test_no_statement_is_made_of_a_diary() -> None:
    async with people(AV, a_function(), diary_key=KEY) as told:
        await told.at(MORNING)
        assert told.said() == []


class TestTheCommand:
    async def test_it_makes_a_key_and_opens_what_was_encrypted_to_it(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        keyfile = tmp_path / "diary.key"
        assert main(["new-key", str(keyfile)]) == 0
        public = capsys.readouterr().out.strip()
        assert keyfile.stat().st_mode & 0o077 == 0
        async with people(AV, a_function(), diary_key=public) as told:
            await told.tell(confirmed())
            await told.at(MORNING)
            for name, content in files_of(told.letterbox.mails[-1]).items():
                (tmp_path / name).write_bytes(content)
        names = [str(tmp_path / f"samsyn-2025-05-15.{kind}.sealed") for kind in ("txt", "ics")]
        assert main(["open", *names, "--key", str(keyfile)]) == 0
        assert "Granit" in capsys.readouterr().out
        assert (tmp_path / "samsyn-2025-05-15.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")

    def test_it_overwrites_no_key(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        keyfile = tmp_path / "diary.key"
        main(["new-key", str(keyfile)])
        before = keyfile.read_text()
        assert main(["new-key", str(keyfile)]) == 1
        assert keyfile.read_text() == before
        assert "nothing is overwritten" in capsys.readouterr().err

    def test_it_says_when_the_key_does_not_fit(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "a.key").write_text(SECRET)
        (tmp_path / "x.txt.sealed").write_bytes(b"nothing of ours" * 10)
        assert main(["open", str(tmp_path / "x.txt.sealed"), "--key", str(tmp_path / "a.key")]) == 1
        assert "the key does not fit" in capsys.readouterr().err


def test_the_morning_of_these_tests_is_before_the_operation() -> None:
    assert NOW < MORNING < START
