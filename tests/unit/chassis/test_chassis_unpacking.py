"""Compressed batches are unpacked to what they were, and no further than a bound."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import aiokafka.codec
import pytest
from aiokafka.record import default_records
from aiokafka.record._crecords import default_records as compiled_records
from samsyn_chassis.unpacking import MOST_UNPACKED, TooLargeError, bound_decoding

Pack = Callable[[bytes], bytes]
PACKS: dict[str, Pack] = {
    "gzip": aiokafka.codec.gzip_encode,
    "snappy": aiokafka.codec.snappy_encode,
    "lz4": aiokafka.codec.lz4_encode,
    "zstd": aiokafka.codec.zstd_encode,
}
EVERY_CODEC = pytest.mark.parametrize("codec", PACKS)


def unpacked(codec: str, packed: bytes) -> bytes:
    """As aiokafka unpacks it from now on."""
    bound_decoding()
    return bytes(getattr(compiled_records, f"{codec}_decode")(memoryview(packed)))


@EVERY_CODEC
@pytest.mark.parametrize("size", [1, 100_000])
def test_a_batch_is_unpacked_to_what_it_was(codec: str, size: int) -> None:
    body = bytes(number * number % 251 for number in range(size))

    assert unpacked(codec, PACKS[codec](body)) == body


@EVERY_CODEC
def test_a_batch_that_packs_well_is_unpacked_as_far_as_the_bound(codec: str) -> None:
    assert len(unpacked(codec, PACKS[codec](bytes(MOST_UNPACKED)))) == MOST_UNPACKED


@EVERY_CODEC
def test_a_byte_more_is_too_large(codec: str) -> None:
    with pytest.raises(TooLargeError):
        unpacked(codec, PACKS[codec](bytes(MOST_UNPACKED + 1)))


def test_members_of_gzip_count_together() -> None:
    member = gzip.compress(bytes(MOST_UNPACKED // 2 + 1))

    with pytest.raises(TooLargeError):
        unpacked("gzip", member + member)


def test_what_is_cut_short_is_an_error_and_not_nothing() -> None:
    with pytest.raises(ValueError, match="cut short"):
        unpacked("gzip", gzip.compress(b"x" * 1000)[:-12])


def test_both_forms_of_aiokafka_are_bound() -> None:
    bound_decoding()

    assert default_records.zstd_decode is compiled_records.zstd_decode
