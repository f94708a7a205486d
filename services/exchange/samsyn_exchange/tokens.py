"""Tokens by which a party is known over HTTP: `python -m samsyn_exchange.tokens PARTY` prints one."""

from __future__ import annotations

import hashlib
import hmac
import os
import sys
from collections.abc import Iterable

# Not a party of the register: people who run Samsyn, for what no party may do (confirm the clock).
OPERATIONS = "operations"


def token_for(secret: str, party: str) -> str:
    """The party's token: HMAC-SHA256 of its code under the secret, in hex."""
    return hmac.new(secret.encode(), party.encode(), hashlib.sha256).hexdigest()


def bearer_of(secret: str, authorization: str | None, parties: Iterable[str]) -> str | None:
    """Which of the parties an `Authorization` header speaks for; None if none."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.isascii():
        return None
    found = [party for party in parties if hmac.compare_digest(token_for(secret, party), token.strip())]
    return found[0] if found else None


def main() -> None:
    """Print the token of the party named on the command line."""
    secret = os.environ.get("SAMSYN_TOKEN_SECRET", "")
    if len(sys.argv) != 2 or len(secret) < 32:
        sys.exit("Usage: SAMSYN_TOKEN_SECRET=<32 characters or more> python -m samsyn_exchange.tokens PARTY")
    sys.stdout.write(token_for(secret, sys.argv[1]) + "\n")


if __name__ == "__main__":
    main()
