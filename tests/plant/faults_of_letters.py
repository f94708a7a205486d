"""Faults of what stands in a letter, a calendar and a diary: true for the function that reads it, and the newest."""

from __future__ import annotations

from tests.plant.fault import Fault

NOTIFY = "adapters/notify/samsyn_adapter_notify"

OF_LETTERS = (
    Fault(
        "diary-entry-for-all-functions",
        "an entry of the diary's calendar is one function's own",
        f"{NOTIFY}/diary.py",
        "urn:samsyn:diary:{party}/{operation_id}/{function}",
        "urn:samsyn:diary:{operation_id}",
        ("tests/unit/notify/test_diary.py",),
    ),
    Fault(
        "number-that-was-told-anew",
        "on the call list a party's own word takes the place of what people have written of it",
        f"{NOTIFY}/call_list.py",
        "        if not _is_told(other, told):",
        "        if other.phone:",
        ("tests/unit/notify/test_call_list.py",),
    ),
    Fault(
        "unsure-without-end",
        "a mail that may have been taken is not sent again and again",
        f"{NOTIFY}/attempts.py",
        "return bool(row[0] <= MOST_ATTEMPTS)",
        "return bool(row[0] <= MOST_ATTEMPTS * 99)",
        ("tests/unit/notify/test_told_once.py",),
    ),
    Fault(
        "refused-invitation-issued",
        "an invitation that was refused has not been issued",
        f"{NOTIFY}/delivery.py",
        """            if state == "failed":
                self.store.unissue""",
        """            if state == "unsure":
                self.store.unissue""",
        ("tests/unit/notify/test_told_once.py",),
    ),
)
