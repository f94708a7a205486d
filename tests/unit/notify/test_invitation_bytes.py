"""Invitations byte for byte: what RFC 5545 and RFC 5546 ask of a REQUEST and a CANCEL, and of the mail around them."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from samsyn_adapter_notify.invitations import Entry, Invitation, Party, itip, next_invitation, published_calendar
from samsyn_adapter_notify.letters import Text
from samsyn_adapter_notify.mail import mail

START, END = datetime(2025, 5, 16, 7, tzinfo=UTC), datetime(2025, 5, 16, 11, tzinfo=UTC)
STAMP = datetime(2025, 5, 5, 8, 30, 15, 987654, tzinfo=UTC)
CENTRE = Party("samordnare@akc-vast.example", "AKC Väst")
FUNCTION = Party("samordnare@av.example", "Samordnare, väst")
LINK = "https://desk.samsyn.example/operation/op:polisen:p1"
REQUEST = Invitation("uid-1@samsyn", 0, "REQUEST", START, END)
CANCEL = Invitation("uid-1@samsyn", 2, "CANCEL", START, END)


def bytes_of(invitation: Invitation, summary: str = "Granit (AKC Väst)") -> bytes:
    return itip(invitation, summary, CENTRE, FUNCTION, STAMP, LINK)


def test_a_request_is_these_bytes() -> None:
    expected = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Samsyn//notify 0.1.0//SV",
        "CALSCALE:GREGORIAN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        "SUMMARY:Granit (AKC Väst)",
        "DTSTART:20250516T070000Z",
        "DTEND:20250516T110000Z",
        "DTSTAMP:20250505T083015Z",
        "UID:uid-1@samsyn",
        "SEQUENCE:0",
        'ATTENDEE;CN="Samordnare, väst";PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT',
        " ;RSVP=TRUE:mailto:samordnare@av.example",
        "CLASS:PRIVATE",
        'ORGANIZER;CN="AKC Väst":mailto:samordnare@akc-vast.example',
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "URL:https://desk.samsyn.example/operation/op:polisen:p1",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    assert bytes_of(REQUEST) == "\r\n".join(expected).encode()


def test_a_cancellation_is_these_bytes() -> None:
    expected = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Samsyn//notify 0.1.0//SV",
        "CALSCALE:GREGORIAN",
        "METHOD:CANCEL",
        "BEGIN:VEVENT",
        "SUMMARY:Granit (AKC Väst)",
        "DTSTART:20250516T070000Z",
        "DTEND:20250516T110000Z",
        "DTSTAMP:20250505T083015Z",
        "UID:uid-1@samsyn",
        "SEQUENCE:2",
        'ATTENDEE;CN="Samordnare, väst";ROLE=REQ-PARTICIPANT:mailto:samordnare@av.',
        " example",
        "CLASS:PRIVATE",
        'ORGANIZER;CN="AKC Väst":mailto:samordnare@akc-vast.example',
        "STATUS:CANCELLED",
        "TRANSP:TRANSPARENT",
        "URL:https://desk.samsyn.example/operation/op:polisen:p1",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    assert bytes_of(CANCEL) == "\r\n".join(expected).encode()


@pytest.mark.parametrize("invitation", [REQUEST, CANCEL], ids=["REQUEST", "CANCEL"])
def test_what_rfc_5546_asks_of_each_method_is_there_once(invitation: Invitation) -> None:
    names = [line.partition(":")[0].partition(";")[0] for line in unfolded(bytes_of(invitation))]
    for name in ("METHOD", "UID", "DTSTAMP", "DTSTART", "ORGANIZER", "ATTENDEE", "SEQUENCE", "SUMMARY", "STATUS"):
        assert names.count(name) == 1, name


def test_every_line_ends_with_crlf_and_is_at_most_75_octets() -> None:
    content = bytes_of(REQUEST, "Å" * 200)
    assert content.endswith(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    lines = content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode()  # folded between characters, never inside one


def test_a_folded_line_is_whole_again_when_it_is_unfolded() -> None:
    summary = "Åäö " * 40
    assert f"SUMMARY:{summary.strip()}" in unfolded(bytes_of(REQUEST, summary))


def test_commas_semicolons_and_backslashes_are_escaped() -> None:
    assert b"SUMMARY:a\\, b\\; c\\\\d\r\n" in bytes_of(REQUEST, "a, b; c\\d")


def test_a_line_break_in_a_name_breaks_no_line() -> None:
    assert b"SUMMARY:Granit ATTENDEE:mailto:x@y\r\n" in bytes_of(REQUEST, "Granit\r\nATTENDEE:mailto:x@y")
    rude = Party("a@b.example", 'x"\r\nRSVP:y')
    assert b'CN="x\' RSVP:y"' in itip(REQUEST, "s", CENTRE, rude, STAMP, LINK).replace(b"\r\n ", b"")


def test_times_are_in_utc_whatever_they_were_given_in() -> None:
    local = START.astimezone(ZoneInfo("Europe/Stockholm"))
    assert b"DTSTART:20250516T070000Z\r\n" in bytes_of(Invitation("u", 0, "REQUEST", local, END))


class TestTheNextInvitation:
    def test_the_first_has_sequence_0(self) -> None:
        assert next_invitation("issue", None, "u", START, END) == Invitation("u", 0, "REQUEST", START, END)

    def test_another_time_raises_it(self) -> None:
        later = START + timedelta(hours=1)
        found = next_invitation("update", REQUEST, REQUEST.uid, later, END)
        assert found == Invitation(REQUEST.uid, 1, "REQUEST", later, END)

    def test_another_end_raises_it(self) -> None:
        found = next_invitation("update", REQUEST, REQUEST.uid, START, END + timedelta(hours=1))
        assert found is not None
        assert found.sequence == 1

    def test_the_same_times_issue_nothing(self) -> None:
        assert next_invitation("issue", REQUEST, REQUEST.uid, START, END) is None

    def test_a_cancellation_raises_it_and_keeps_the_times_that_stand(self) -> None:
        found = next_invitation("cancel", REQUEST, REQUEST.uid, START + timedelta(days=1), END)
        assert found == Invitation(REQUEST.uid, 1, "CANCEL", START, END)

    def test_what_was_taken_back_is_invited_anew_with_a_higher_sequence(self) -> None:
        found = next_invitation("issue", CANCEL, CANCEL.uid, START, END)
        assert found == Invitation(CANCEL.uid, 3, "REQUEST", START, END)

    @pytest.mark.parametrize("last", [None, CANCEL])
    def test_nothing_is_changed_or_taken_back_that_does_not_stand(self, last: Invitation | None) -> None:
        assert next_invitation("update", last, "u", START, END) is None
        assert next_invitation("cancel", last, "u", START, END) is None

    def test_a_rule_without_a_calendar_issues_nothing(self) -> None:
        assert next_invitation(None, REQUEST, "u", START, END) is None


class TestTheMailAround:
    def test_the_method_is_in_the_content_type_and_in_the_calendar(self) -> None:
        part = calendar_part(a_mail("CANCEL", bytes_of(CANCEL)))
        assert part.get_content_type() == "text/calendar"
        assert (part.get_param("method"), part.get_param("charset")) == ("CANCEL", "utf-8")

    def test_the_calendar_s_own_bytes_survive_the_mail(self) -> None:
        part = calendar_part(a_mail("REQUEST", bytes_of(REQUEST)))
        assert part.get_payload(decode=True) == bytes_of(REQUEST)

    def test_it_is_an_alternative_to_the_text_and_an_attachment(self) -> None:
        read = a_mail("REQUEST", bytes_of(REQUEST))
        kinds = [part.get_content_type() for part in read.walk()]
        assert kinds == [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "text/calendar",
            "application/ics",
        ]
        attached = next(read.iter_attachments())
        assert attached.get_filename() == "invite.ics"
        assert attached.get_payload(decode=True) == bytes_of(REQUEST)

    def test_the_mail_is_plain_ascii_with_crlf_on_the_wire(self) -> None:
        content = mail("s@samsyn.example", "f@av.example", Text("Åäö", "Åäö\n"), "sv", "<1@x>", STAMP)
        content.decode("ascii")
        assert content.count(b"\n") == content.count(b"\r\n")

    def test_a_subject_cannot_bring_a_header_with_it(self) -> None:
        with pytest.raises(ValueError, match="linefeed"):
            mail("s@samsyn.example", "f@av.example", Text("a\r\nBcc: x@y", "b\n"), "sv", "<1@x>", STAMP)


def test_a_published_calendar_asks_nobody_for_anything() -> None:
    centre = Party("samordnare@akc-vast.example", "AKC Väst")
    entries = [Entry(uid, 3, "Granit", START, END, "bekräftad", centre) for uid in ("u", "v")]
    content = published_calendar(entries, STAMP)
    assert b"METHOD:PUBLISH\r\n" in content
    assert b"ATTENDEE" not in content
    # RFC 5546, 3.2.1: each event of a published calendar has exactly these, an organizer among them.
    events = content.split(b"BEGIN:VEVENT")[1:]
    wanted = (b"DTSTAMP", b"DTSTART", b"ORGANIZER", b"SUMMARY", b"UID")
    assert [[event.count(b"\r\n" + name) for name in wanted] for event in events] == [[1] * 5] * 2
    assert 'ORGANIZER;CN="AKC Väst":mailto:samordnare@akc-vast.example\r\n'.encode() in content


def a_mail(method: str, calendar: bytes) -> EmailMessage:
    content = mail(
        "s@samsyn.example", "f@av.example", Text("Ämne", "Text\n"), "sv", "<1@x>", STAMP, invitation=(method, calendar)
    )
    return message_from_bytes(content, policy=policy.SMTP)


def calendar_part(read: EmailMessage) -> EmailMessage:
    return next(part for part in read.walk() if part.get_content_type() == "text/calendar")


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")
