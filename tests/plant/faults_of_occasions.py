"""Faults of which occasion is meant: a form left open while the plan moved that takes somebody off the new one."""

from __future__ import annotations

from tests.plant.fault import Fault

ANSWERS = "services/planning/samsyn_planning/domain/answers.py"
DESK = "adapters/desk/samsyn_adapter_desk/domain"
TEST_ANSWERS = "tests/unit/planning/service/test_planning_answers.py"
TEST_DESK = "tests/unit/desk"

OF_OCCASIONS = (
    Fault(
        "no-to-the-former-occasion",
        "a no to the session that was left takes nobody from the new one",
        ANSWERS,
        "if not isinstance(answer, OfPolice) and answer.session_id not in (None, part.session_id):",
        "if isinstance(answer, ParticipationAccepted) and answer.session_id != part.session_id:",
        (f"{TEST_ANSWERS}::test_a_no_to_the_former_session_takes_nobody_from_the_new_one",),
    ),
    Fault(
        "no-for-another-department",
        "a department answers for its own team alone",
        ANSWERS,
        "if is_of_another(part.party, envelope):",
        "if False:",
        (f"{TEST_ANSWERS}::test_a_department_answers_for_its_own_team_alone",),
    ),
    Fault(
        "loss-of-the-former-occasion",
        "a loss told by phone is of the session that the call was about",
        ANSWERS,
        "if reported.session_id not in (None, operation.session_id):",
        "if False:",
        (f"{TEST_ANSWERS}::test_a_loss_of_the_session_that_the_operation_has_left_is_none_of_its_new_one",),
    ),
    Fault(
        "form-about-no-occasion",
        "a form says which occasion it showed",
        f"{DESK}/forms_of_operations.py",
        'named = ("operation_id", "capacity_id", "session_id", "reason_code")',
        'named = ("operation_id", "capacity_id", "reason_code")',
        (f"{TEST_DESK}/test_forms.py::test_what_is_said_of_an_occasion_names_it_and_no_form_leaves_it_out",),
    ),
    Fault(
        "answered-for-another-occasion",
        "an answer to the former session leaves the question about the new one open",
        f"{DESK}/own_words.py",
        "if is_asked and answers_told.is_about(message, question.slot.session_id):",
        "if is_asked:",
        (f"{TEST_DESK}/test_own_words.py::TestAnswers",),
    ),
)
