"""Faults of designated officers: one counts for two, one that is gone counts, the roster is louder than the police."""

from __future__ import annotations

from tests.plant.fault import Fault

OFFICERS = "services/planning/samsyn_planning/domain/officers.py"
TEST = "tests/unit/planning/service/test_planning_officers.py"

OF_OFFICERS = (
    Fault(
        "one-officer-counts-for-two",
        "the experience of a session is what two of its area's designated officers reach",
        OFFICERS,
        "return bands[needed - 1] if len(bands) >= needed else None",
        "return bands[0] if bands else None",
        (f"{TEST}::TestExperience::test_too_few_designated_officers_tell_nothing",),
    ),
    Fault(
        "a-retired-officer-counts",
        "a retired officer is there no more",
        OFFICERS,
        "(self.valid_to is None or day < self.valid_to)",
        "(self.valid_to is None or day <= self.valid_to)",
        (f"{TEST}::TestExperience::test_an_officer_is_there_from_the_first_day_on_and_not_on_the_day_of_retiring",),
    ),
    Fault(
        "the-roster-is-louder-than-the-session",
        "what the session itself says of its experience counts first",
        OFFICERS,
        "if offer.experience_band is not None or offer.area is None:",
        "if offer.area is None:",
        (f"{TEST}::TestExperience::test_what_the_session_itself_says_counts_first",),
    ),
    Fault(
        "everybody-designates",
        "the operational coordinator of the police alone designates officers",
        "adapters/desk/samsyn_adapter_desk/people.py",
        'frozenset({"read", "acknowledge", "cancel_police", "report_loss", "warn"})',
        'frozenset({"read", "acknowledge", "cancel_police", "report_loss", "warn", "designate"})',
        ("tests/unit/desk/test_officers.py::test_the_operational_coordinator_alone_designates",),
    ),
)
