"""What the table of bases says, cell by cell, and that a table that cannot be is refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from samsyn_contracts.register import category_names
from samsyn_exchange.domain.admission import local_day
from samsyn_exchange.domain.bases import Basis, BasisTable, Shared, Verdict, Withheld, judged

from tests.unit.exchange.judging import (
    AGENCIES,
    AV,
    BASES,
    GBG,
    POLICE,
    PURPOSES,
    REGISTER,
    SKV,
    SPRING_2026,
    a_basis,
    a_matter,
    an_assessment,
    told,
    verdict,
)

THE_NINE = [party.code for party in REGISTER.parties if party.kind in ("state", "law_enforcement")]
ORDINARY = [code for code in category_names() if code not in ("labour_exploitation", "site_identity")]


class TestTheTable:
    """What bases.json says, cell by cell; illustrative until lawyers have signed."""

    @pytest.mark.parametrize(
        ("sender", "receiver", "category", "first_day", "basis"),
        [
            (SKV, AV, "tax", "2024-07-01", "b01"),
            (POLICE, SKV, "other", "2024-07-01", "b01"),
            (AV, "jamstalldhetsmyndigheten", "work_environment", "2024-07-01", "b01"),
            (GBG, POLICE, "food_safety", "2025-04-01", "b03"),
            (GBG, SKV, "licensing", "2025-12-01", "b06"),
            (AV, GBG, "work_environment", "2025-12-01", "b07"),
            (AV, GBG, "food_safety", "2025-12-01", "b07"),
        ],
    )
    def test_a_rule_holds_from_its_day_and_not_the_day_before(
        self, sender: str, receiver: str, category: str, first_day: str, basis: str
    ) -> None:
        midnight = datetime.fromisoformat(f"{first_day}T00:00:00+02:00")
        matter = a_matter(sender, category)
        yes = an_assessment(receiver, sender, category=category)

        before = verdict(yes, receiver=receiver, matter=matter, at=midnight - timedelta(hours=2))
        on_the_day = verdict(yes, receiver=receiver, matter=matter, at=midnight + timedelta(hours=2))

        assert before == Withheld(receiver, "no_basis")
        assert isinstance(on_the_day, Shared)
        assert on_the_day.basis.id == basis

    @pytest.mark.parametrize("category", ["tax", "staff_ledger", "benefit", "wage_subsidy", "residence_permit"])
    def test_what_the_state_may_not_tell_a_municipality_is_denied_and_the_municipality_told_whom_to_ask(
        self, category: str
    ) -> None:
        one = verdict(an_assessment(GBG, category=category), receiver=GBG, matter=a_matter(category=category))

        assert isinstance(one, Withheld)
        assert one.reason == "denied"
        assert one.basis is not None
        assert (one.basis.tell_receiver, one.basis.contact_function) == (True, "secrecy_contact")

    @pytest.mark.parametrize("sender", [*AGENCIES])
    @pytest.mark.parametrize("receiver", [*AGENCIES])
    def test_labour_exploitation_is_shared_with_nobody_and_no_receiver_is_told(
        self, sender: str, receiver: str
    ) -> None:
        matter = a_matter(sender, "labour_exploitation")
        yes = an_assessment(receiver, sender, category="labour_exploitation")

        for one in judged(matter, [receiver], BASES, [yes], REGISTER, SPRING_2026):
            assert isinstance(one, Withheld)
            assert one.basis is None or not one.basis.tell_receiver

    def test_a_municipality_is_told_of_nothing_but_what_a_rule_denies_it_openly(self) -> None:
        assert {basis.id for basis in BASES if basis.tell_receiver} == {"b04"}

    def test_no_rule_allows_secret_data_without_an_assessment(self) -> None:
        assert {basis.outcome for basis in BASES} == {"weigh", "deny"}

    def test_what_is_only_proposed_is_flagged(self) -> None:
        assert {basis.id for basis in BASES if basis.is_proposed} == {"b06", "b07"}

    def test_who_runs_a_site_is_told_among_the_nine_for_planning_alone(self) -> None:
        yes = [an_assessment(AV, purpose=purpose, category="site_identity") for purpose in PURPOSES]
        of_plan = a_matter(category="site_identity", purposes=("plan",), finding_id=None)
        of_finding = a_matter(category="site_identity")

        assert told(verdict(*yes, matter=of_plan)) == "shared"
        assert told(verdict(*yes, matter=of_finding)) == "no_basis"
        assert told(verdict(an_assessment(GBG, category="site_identity"), receiver=GBG, matter=of_plan)) == "no_basis"


class TestReading:
    """A table that says what cannot be is refused when it is read."""

    @pytest.mark.parametrize(
        "changed",
        [
            {"outcome": "allow"},
            {"categories": []},
            {"purposes": []},
            {"purposes": ["report"]},
            {"senders": {}},
            {"receivers": {"kinds": ["centre"]}},
            {"valid_to": "2022-05-31"},
            {"tell_receiver": True},
            {"surplus": 1},
        ],
    )
    def test_a_row_that_cannot_be_is_refused(self, changed: dict[str, Any]) -> None:
        assert a_basis()
        with pytest.raises(ValidationError):
            a_basis(**changed)

    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            ({"categories": ["moonshine"]}, "categories .* not in the register: moonshine"),
            ({"senders": {"parties": ["nobody-known"]}}, "parties .* not in the register: nobody-known"),
            ({"id": "b01"}, "each basis has an id of its own"),
        ],
    )
    def test_a_table_that_names_what_is_not_there_is_refused(self, changed: dict[str, Any], why: str) -> None:
        table = json.loads(files("samsyn_exchange").joinpath("bases.json").read_text("utf-8"))
        table["bases"].append(table["bases"][0] | {"id": "b99"} | changed)

        with pytest.raises(ValidationError, match=why):
            BasisTable.model_validate_json(json.dumps(table))

    def test_every_ordinary_category_is_written_out(self) -> None:
        (first, *_) = BASES

        assert set(first.categories) == set(ORDINARY)


CELLS = st.fixed_dictionaries(
    {
        "sender": st.sampled_from(AGENCIES),
        "receiver": st.sampled_from([party.code for party in REGISTER.parties]),
        "category": st.sampled_from([*category_names(), "moonshine"]),
        "purpose": st.sampled_from(PURPOSES),
        "assessed": st.sampled_from([None, "not_secret", "no_harm", "weighed", "deny"]),
        "at": st.integers(0, 555 * 24).map(lambda hours: datetime(2024, 6, 28, tzinfo=UTC) + timedelta(hours=hours)),
    }
)


@given(cell=CELLS, gone=st.sampled_from([basis.id for basis in BASES]))
def test_in_every_cell_only_a_yes_of_the_sender_under_a_rule_in_force_shares(cell: dict[str, Any], gone: str) -> None:
    sender, receiver, category = cell["sender"], cell["receiver"], cell["category"]
    matter = a_matter(sender, category, purposes=PURPOSES)
    assessed = cell["assessed"]
    mine = {"category": category, "purpose": cell["purpose"], "outcome": assessed}
    assessments = [an_assessment(receiver, sender, **mine)] if assessed else []

    def by(bases: Sequence[Basis]) -> tuple[Verdict, ...]:
        return judged(matter, [receiver], bases, assessments, REGISTER, cell["at"])

    for one in by(BASES):
        if isinstance(one, Shared):
            assert assessed in ("not_secret", "no_harm", "weighed")
            assert one.basis.valid_from <= local_day(cell["at"])
            assert receiver in AGENCIES
            assert one.assessment_id is not None
    # Without a rule exactly its own disclosures are gone, unless another rule allows them too.
    without = by([basis for basis in BASES if basis.id != gone])
    if by(BASES) != without:
        assert any(one.basis is not None and one.basis.id == gone for one in by(BASES))


@given(cell=CELLS)
def test_neither_state_nor_police_share_with_a_municipality_before_the_general_rule(cell: dict[str, Any]) -> None:
    if cell["at"] < datetime(2025, 11, 30, tzinfo=UTC) and cell["sender"] in THE_NINE:
        yes = an_assessment(GBG, cell["sender"], category=cell["category"], purpose=cell["purpose"])
        matter = a_matter(cell["sender"], cell["category"], purposes=PURPOSES)

        assert told(verdict(yes, receiver=GBG, matter=matter, at=cell["at"])) != "shared"
