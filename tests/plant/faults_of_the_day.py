"""Faults of the day itself and of how agencies connect: what is held, refused, given back, and kept apart."""

from __future__ import annotations

from tests.plant.fault import Fault

INSPECTION = "services/inspection/samsyn_inspection/domain"
PLANNING = "services/planning/samsyn_planning/domain"
STANDING = "services/exchange/samsyn_exchange/domain/standing.py"
HTTPS_LINE = "adapters/sdk/samsyn_adapter_sdk/https_line.py"
CITY = "adapters/kommun-goteborg/samsyn_adapter_kommun_goteborg/adapter.py"
TAX = "adapters/skatteverket/samsyn_adapter_skatteverket/translation.py"
UNIT = "tests/unit"

OF_THE_DAY = (
    Fault(
        "ends-while-held",
        "no operation ends while something said earlier is held",
        f"{INSPECTION}/course.py",
        "day.is_handed_in and not self._waiting",
        "day.is_handed_in",
        (f"{UNIT}/inspection/test_inspection_held.py",),
    ),
    Fault(
        "strangers-speak",
        "only who takes part says what happens on the spot",
        f"{INSPECTION}/judging.py",
        "return None if heard.party in plan.accepted else",
        "return None if True else",
        (f"{UNIT}/inspection/test_inspection_refused.py",),
    ),
    Fault(
        "sender-is-candidate",
        "a finding is placed for others",
        f"{INSPECTION}/sayings.py",
        " - {heard.party}",
        "",
        (f"{UNIT}/inspection/test_inspection_findings.py",),
    ),
    Fault(
        "given-back-is-done",
        "what an operation left undone is planned again",
        f"{PLANNING}/time.py",
        "if one.id not in self.operation.given_back and not one.is_done]",
        "if not one.is_done]",
        (f"{UNIT}/planning/service/test_planning_on_the_spot.py",),
    ),
    Fault(
        "older-state-shown",
        "state is the newest event per thing",
        STANDING,
        "numbers[0] < numbers[1]",
        "False",
        (f"{UNIT}/exchange/test_exchange_standing.py",),
    ),
    Fault(
        "unsettled-taken-for-an-answer",
        "P1: what the exchange could not settle is said again",
        HTTPS_LINE,
        " if _is_settled(told)",
        "",
        (f"{UNIT}/adapters/test_saying_over_https.py",),
    ),
    Fault(
        "departments-mixed",
        "what concerns one department of a city is told to that one",
        CITY,
        "if len(found) != 1:",
        "if not found:",
        (f"{UNIT}/adapters/test_city_departments.py",),
    ),
    Fault(
        "personal-number-in-clear",
        "P5: a personal number never stands in an event",
        TAX,
        ' or named["organisation_number"][2:3] in _THIRD_DIGIT_OF_A_PERSON',
        "",
        (f"{UNIT}/adapters/test_tax_agency_translation.py",),
    ),
)
