"""Faults of the call list and of roles: told beyond their centre, a number that nobody answers, another's word."""

from __future__ import annotations

from tests.plant.fault import Fault

CONTACTS = "adapters/desk/samsyn_adapter_desk/domain/contacts.py"
TEST = "tests/unit/desk/test_contacts.py"
TEST_ROLES = "tests/unit/desk/test_roles.py"

OF_CALLING = (
    Fault(
        "calling-what-is-gone",
        "a function that is gone, or told to another centre, is not called",
        CONTACTS,
        'if c.centre == operation.centre and c.status == "reached"}',
        "}",
        (f"{TEST}::test_what_is_gone_or_told_to_another_centre_is_not_called",),
    ),
    Fault(
        "calling-who-has-not-seen",
        "the centre alone reads who has seen the newest change",
        CONTACTS,
        "seen = _seen(operation) if reader == operation.centre else {}",
        "seen = _seen(operation)",
        (f"{TEST}::test_the_centre_alone_reads_who_has_seen_the_newest_change",),
    ),
    Fault(
        "calling-another-agencys-function",
        "an agency tells of its own functions alone",
        "contracts/samsyn_contracts/contact_points.py",
        'if self.function_id.partition(":")[0] != self.agency:',
        "if False:",
        ("tests/contract/test_contact_points.py",),
    ),
    Fault(
        "calling-with-roles-of-another-centre",
        "what a role is for is shown in the centre that it was told to",
        CONTACTS,
        'there = [one for one in roles if one.centre == centre and one.status == "defined" and one.agency in order]',
        "there = [one for one in roles if one.agency in order]",
        (
            f"{TEST_ROLES}::test_beside_a_call_list_stand_the_roles_of_who_is_on_it_in_its_order",
            f"{TEST_ROLES}::test_an_own_word_that_is_refused_is_shown_no_more",
        ),
    ),
    Fault(
        "defining-another-departments-role",
        "a department tells what it is for, and no other",
        "services/exchange/samsyn_exchange/domain/admission.py",
        "if envelope.actorrole not in (None, defined.role_code):",
        "if False:",
        (
            "tests/unit/exchange/test_exchange_admission.py::test_a_party_with_roles_tells_what_each_is_for_in_that_role",
        ),
    ),
)
