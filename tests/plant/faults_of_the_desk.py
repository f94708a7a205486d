"""Faults of what the desk knows and says: statements of the wrong party, secrets told, cards and duties that lie."""

from __future__ import annotations

from tests.plant.fault import Fault

DOMAIN = "adapters/desk/samsyn_adapter_desk/domain"
UNIT = "tests/unit/desk"
FORMS, HEARING = f"{UNIT}/test_forms.py", f"{UNIT}/test_hearing.py"
OWN_WORDS, DUTIES = f"{UNIT}/test_own_words.py", f"{UNIT}/test_duties.py"
SENTENCES, DEPARTMENTS = f"{UNIT}/test_sentences.py", f"{UNIT}/test_departments.py"
EVERY_PAGE = "tests/integration/desk/test_every_page.py"
SIGN_IN = "tests/integration/desk/test_sign_in.py::TestWhatWasSent"

OF_THE_DESK = (
    Fault(
        "desk-persons-number-told",
        "a sole trader's number stands in no message",
        f"{DOMAIN}/forms_of_wishes.py",
        'digits[2] in "01"',
        'digits[2] in "0"',
        (FORMS,),
    ),
    Fault(
        "desk-programme-not-chosen",
        "an inspection is proposed within the programme that was chosen",
        f"{DOMAIN}/forms_of_wishes.py",
        'programme=values["programme"]',
        'programme="a-krim"',
        (FORMS,),
    ),
    Fault(
        "desk-contents-overwritten",
        "each finding has contents of its own",
        f"{DOMAIN}/forms_of_the_day.py",
        'f"urn:samsyn:desk:{asked.once}:finding"',
        '"urn:samsyn:desk:finding"',
        (FORMS,),
    ),
    Fault(
        "desk-time-of-greenwich",
        "a time is read as Swedish time, summer and winter",
        f"{DOMAIN}/forms.py",
        "hour, minute, tzinfo=STOCKHOLM)",
        'hour, minute, tzinfo=ZoneInfo("UTC"))',
        (FORMS,),
    ),
    Fault(
        "desk-speaks-for-others",
        "a form says something in the seat's own party's name alone",
        f"{DOMAIN}/forms_of_operations.py",
        "agency=asked.party,\n        plan_version",
        'agency=values.get("agency", asked.party),\n        plan_version',
        (FORMS,),
    ),
    Fault(
        "desk-plans-after-the-end",
        "no plan changes an operation that is over",
        f"{DOMAIN}/hearing_of_operations.py",
        "or before.is_over):\n        return\n    slot",
        "or False):\n        return\n    slot",
        (HEARING,),
    ),
    Fault(
        "desk-asks-for-good",
        "a question is gone when a newer plan does without the team",
        f"{DOMAIN}/hearing_of_operations.py",
        "elif is_left_out or question",
        "elif question",
        (HEARING,),
    ),
    Fault(
        "desk-takes-more-back",
        "a refused cancellation leaves the loss that was told before it",
        f"{DOMAIN}/own_words.py",
        '"loss": card.loss_before',
        '"loss": None',
        (OWN_WORDS,),
    ),
    Fault(
        "desk-takes-anothers-back",
        "a refusal takes back what the refused statement said alone",
        f"{DOMAIN}/own_words.py",
        "if card.acknowledged_said == refused_id:",
        "if card.acknowledged_said:",
        (OWN_WORDS,),
    ),
    Fault(
        "desk-forgets-the-released",
        "a released party is asked to acknowledge that",
        f"{DOMAIN}/duties.py",
        "(takes_part or is_released)",
        "takes_part",
        (DUTIES,),
    ),
    Fault(
        "desk-decides-too-late",
        "a proposal past its time is on nobody's list",
        f"{DOMAIN}/duties.py",
        " and r.at > now",
        "",
        (DUTIES,),
    ),
    Fault(
        "desk-calls-two-things-one",
        "what a page renews is told apart: two inspections of an operation are two things to do",
        f"{DOMAIN}/duties.py",
        "(self.operation, self.question, self.inspection)",
        "(self.operation, self.question)",
        (DUTIES,),
    ),
    Fault(
        "desk-note-told-again",
        "what was sent is told once, on the next page",
        "adapters/desk/samsyn_adapter_desk/rendering.py",
        "BackgroundTask(take_note, request, who.note) if who.note else None",
        "None",
        (SIGN_IN,),
    ),
    Fault(
        "desk-note-to-another-seat",
        "what was sent from a seat is told on that seat alone",
        "adapters/desk/samsyn_adapter_desk/sessions.py",
        "csrf = :csrf, note = null where",
        "csrf = :csrf where",
        (SIGN_IN,),
    ),
    Fault(
        "desk-readers-answer",
        "a question is on the list of those who may answer",
        f"{DOMAIN}/duties.py",
        'if may(seat, "answer"):',
        "if True:",
        (DUTIES,),
    ),
    Fault(
        "desk-place-in-a-sentence",
        "no sentence of a centre's view holds a place",
        f"{DOMAIN}/sentences.py",
        'named = {"name": card.code_name}',
        'named = {"name": f"{card.code_name} {[each.municipality for each in card.inspections]}"}',
        (f"{SENTENCES}::test_no_sentence_of_a_centres_view_holds_a_place",),
    ),
    Fault(
        "desk-page-nobody-looks-at",
        "a page that axe is not shown makes a test red",
        "adapters/desk/samsyn_adapter_desk/pages/texts.py",
        '@router.get("/words")',
        '@router.get("/words-of-all")\n@router.get("/words")',
        (f"{EVERY_PAGE}::test_every_page_that_the_application_has_is_walked",),
    ),
    Fault(
        "desk-sentence-with-one-name-twice",
        "axe is shown what stands in place of a page",
        "adapters/desk/samsyn_adapter_desk/templates/instead.html",
        '<p lang="{{ lang }}">',
        '<p lang="{{ lang }}" id="sentence">',
        (f"{EVERY_PAGE}::test_axe_finds_nothing_where_a_sentence_stands_instead_of_a_page",),
    ),
    Fault(
        "desk-departments-read-alike",
        "a department does not know of an operation in which it has no part",
        f"{DOMAIN}/departments.py",
        "if part.role in (None, self.role))",
        "if True)",
        (DEPARTMENTS,),
    ),
    Fault(
        "desk-site-of-another-department",
        "a department reads the site once it has accepted itself",
        f"{DOMAIN}/departments.py",
        'if any(part.status == "accepted" for part in own):',
        'if any(part.status == "accepted" for part in card.participants):',
        (DEPARTMENTS,),
    ),
    Fault(
        "desk-speaks-for-another-department",
        "no department speaks of what is another's",
        "adapters/desk/samsyn_adapter_desk/reading.py",
        "                return True\n",
        "                return False\n",
        ("tests/integration/desk/test_desk_rows.py::test_no_department_speaks_of_what_is_anothers",),
    ),
    Fault(
        "desk-loss-forgotten",
        "lost police can be taken back when their operation is postponed",
        f"{DOMAIN}/hearing_of_operations.py",
        'fresh.state in ("postponed", "cancelled") or ',
        "",
        (HEARING,),
    ),
)
