"""Site information, briefings and check-ins at the desk: what is asked, told, shown, and taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from samsyn_adapter_desk.domain.cards_of_operations import OperationCard, SiteRequestCard
from samsyn_adapter_desk.domain.duties import Duty, Knowledge, duties
from samsyn_adapter_desk.domain.every_form import FORMS
from samsyn_adapter_desk.domain.forms import Asked, Draft, FormError, draft
from samsyn_adapter_desk.domain.own_words import needs_of, say
from samsyn_adapter_desk.domain.refusals import refuse
from samsyn_adapter_desk.people import Seat
from samsyn_contracts.operations import OperationRescheduled
from samsyn_contracts.site_information import (
    BriefingPublished,
    ParticipantCheckedIn,
    SiteInformationCompleted,
    SiteInformationProvided,
    SiteInformationRequested,
)

from tests.unit.desk.told import (
    CENTRE,
    ENGLISH,
    NOW,
    OPERATION,
    OTHER,
    OWN,
    PARTS,
    SWEDISH,
    a_slot,
    a_told,
    after,
    an_envelope,
    an_operation,
    by_name,
    known,
    the,
)

WISH = f"{OWN}:wish-1"
SITES = ({"inspection_id": WISH, "sections": ("access", "dwelling")},)
START = an_operation().slot.start_at


def a_request(**changed: Any) -> SiteRequestCard:
    own = {"centre": CENTRE, "at": NOW + timedelta(hours=2), "operation_id": OPERATION, "code_name": "Granit"}
    return SiteRequestCard.model_validate({**own, "slot": a_slot(), "sites": SITES, **changed})


def an_answer(section: str = "access") -> SiteInformationProvided:
    return SiteInformationProvided(
        operation_id=OPERATION,
        inspection_id=WISH,
        agency=OWN,
        section=section,
        as_of=NOW,
        answer="nothing_known",
    )


def a_briefing(version: int = 1) -> BriefingPublished:
    return a_told(
        BriefingPublished,
        version=version,
        information_needs=({"agency": OWN, "sections": ("dwelling",)},),
        checklist_codes=("lead",),
    )


def a_check_in(agency: str = OTHER, **changed: Any) -> ParticipantCheckedIn:
    return a_told(ParticipantCheckedIn, agency=agency, head_count=3, **changed)


def filled_in(name: str, **values: str) -> Draft:
    told = {"operation_id": OPERATION, "inspection_id": WISH, "plan_version": "4", **values}
    return draft(FORMS[name], told, Asked(OWN, CENTRE, "samordnare", NOW, "once-1"))


def sites_of(*asked: SiteRequestCard, now: datetime = NOW, role: Any = "agency_coordinator", **more: Any) -> list[Duty]:
    known = Knowledge(sites=asked, **more)
    return [one for one in duties(Seat(OWN, role, "samordnare"), known, now) if one.kind == "site"]


class TestForms:
    def test_what_is_known_is_kept_as_contents_and_the_message_only_refers_to_it(self) -> None:
        made = filled_in("site_information", section="dwelling", answer="known", text="En familj bor där.")

        assert isinstance(made.message, SiteInformationProvided)
        assert made.message.agency == OWN
        assert [(kept.ref, kept.about) for kept in made.contents] == [(made.message.content_ref, OPERATION)]
        assert b"familj" not in made.message.body()

    def test_who_knows_nothing_keeps_nothing(self) -> None:
        made = filled_in("site_information", section="dwelling", answer="nothing_known", text="bortglömt")

        assert isinstance(made.message, SiteInformationProvided)
        assert (made.message.content_ref, made.contents) == (None, ())

    def test_who_knows_something_is_asked_for_it(self) -> None:
        with pytest.raises(FormError) as error:
            filled_in("site_information", section="dwelling", answer="known")
        assert [fault.field for fault in error.value.faults] == ["text"]

    def test_a_check_in_is_the_seats_own_partys(self) -> None:
        made = filled_in("check_in", head_count="4", agency=OTHER)

        assert made.message == a_check_in(OWN).model_copy(update={"head_count": 4})

    @pytest.mark.parametrize("head_count", ["", "0", "101", "många"])
    def test_how_many_have_come_is_a_number_of_people(self, head_count: str) -> None:
        with pytest.raises(FormError) as error:
            filled_in("check_in", head_count=head_count)
        assert [fault.field for fault in error.value.faults] == ["head_count"]

    def test_a_lesson_goes_with_the_evaluation(self) -> None:
        scores = {"preparation": "3", "cooperation": "4", "outcome": "5"}

        assert b'"lesson_codes":["too_few"]' in filled_in("evaluate", lesson="too_few", **scores).message.body()
        assert b"lesson_codes" in filled_in("evaluate", **scores).message.body()


class TestRequests:
    def test_what_is_asked_is_a_card_until_each_section_is_answered(self) -> None:
        asked = a_told(SiteInformationRequested, agency=OWN, due_at=NOW, purpose="plan", sites=SITES)
        card = the(SiteRequestCard, after(asked))
        assert (card.status, card.missing) == ("open", asked.sites)

        for section in ("access", "dwelling"):
            answer = an_answer(section)
            assert needs_of(answer, an_envelope()).operation_id == OPERATION
            card = the(SiteRequestCard, by_name(say(answer, an_envelope(section), known(card))))

        assert card.status == "answered"

    def test_an_answer_that_is_refused_is_missing_again(self) -> None:
        card = a_request(answered={f"{WISH}|access": "e1", f"{WISH}|dwelling": "e2"})

        again = refuse(card, "e2")

        assert isinstance(again, SiteRequestCard)
        assert [site.sections for site in again.missing] == [("dwelling",)]

    def test_asked_anew_what_was_answered_stays_answered(self) -> None:
        sites = ({"inspection_id": WISH, "sections": ("access", "languages")},)
        asked = a_told(SiteInformationRequested, agency=OWN, due_at=NOW, purpose="plan", sites=sites)

        card = the(SiteRequestCard, after(asked, a_request(answered={f"{WISH}|access": "e1"})))

        assert [site.sections for site in card.missing] == [("languages",)]

    def test_a_request_that_is_taken_back_needs_nobody(self) -> None:
        back = a_told(SiteInformationRequested, agency=OWN, due_at=NOW, purpose="plan", sites=(), slot=None)

        card = the(SiteRequestCard, after(back, a_request()))

        assert (card.slot, card.missing, sites_of(card)) == (None, (), [])


class TestDuties:
    def test_what_is_missing_needs_those_who_declare(self) -> None:
        roles = ("agency_coordinator", "operational_coordinator", "region_coordinator")
        assert all(sites_of(a_request(), role=role) for role in roles)
        assert sites_of(a_request(), role="duty_officer") == sites_of(a_request(), role="reader") == []

    def test_it_is_due_when_it_was_asked_for_and_late_by_the_day_itself(self) -> None:
        late = a_request(at=NOW - timedelta(hours=1))

        assert [one.due_at for one in sites_of(a_request(), late)] == [NOW + timedelta(hours=2), START]

    def test_whom_no_time_is_told_is_asked_until_the_day_must_have_come(self) -> None:
        untold, latest = a_request(slot=None), a_request().at + timedelta(days=5)

        assert [one.due_at for one in sites_of(untold)] == [untold.at]
        assert [one.due_at for one in sites_of(untold, now=latest - timedelta(hours=1))] == [latest]
        assert sites_of(untold, now=latest) == []

    def test_nothing_is_asked_once_the_day_has_come_or_the_operation_is_off(self) -> None:
        assert sites_of(a_request(), now=START) == []
        assert sites_of(a_request(), operations=(an_operation(state="postponed"),)) == []


class TestOperation:
    def test_who_has_come_is_shown_and_taken_back_if_it_was_refused(self) -> None:
        card = the(OperationCard, after(a_check_in(), an_operation(), event_id="e7"))
        assert card.checked_in[OTHER].head_count == 3

        again = refuse(card, "e7")

        assert isinstance(again, OperationCard)
        assert again.checked_in == {}

    def test_the_newest_briefing_and_account_stand(self) -> None:
        card = the(OperationCard, after(a_briefing(2), an_operation()))
        assert after(a_briefing(1), card) == {}

        account = a_told(SiteInformationCompleted, version=1, completeness=50)
        card = the(OperationCard, after(account, card))

        assert card.briefing is not None
        assert card.account is not None
        assert (card.briefing.version, card.account.completeness) == (2, 50)

    def test_a_move_to_another_session_keeps_the_account_and_not_the_briefing_or_who_had_come(self) -> None:
        come = {OTHER: {"event_id": "e7", "at": NOW, "head_count": 3}}
        account = a_told(SiteInformationCompleted, version=1, completeness=50)
        card = an_operation(checked_in=come, briefing=a_briefing(), account=account)
        moved = a_told(OperationRescheduled, plan_version=5, to_slot=a_slot("p2"), participants=PARTS)

        after_move = the(OperationCard, after(moved, card))

        assert after_move.checked_in == {}
        assert (after_move.account, after_move.briefing) == (account, None)


def test_sections_points_and_lessons_are_told_in_both_languages() -> None:
    assert (SWEDISH.section("safety"), ENGLISH.section("safety")) == ("säkerhetsrisker", "safety risks")
    assert SWEDISH.checklist("lead") != ENGLISH.checklist("lead")
    assert ENGLISH.lesson("too_few") == "we were too few"
