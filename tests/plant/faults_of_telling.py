"""Faults of what people are told, by whom nothing is seen but a letter: when, once, and only what is true."""

from __future__ import annotations

from tests.plant.fault import Fault

NOTIFY = "adapters/notify/samsyn_adapter_notify"
MOVED_AWAY = "tests/unit/notify/test_moved_away.py"
BEFORE_DUE = "tests/unit/notify/test_before_the_answer_is_due.py"
ELSEWHERE = "tests/unit/notify/test_acknowledged_elsewhere.py"
OFF = "tests/unit/notify/test_off_and_not_seen.py"
ONE_VERSION = "tests/unit/notify/test_one_version.py"

OF_TELLING = (
    Fault(
        "soon-by-the-new-start-alone",
        "who would have come within a day is told at once, wherever it has moved",
        f"{NOTIFY}/rules.py",
        "at = soonest(news.start_at, news.before_at, news.at)",
        "at = news.start_at",
        (MOVED_AWAY,),
    ),
    Fault(
        "former-start-forgotten-in-a-burst",
        "of two changes in a row the one letter tells the start that people know",
        f"{NOTIFY}/notification.py",
        "unsent.get((function.function, channel))",
        "None",
        (MOVED_AWAY,),
    ),
    Fault(
        "scheduled-told-after-confirmed",
        "of what one version of a plan says a function is told the last word alone",
        f"{NOTIFY}/adapter.py",
        "if self.store.plan(told) and told.tells_plan:",
        "if self.store.plan(told) and told.is_question:",
        (ONE_VERSION,),
    ),
    Fault(
        "reminded-though-acknowledged",
        "who has acknowledged on the desk is neither reminded nor escalated",
        f"{NOTIFY}/passing.py",
        "standing.acknowledged.get(told.thing, 0) >= told.plan_version",
        "standing.acknowledged.get(told.thing, 0) > told.plan_version",
        (ELSEWHERE,),
    ),
    Fault(
        "others-acknowledgements-told",
        "a party is told what it has acknowledged itself, and nobody else's",
        "services/exchange/samsyn_exchange/domain/operations.py",
        "dict(operation.acknowledged).get(party) for operation in operations",
        "max(dict(operation.acknowledged).values(), default=None) for operation in operations",
        ("tests/unit/exchange/test_exchange_acknowledgements.py",),
    ),
    Fault(
        "question-reminded-of-when-it-has-lapsed",
        "a question is reminded of, and its deputy told, while it can still be answered",
        f"{NOTIFY}/notification.py",
        "min(wanted, now + (answer_by - now) / 2)",
        "min(wanted, answer_by)",
        (BEFORE_DUE,),
    ),
    Fault(
        "centre-deaf-to-who-comes-in-vain",
        "the centre hears who has not seen that an operation of today is off",
        f"{NOTIFY}/adapter.py",
        'news.part not in ("booked", "released")',
        'news.part != "booked"',
        (OFF,),
    ),
    Fault(
        "unanswered-though-taking-part",
        "the centre is not told that who takes part has not answered",
        f"{NOTIFY}/hearing.py",
        "if not is_asked or envelope.party in known.parties:",
        "if not is_asked:",
        (BEFORE_DUE,),
    ),
    Fault(
        "let-go-and-not-heard",
        "who is let go may acknowledge that, and the centre hears it",
        "services/exchange/samsyn_exchange/domain/operations.py",
        "return tuple(sorted({**dict.fromkeys(let_go, 0), **seen}.items()))",
        "return tuple(sorted(seen.items()))",
        ("tests/unit/exchange/test_exchange_acknowledgements.py",),
    ),
)
