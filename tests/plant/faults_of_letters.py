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
    Fault(
        "department-as-its-party",
        "a department is told its own part, not that of the other one",
        f"{NOTIFY}/news.py",
        "if capacities and self.parts:",
        "if capacities and not self.parts:",
        ("tests/unit/notify/test_departments.py",),
    ),
    Fault(
        "let-go-and-never-told",
        "that a function is let go is told though the plan changes again before the morning",
        f"{NOTIFY}/adapter.py",
        "but=self._unconcerned(found.news),",
        "but=[],",
        ("tests/unit/notify/test_departments.py",),
    ),
    Fault(
        "another-end-is-the-same-time",
        "a letter says that the time is the same only where the end is too",
        f"{NOTIFY}/news.py",
        "return self.before_at != self.start_at or has_other_end",
        "return self.before_at != self.start_at and has_other_end",
        ("tests/unit/notify/test_times_that_are_true.py",),
    ),
    Fault(
        "copies-make-former-times",
        "a deputy's letter that waits makes no former time of what was told to another",
        f"{NOTIFY}/store.py",
        " AND json_extract(told, '$.parent') IS NULL",
        "",
        ("tests/unit/notify/test_times_that_are_true.py",),
    ),
    Fault(
        "other-channel-makes-former-times",
        "a text message that waits makes no former time of what the mail has told",
        f"{NOTIFY}/notification.py",
        "unsent.get((function.function, channel))",
        'unsent.get((function.function, "sms")) or unsent.get((function.function, channel))',
        ("tests/unit/notify/test_times_that_are_true.py",),
    ),
    Fault(
        "loss-in-part-told-as-whole",
        "who has fewer police is not told to stay at home",
        f"{NOTIFY}/hearing.py",
        'is_partial=left == "some"',
        'is_partial=left == "all"',
        ("tests/unit/notify/test_loss_in_part.py",),
    ),
    Fault(
        "answered-loss-told-all-the-same",
        "a loss in part that a plan has answered is not told any more",
        f"{NOTIFY}/adapter.py",
        "for event_id in found.answered:",
        "for event_id in found.settled:",
        ("tests/unit/notify/test_loss_in_part.py",),
    ),
)
