"""What the provider of sign-in says of somebody: OpenID Connect's code flow, and an ID token that is checked whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.integrations.httpx_client import AsyncOAuth2Client, OAuthError
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

SCOPE = "openid profile"
ALGORITHMS = ["RS256", "ES256"]
CLOCKS_APART_SECONDS = 30
KEPT = timedelta(hours=1)
TIMEOUT_SECONDS = 5.0
LOCAL_NAMES = {"localhost", "127.0.0.1", "::1"}


class IdentityRefused(ValueError):
    """The provider's answer cannot be believed or is a refusal; the sentence is for the log, without any secret."""


class IdentityAway(RuntimeError):
    """The provider does not answer, or not as a provider does."""


@dataclass(frozen=True)
class Client:
    """The desk as the provider knows it; `issuer` exactly as the provider writes itself."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str


class Identity:
    """One provider; what it publishes of itself (addresses, keys) is kept for an hour."""

    def __init__(self, client: Client, now: Callable[[], datetime]) -> None:
        self._client = client
        self._now = now
        self._document: tuple[datetime, Mapping[str, Any]] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    async def way_there(self, state: str, nonce: str, verifier: str) -> str:
        """The address to send somebody to who wants to sign in; IdentityAway."""
        document = await self._discovered()
        async with self._oauth() as oauth:
            address, _ = oauth.create_authorization_url(
                document["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
            )
        return str(address)

    async def claims(self, code: str, verifier: str, nonce: str) -> Mapping[str, Any]:
        """The checked claims that a code is good for, once; IdentityRefused, IdentityAway."""
        document = await self._discovered()
        try:
            async with self._oauth() as oauth:
                answer = await oauth.fetch_token(
                    document["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=verifier
                )
        except OAuthError as error:
            raise IdentityRefused(f"The provider refused the code: {error.error}.") from error
        except (httpx.HTTPError, ValueError) as error:
            raise IdentityAway(f"The provider gave no token: {type(error).__name__}.") from error
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise IdentityRefused("The provider gave no ID token. Let it know the scope openid.")
        return self._checked(await self._decoded(token), nonce)

    async def _decoded(self, token: str) -> Mapping[str, Any]:
        try:
            try:
                return jwt.decode(token, await self._key_set(), algorithms=ALGORITHMS).claims
            except InvalidKeyIdError:  # the provider has new keys since we asked
                self._keys = None
                return jwt.decode(token, await self._key_set(), algorithms=ALGORITHMS).claims
        except (JoseError, ValueError) as error:
            raise IdentityRefused(f"The ID token is not signed as it must be: {type(error).__name__}.") from error

    def _checked(self, claims: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        registry = jwt.JWTClaimsRegistry(
            now=int(self._now().timestamp()),
            leeway=CLOCKS_APART_SECONDS,
            iss={"essential": True, "value": self._client.issuer},
            aud={"essential": True, "value": self._client.client_id},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            registry.validate(dict(claims))
        except JoseError as error:
            raise IdentityRefused(f"The ID token is not for here and now: {error.description}.") from error
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != self._client.client_id:
            raise IdentityRefused("The ID token is for several, and its azp is not this desk.")
        return claims

    async def _discovered(self) -> Mapping[str, Any]:
        if self._document is None or self._now() - self._document[0] > KEPT:
            issuer = self._client.issuer
            document = await _fetched(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if document.get("issuer") != issuer:
                raise IdentityAway(
                    "The provider calls itself otherwise than SAMSYN_OIDC_ISSUER. Give it letter by letter."
                )
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not _is_safe(document.get(name)):
                    raise IdentityAway(f"The provider's {name} is missing or does not begin with https://.")
            self._document = (self._now(), document)
        return self._document[1]

    async def _key_set(self) -> KeySet:
        if self._keys is None or self._now() - self._keys[0] > KEPT:
            document = await self._discovered()
            found: Any = await _fetched(document["jwks_uri"])
            try:
                self._keys = (self._now(), KeySet.import_key_set(found))
            except (JoseError, KeyError, TypeError, ValueError) as error:
                raise IdentityAway(f"The provider's keys cannot be read: {type(error).__name__}.") from error
        return self._keys[1]

    def _oauth(self) -> Any:
        client = self._client
        return AsyncOAuth2Client(
            client.client_id,
            client.client_secret,
            redirect_uri=client.redirect_uri,
            scope=SCOPE,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - the name of a method
            timeout=TIMEOUT_SECONDS,
        )


async def _fetched(address: str) -> Mapping[str, Any]:
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as http:
            answer = (await http.get(address)).raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise IdentityAway(f"The provider of sign-in does not answer at {address}: {type(error).__name__}.") from error
    if not isinstance(answer, dict):
        raise IdentityAway(f"The provider of sign-in gave no object at {address}.")
    return answer


def _is_safe(address: object) -> bool:
    if not isinstance(address, str):
        return False
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL_NAMES)
