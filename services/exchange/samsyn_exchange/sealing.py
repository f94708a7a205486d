"""Seals contents for rest: a data key per operation or site, itself sealed by the key that the exchange is given."""

from __future__ import annotations

from nacl.exceptions import CryptoError
from nacl.secret import Aead
from nacl.utils import random

# Which SAMSYN_CONTENTS_KEY a data key is wrapped by; a second one would be the way to renew it.
KEY_VERSION = 1


class CannotOpenError(ValueError):
    """What is kept was sealed by another key, or for another place, or has been changed."""


def new_data_key(contents_key: str, about: str) -> bytes:
    """A new data key about an operation or a site, wrapped; `contents_key` in hex."""
    return _seal(bytes.fromhex(contents_key), random(Aead.KEY_SIZE), about)


def sealed(contents_key: str, about: str, wrapped: bytes, ref: str, body: bytes) -> bytes:
    """The body of a reference as it is kept (XChaCha20-Poly1305); it opens under that reference alone."""
    return _seal(_open(bytes.fromhex(contents_key), wrapped, about), body, ref)


def opened(contents_key: str, about: str, wrapped: bytes, ref: str, kept: bytes) -> bytes:
    """The body of a reference in clear; raises CannotOpenError."""
    return _open(_open(bytes.fromhex(contents_key), wrapped, about), kept, ref)


def _seal(key: bytes, clear: bytes, place: str) -> bytes:
    return bytes(Aead(key).encrypt(clear, place.encode()))


def _open(key: bytes, kept: bytes, place: str) -> bytes:
    try:
        return Aead(key).decrypt(kept, place.encode())
    except CryptoError:
        raise CannotOpenError("contents or their key do not open here") from None
