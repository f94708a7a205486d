"""Sites and companies are counted apart from the inspections of them, each once."""

from __future__ import annotations

import pytest
from samsyn_contracts.message import Message
from samsyn_reporting.domain.ledger import Totals

from tests.support.told_days import OTHER_REF, REF, proposed
from tests.support.told_operations import INSPECTIONS, START_AT, cancelled, postponed, rescheduled, scheduled
from tests.unit.reporting.heard import a_loss, heard, heard_in_order, ledger_from, totals_of

FIRST, SECOND = INSPECTIONS
OTHER_SITE = "skatteverket:site-9"


def planned(*proposals: Message) -> Totals:
    return totals_of(*proposals, scheduled())


def test_two_inspections_of_one_site_are_one_site() -> None:
    totals = planned(proposed(FIRST), proposed(SECOND))

    assert (totals.inspections.planned, totals.sites.planned) == (2, 1)


def test_two_sites_of_one_organisation_number_are_one_company() -> None:
    totals = planned(
        proposed(FIRST, organisation_number="459871-2349"),
        proposed(SECOND, site_id=OTHER_SITE, organisation_number="4598712349"),
    )

    assert (totals.sites.planned, totals.companies.planned, totals.companies_by_site) == (2, 1, 0)


@pytest.mark.parametrize(("reference", "num_companies"), [(REF, 1), (OTHER_REF, 2)])
def test_a_sole_trader_is_told_apart_by_the_reference_to_the_identity(reference: str, num_companies: int) -> None:
    totals = planned(proposed(FIRST, identity_ref=REF), proposed(SECOND, site_id=OTHER_SITE, identity_ref=reference))

    assert (totals.companies.planned, totals.companies_by_site) == (num_companies, 0)


def test_a_company_without_number_is_told_apart_by_its_site_and_that_is_said() -> None:
    totals = planned(proposed(FIRST), proposed(SECOND, organisation_number="459871-2349"))

    assert (totals.companies.planned, totals.companies_by_site) == (2, 1)


def test_an_inspection_whose_proposal_is_not_known_is_a_site_of_its_own_and_that_is_said() -> None:
    totals = planned(proposed(FIRST))

    assert (totals.sites.planned, totals.companies.planned, totals.inspections_without_site) == (2, 2, 1)


def test_the_newest_proposal_of_an_inspection_tells_its_site() -> None:
    newest = heard(proposed(FIRST, site_id=OTHER_SITE), "p2", sequence=2)
    older = heard(proposed(FIRST), "p1", sequence=1, at=START_AT)
    second = heard(proposed(SECOND, site_id=OTHER_SITE), "p3")

    found = ledger_from([newest, older, second, *heard_in_order(scheduled())]).totals

    assert found.sites.planned == 1


def test_a_site_is_rescued_when_one_of_its_inspections_was() -> None:
    sites = totals_of(
        proposed(FIRST), proposed(SECOND), scheduled(), rescheduled(step="smaller", inspections=[SECOND])
    ).sites

    assert (sites.hit, sites.rescued, sites.lost) == (1, {"smaller": 1}, 0)


def test_a_site_is_lost_when_none_of_its_inspections_was_rescued() -> None:
    sites = totals_of(proposed(FIRST), proposed(SECOND), scheduled(), cancelled()).sites

    assert (sites.hit, sites.rescued, sites.lost) == (1, {}, 1)


def test_a_company_waits_when_one_inspection_waits_and_none_was_rescued() -> None:
    other = "op:polisen:P9"
    told = heard_in_order(
        proposed(FIRST, organisation_number="459871-2349"),
        proposed(SECOND, site_id=OTHER_SITE, organisation_number="459871-2349"),
        scheduled(inspections=[FIRST]),
        scheduled(other, inspections=[SECOND]),
        postponed(),
        cancelled(other),
    )

    companies = ledger_from([a_loss(), *told]).totals.companies

    assert (companies.hit, companies.waiting, companies.lost) == (1, 1, 0)


def test_a_site_is_rescued_by_the_step_of_its_inspection_that_was_hit_last() -> None:
    other = "op:polisen:P9"
    told = heard_in_order(
        proposed(FIRST),
        proposed(SECOND),
        scheduled(inspections=[FIRST]),
        scheduled(other, inspections=[SECOND]),
        rescheduled(step="smaller", inspections=[FIRST], causes=["a"]),
        rescheduled(other, version=3, step="grown", inspections=[SECOND], causes=["a"]),
        rescheduled(version=4, step="team_changed", inspections=[FIRST], causes=["b"]),
    )

    assert ledger_from([a_loss("a"), a_loss("b"), *told]).totals.sites.rescued == {"team_changed": 1}
