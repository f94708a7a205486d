"""Unpacks compressed batches up to a bound: a kilobyte of zstd can hold gigabytes, and would end whoever reads it."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import aiokafka.codec
import cramjam
from aiokafka.record import default_records
from aiokafka.record._crecords import default_records as compiled_records

MOST_UNPACKED = 32 * 1024 * 1024
FIRST_GUESS = 16
XERIAL_HEADER = 16
Buffer = bytes | bytearray | memoryview
DecompressInto = Callable[[Buffer, bytearray], int]


class TooLargeError(ValueError):
    """A batch holds more than any batch of ours could."""


def bound_decoding() -> None:
    """Let aiokafka unpack by the functions below: it has no bound of its own, and no setting for one."""
    decoders = {
        "gzip_decode": gzip_decode,
        "snappy_decode": snappy_decode,
        "lz4_decode": lambda payload: _bounded(cramjam.lz4.decompress_into, payload),
        "zstd_decode": lambda payload: _bounded(cramjam.zstd.decompress_into, payload),
    }
    for module in (compiled_records, default_records):
        for name, decode in decoders.items():
            setattr(module, name, decode)


def gzip_decode(payload: Buffer) -> bytes:
    """One or more gzip members."""
    unpacked, rest = b"", bytes(payload)
    while rest:
        member = zlib.decompressobj(wbits=31)
        unpacked += member.decompress(rest, MOST_UNPACKED - len(unpacked) + 1)
        if len(unpacked) > MOST_UNPACKED:
            raise TooLargeError
        if not member.eof:
            raise ValueError("a gzip stream is cut short")
        rest = member.unused_data
    return unpacked


def snappy_decode(payload: Buffer) -> bytes:
    """Raw snappy, or blocks of it in Java's framing; each tells its size first."""
    told = bytes(payload)
    if told[1:XERIAL_HEADER].startswith(b"SNAPPY\0"):
        blocks, at = list[bytes](), XERIAL_HEADER
        while at < len(told):
            end = at + 4 + int.from_bytes(told[at : at + 4])
            blocks.append(told[at + 4 : end])
            at = end
    else:
        blocks = [told]
    if sum(cramjam.snappy.decompress_raw_len(block) for block in blocks) > MOST_UNPACKED:
        raise TooLargeError
    return bytes(aiokafka.codec.snappy_decode(payload))


def _bounded(decompress_into: DecompressInto, payload: Buffer) -> bytes:
    """Into a buffer that is most often large enough, else into one of the largest size allowed."""
    guess = min(MOST_UNPACKED, FIRST_GUESS * len(payload) + 64 * 1024)
    for size in (guess, MOST_UNPACKED):
        unpacked = bytearray(size)
        try:
            return bytes(memoryview(unpacked)[: decompress_into(payload, unpacked)])
        except cramjam.DecompressionError as error:
            if "whole buffer" not in str(error):
                raise
    raise TooLargeError
