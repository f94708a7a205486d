"""The message log's chain shows every kind of tampering but a cut tail, which the signed roots are for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from samsyn_exchange.domain.chain import START, Entry, appended, canonical_headers, first_broken, linked

SAID = [(f'[["ce_id","e-{n}"]]', f'{{"n":{n}}}'.encode()) for n in range(1, 6)]


def a_chain() -> list[Entry]:
    return list(appended(0, START, SAID))


def test_an_untouched_chain_is_whole() -> None:
    assert first_broken(a_chain()) is None


def test_a_chain_goes_on_where_it_ended() -> None:
    first = appended(0, START, SAID[:2])

    assert [*first, *appended(first[-1].number, first[-1].hash, SAID[2:])] == a_chain()


@pytest.mark.parametrize(
    "tamper",
    [
        pytest.param(lambda c: c.__setitem__(2, replace(c[2], body=b'{"n":9}')), id="a body edited"),
        pytest.param(lambda c: c.__setitem__(2, replace(c[2], headers="[]")), id="headers edited"),
        pytest.param(lambda c: c.__setitem__(2, replace(c[2], hash=bytes(32))), id="a hash edited"),
        pytest.param(lambda c: c.pop(2), id="an entry deleted"),
        pytest.param(lambda c: c.insert(2, c[0]), id="an entry inserted"),
        pytest.param(lambda c: c.insert(2, c.pop(3)), id="two entries swapped"),
    ],
)
def test_tampering_shows_at_the_entry_it_was_done_to(tamper: Callable[[list[Entry]], None]) -> None:
    chain = a_chain()

    tamper(chain)

    assert first_broken(chain) == 3


def test_an_entry_rewritten_with_a_hash_that_fits_shows_at_the_next_one() -> None:
    chain = a_chain()

    forged = b'{"n":9}'
    fitting = linked(chain[1].hash, chain[2].headers, forged)
    chain[2] = replace(chain[2], body=forged, hash=fitting)

    assert first_broken(chain) == 4


def test_text_cannot_be_moved_between_headers_and_body() -> None:
    assert linked(START, "[]", b'{"a":1}') != linked(START, '[]{"a":1', b"}")


def test_headers_have_one_form() -> None:
    assert canonical_headers([("ce_id", b"\xc3\xa5")]) == '[["ce_id","å"]]'
