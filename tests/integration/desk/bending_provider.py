"""The real provider of sign-in, but for users whose name says how their ID token is bent."""

import base64
import hmac
import json
import sys
from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey
from samsyn_local.sign_in_provider import Claims, serve, signed

FOREIGN = RSAKey.generate_key(2048)
BENT_CLAIMS: Mapping[str, Mapping[str, Any]] = {
    "wrong-nonce": {"nonce": "another"},
    "wrong-audience": {"aud": "another-desk"},
    "wrong-issuer": {"iss": "http://127.0.0.1:1"},
    "among-several": {"aud": ["samsyn-desk", "another-desk"]},
    "expired": {"exp": 1_700_000_000},
    "from-tomorrow": {"iat": 4_000_000_000},
}


def bent(claims: Claims, key: RSAKey) -> str:
    """The token that a user's name asks for."""
    kind = claims["sub"]
    if kind == "unsigned":
        return f"{_part({'alg': 'none', 'kid': key.kid})}.{_part(claims)}."
    if kind == "signed-with-the-public-key":
        said = f"{_part({'alg': 'HS256', 'kid': key.kid})}.{_part(claims)}"
        return f"{said}.{_encoded(hmac.digest(key.as_pem(private=False), said.encode(), 'sha256'))}"
    if kind == "signed-by-another":
        return jwt.encode({"alg": "RS256", "kid": key.kid}, dict(claims), FOREIGN)
    if kind == "without-nonce":
        return signed({name: value for name, value in claims.items() if name != "nonce"}, key)
    return signed({**claims, **BENT_CLAIMS.get(kind, {})}, key)


def _part(value: Mapping[str, Any]) -> str:
    return _encoded(json.dumps(value).encode())


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


if __name__ == "__main__":
    sys.exit(serve(bent))
