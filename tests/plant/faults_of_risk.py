"""Faults of telling the risk that police are lost: to others, too often, or as if nothing were ever over."""

from __future__ import annotations

from tests.plant.fault import Fault

PLANNING = "services/planning/samsyn_planning/domain"
RULES = "services/exchange/samsyn_exchange/disclosure_rules.json"
TEST = "tests/unit/planning/service/test_assessed_risk.py"
TEST_DISTURBANCES = "tests/unit/planning/service/test_planning_disturbances.py"
TEST_TOLD = "tests/unit/exchange/test_exchange_disclosure.py"

OF_RISK = (
    Fault(
        "risk-told-to-participants",
        "the risk of losing the police is told to the centre alone",
        RULES,
        '"type": "CancellationRiskAssessed", "to": "centre"',
        '"type": "CancellationRiskAssessed", "to": "known_participants"',
        (
            f"{TEST_TOLD}::test_the_risk_of_losing_the_police_is_told_to_the_centre_alone_and_the_end_of_a_disturbance_"
            "to_nobody",
        ),
    ),
    Fault(
        "disturbance-never-over",
        "a disturbance that is over, or was expected to be, lifts no risk",
        f"{PLANNING}/facts.py",
        "return self.over_at is not None and self.over_at <= now",
        "return False",
        (
            f"{TEST}::test_when_it_is_over_the_risk_is_told_to_have_fallen",
            f"{TEST_DISTURBANCES}::test_it_is_over_when_its_end_is_told_else_when_it_was_expected_to_be",
        ),
    ),
    Fault(
        "disturbance-ended-and-back",
        "what was told to have ended has ended, in whatever order it is told",
        f"{PLANNING}/disturbances.py",
        "ended_at=None if known is None else known.ended_at,",
        "ended_at=None,",
        (f"{TEST_DISTURBANCES}::test_an_end_told_first_holds_when_the_disturbance_is_told",),
    ),
    Fault(
        "risk-told-at-every-change",
        "a risk is told anew only where it changes by 50 per mille",
        f"{PLANNING}/assessed_risk.py",
        "- before) >= WORTH_TELLING_PERMILLE",
        "- before) >= 0",
        (
            f"{TEST}::test_a_risk_told_once_is_not_told_again_until_it_changes_by_50_per_mille",
            f"{TEST}::test_what_happens_nearby_is_told_where_it_lifts_the_risk",
        ),
    ),
)
