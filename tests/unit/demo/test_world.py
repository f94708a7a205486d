"""The demo's world is as the issue wants it, and the same for the same arguments."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from samsyn_contracts.register import load_register
from samsyn_demo.capacity import near, overlapping_shifts
from samsyn_demo.input_error import DemoInputError
from samsyn_demo.places import CITY_OF_CENTRE, day_of, distance_km, is_red, local, municipalities, municipalities_of
from samsyn_demo.records import World
from samsyn_demo.world import build_world

SEEDS = (1, 2, 3)


@pytest.fixture(scope="module", params=SEEDS)
def world(request: pytest.FixtureRequest) -> World:
    return build_world(seed=request.param)


def test_four_weeks_have_sixty_police_sessions_and_150_sites(world: World) -> None:
    assert (len(world.passes), len(world.sites)) == (60, 150)


def test_each_week_has_fifteen_police_sessions(world: World) -> None:
    weeks = Counter((day_of(p.start_at) - date(2025, 5, 5)).days // 7 for p in world.passes)

    assert weeks == {0: 15, 1: 15, 2: 15, 3: 15}


def test_no_police_session_is_on_a_red_day(world: World) -> None:
    assert not [p for p in world.passes if is_red(day_of(p.start_at))]


def test_ascension_day_is_a_red_day_of_the_period() -> None:
    assert is_red(date(2025, 5, 29))


def test_police_sessions_last_four_to_eight_hours(world: World) -> None:
    assert {p.end_at - p.start_at for p in world.passes} <= {timedelta(hours=h) for h in range(4, 9)}


def test_police_sessions_are_based_in_the_centres_municipalities(world: World) -> None:
    assert {p.municipality for p in world.passes} <= {m.code for m in municipalities_of("akc-vast")}


def test_a_quarter_of_the_police_sessions_must_be_asked_for(world: World) -> None:
    assert sum(p.consent == "ask" for p in world.passes) == 15


def test_at_least_two_in_five_team_shifts_must_be_asked_for(world: World) -> None:
    assert sum(s.consent == "ask" for s in world.shifts) >= 0.4 * len(world.shifts)


def test_no_team_overlaps_itself(world: World) -> None:
    assert overlapping_shifts(world.shifts) == ()


def test_an_overlap_of_a_team_is_seen() -> None:
    shifts = build_world().shifts

    assert overlapping_shifts([*shifts, shifts[0]]) == ((shifts[0].shift_id, shifts[0].shift_id),)


def test_every_team_rests_eleven_hours_between_shifts(world: World) -> None:
    ends: dict[tuple[str, str], datetime] = {}
    for shift in world.shifts:
        earlier = ends.get((shift.agency, shift.team))
        assert earlier is None or shift.start_at - earlier >= timedelta(hours=11)
        ends[shift.agency, shift.team] = shift.end_at


def test_seven_agencies_send_teams(world: World) -> None:
    assert {s.agency for s in world.shifts} == {
        "arbetsformedlingen",
        "arbetsmiljoverket",
        "forsakringskassan",
        "kommun-goteborg",
        "lansstyrelsen-vastra-gotaland",
        "migrationsverket",
        "skatteverket",
    }


def test_shift_ids_are_unique_within_an_agency(world: World) -> None:
    assert len({(s.agency, s.shift_id) for s in world.shifts}) == len(world.shifts)


def test_only_the_county_board_brings_a_region_coordinator(world: World) -> None:
    assert {s.agency for s in world.shifts if "region_coordinator" in s.skills} == {"lansstyrelsen-vastra-gotaland"}


def test_every_police_session_finds_at_least_two_agencies(world: World) -> None:
    slack = timedelta(minutes=30)
    for p in world.passes:
        callable_shifts = [s for s in world.shifts if s.start_at <= p.start_at + slack and s.end_at >= p.end_at - slack]
        assert len({s.agency for s in callable_shifts}) >= 2, p.pass_id


def test_one_day_has_at_least_seven_police_sessions_near_the_city(world: World) -> None:
    close = {m.code for m in near("akc-vast")}

    assert max(Counter(day_of(p.start_at) for p in world.passes if p.municipality in close).values()) >= 7


def test_sites_lie_within_four_km_of_their_municipalitys_point(world: World) -> None:
    for site in world.sites:
        place = municipalities()[site.municipality]
        assert distance_km(site.lat, site.lon, place.lat, place.lon) <= 4.01


def test_a_municipality_wants_only_sites_of_its_own(world: World) -> None:
    assert {s.municipality for s in world.sites if s.agency == "kommun-goteborg"} == {"1480"}


def test_an_agency_with_roles_speaks_in_one_of_them(world: World) -> None:
    parties = load_register().by_code
    for site in world.sites:
        roles = {role.code for role in parties[site.agency].roles}
        assert site.role in roles if roles else site.role is None


def test_every_site_can_be_open_long_enough(world: World) -> None:
    for site in world.sites:
        assert any(end - start >= timedelta(minutes=site.duration_minutes) for start, end in site.windows)


def test_instants_are_utc(world: World) -> None:
    instants = [at for p in world.passes for at in (p.start_at, p.end_at)]
    instants += [at for s in world.sites for window in s.windows for at in window]

    assert {at.utcoffset() for at in instants} == {timedelta(0)}


def test_the_world_begins_a_week_before_at_eight_in_swedish_time(world: World) -> None:
    assert world.starts_at.isoformat() == "2025-04-28T06:00:00+00:00"


def test_the_world_ends_at_the_midnight_that_ends_the_last_week(world: World) -> None:
    assert world.ends_at == local(date(2025, 6, 1), 24)


def test_police_need_is_mixed_about_as_stated() -> None:
    needs = Counter(site.police_need for seed in range(1, 6) for site in build_world(seed=seed).sites)

    assert 0.5 < needs["required"] / needs.total() < 0.6
    assert 0.1 < needs["not_needed"] / needs.total() < 0.2


def test_the_same_seed_gives_the_same_world() -> None:
    assert build_world(seed=7) == build_world(seed=7)


def test_another_seed_gives_another_world() -> None:
    assert build_world(seed=7).passes != build_world(seed=8).passes


@pytest.mark.parametrize("centre", CITY_OF_CENTRE)
def test_every_centre_can_be_run(centre: str) -> None:
    world = build_world(centre, date(2024, 12, 16), weeks=3)

    assert len(world.passes) == 45
    assert not [p for p in world.passes if is_red(day_of(p.start_at))]


def test_the_centres_are_those_of_the_register() -> None:
    assert set(CITY_OF_CENTRE) == set(load_register().centres)


def test_a_centre_without_a_coordinator_has_no_site_with_exploitation_indicated() -> None:
    assert not [site for site in build_world("akc-nord").sites if site.exploitation_indicated]


def test_local_times_hold_across_the_change_to_summer_time() -> None:
    before, after = local(date(2025, 3, 29), 8), local(date(2025, 3, 31), 8)

    assert after - before == timedelta(hours=47)


def test_an_unknown_centre_is_answered_with_those_there_are() -> None:
    with pytest.raises(DemoInputError, match=r"--centre: there is no centre 'akc-west'. Choose one of akc-bergslagen"):
        build_world("akc-west")


def test_no_weeks_at_all_are_refused() -> None:
    with pytest.raises(DemoInputError, match="--weeks: 0 weeks cannot be run"):
        build_world(weeks=0)


def test_a_day_beyond_the_calendar_is_answered_with_its_range() -> None:
    with pytest.raises(DemoInputError, match="--from: the calendar of red days covers 2023-01-01 to 2028-12-31"):
        build_world(from_day=date(2031, 5, 5))


def test_two_centres_have_no_id_and_no_team_in_common() -> None:
    ids = [
        {*(p.pass_id for p in w.passes), *(s.shift_id for s in w.shifts), *(s.inspection_id for s in w.sites)}
        for w in (build_world("akc-vast"), build_world("akc-stockholm"))
    ]
    teams = [{(s.agency, s.team) for s in build_world(code).shifts} for code in ("akc-vast", "akc-stockholm")]

    assert ids[0] & ids[1] == set()
    assert teams[0] & teams[1] == set()
