"""Faults of the call list: told beyond its centre, a number that nobody answers, another's secrets read."""

from __future__ import annotations

from tests.plant.fault import Fault

CONTACTS = "adapters/desk/samsyn_adapter_desk/domain/contacts.py"
TEST = "tests/unit/desk/test_contacts.py"

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
)
