"""A kernel's store keeps each column once in its best form, and of too many the best or none."""

import numpy as np
from samsyn_planning.domain.planner.engine.kept import SMALL, Kept, empty_store, place_for, raised

LOW = -1e9


def _offer(store: Kept, code: int, gain: float) -> int:
    """Offer a column and write its gain where it belongs, as the walk does."""
    place = place_for(store, np.uint64(code), gain)
    if place >= 0:
        store.gain[place] = gain
    return place


def _store(size: int, *gains: float) -> Kept:
    """A store with columns of these gains, their codes 1, 2 and so on."""
    store = empty_store(size, 1, 3)
    for code, gain in enumerate(gains, 1):
        _offer(store, code, gain)
    return store


def test_the_same_column_is_kept_once_in_its_best_form() -> None:
    store = _store(4, 10.0)

    assert [_offer(store, 1, gain) for gain in (9.0, 10.0, 11.0)] == [-1, -1, 0]
    assert (store.num[0], store.gain[0]) == (1, 11.0)


def test_columns_whose_codes_want_the_same_slot_are_told_apart() -> None:
    store = empty_store(4, 1, 3)
    codes = [3, 3 + len(store.slot), 3 + 2 * len(store.slot)]

    assert [_offer(store, code, 1.0) for code in codes] == [0, 1, 2]
    assert [_offer(store, code, 2.0) for code in codes] == [0, 1, 2]


def test_a_full_store_raises_the_threshold_to_its_weakest() -> None:
    assert raised(_store(3, 10.0, 5.0), LOW) == LOW
    assert raised(_store(3, 10.0, 5.0, 7.0), LOW) == 5.0
    assert raised(_store(3, 10.0, 5.0, 7.0), 6.0) == 6.0


def test_in_a_full_store_the_weakest_makes_room_for_what_beats_it_alone() -> None:
    store = _store(3, 10.0, 5.0, 7.0)

    assert [_offer(store, 4, 5.0), _offer(store, 5, 6.0)] == [-1, 1]
    assert sorted(store.gain) == [6.0, 7.0, 10.0]


def test_what_made_room_is_forgotten_and_the_others_are_still_known() -> None:
    store = _store(3, 10.0, 5.0, 7.0)
    _offer(store, 4, 6.0)

    assert [_offer(store, code, 8.0) for code in (1, 3, 2)] == [-1, 2, 1]


def test_a_store_that_must_hold_all_says_so_when_it_is_full() -> None:
    store = _store(SMALL + 1, *(1.0 for _ in range(SMALL + 1)))

    assert (_offer(store, 1000, 2.0), raised(store, LOW)) == (-2, LOW)
