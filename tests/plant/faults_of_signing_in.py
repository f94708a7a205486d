"""Faults of who gets in at the desk: strangers, forged tokens, forms of other sites, seats that are not one's own."""

from __future__ import annotations

from tests.plant.fault import Fault

DESK = "adapters/desk/samsyn_adapter_desk"
IDENTITY = f"{DESK}/identity.py"
PEOPLE = f"{DESK}/people.py"
SECURITY = f"{DESK}/security.py"
SESSIONS = f"{DESK}/sessions.py"
SIGN_IN = f"{DESK}/sign_in.py"
WORDS = f"{DESK}/words.py"
PROVIDER = "deploy/local/samsyn_local/sign_in_provider.py"
TEST = "tests/integration/desk/test_sign_in.py"
NO_SIGN_IN, SESSION, FORMS, SEATS = (f"{TEST}::Test{name}" for name in ("NoSignIn", "TheSession", "Forms", "Seats"))
THE_PROVIDER = f"{TEST}::TestTheProvider"
TEST_SECURITY = "tests/unit/desk/test_security.py"
NONCE = 'nonce={"essential": True, "value": nonce},'
AUDIENCE = 'aud={"essential": True, "value": self._client.client_id},'
ISSUER = 'iss={"essential": True, "value": self._client.issuer},'

OF_SIGNING_IN = (
    Fault("desk-any-nonce", "an ID token of another sign-in signs nobody in", IDENTITY, NONCE, "", (NO_SIGN_IN,)),
    Fault("desk-any-audience", "an ID token for another desk signs nobody in", IDENTITY, AUDIENCE, "", (NO_SIGN_IN,)),
    Fault("desk-any-issuer", "an ID token of another provider signs nobody in", IDENTITY, ISSUER, "", (NO_SIGN_IN,)),
    Fault(
        "desk-old-token",
        "an ID token counts for its time alone",
        IDENTITY,
        "CLOCKS_APART_SECONDS = 30",
        "CLOCKS_APART_SECONDS = 10**9",
        (NO_SIGN_IN,),
    ),
    Fault(
        "desk-unsigned-token",
        "an ID token is signed by the provider's key",
        IDENTITY,
        "return jwt.decode(token, await self._key_set(), algorithms=ALGORITHMS).claims\n        "
        "    except InvalidKeyIdError:",
        'return __import__("json").loads(__import__("base64").urlsafe_b64decode(token.split(".")[1] + "=="))\n        '
        "    except InvalidKeyIdError:",
        (NO_SIGN_IN,),
    ),
    Fault(
        "desk-sign-in-of-anybody",
        "the provider's answer counts in the browser that began alone",
        SESSIONS,
        '"\\x1f".join(parts)',
        "parts[0]",
        (NO_SIGN_IN,),
    ),
    Fault(
        "desk-answer-twice",
        "the provider's answer counts once",
        SESSIONS,
        '"delete from sign_in_start where state_hash = :state_hash returning nonce, verifier, back_to, created_at"',
        '"select nonce, verifier, back_to, created_at from sign_in_start where state_hash = :state_hash"',
        (f"{NO_SIGN_IN}::test_an_answer_counts_once",),
    ),
    Fault(
        "desk-leads-elsewhere",
        "signing in leads to own pages alone",
        SIGN_IN,
        'not back.startswith("//")',
        "True",
        (f"{TEST}::TestSigningIn::test_it_leads_back_to_own_pages_alone",),
    ),
    Fault("desk-idle-for-good", "an idle sign-in ends", SESSIONS, " and seen_at > :idle_since", "", (SESSION,)),
    Fault(
        "desk-busy-by-itself",
        "a page that is left open keeps no sign-in from being idle",
        SESSIONS,
        "is_somebody_there and found.seen_at",
        "found.seen_at",
        (f"{SESSION}::test_a_page_that_is_left_open_does_not_keep_it_from_being_idle",),
    ),
    Fault("desk-in-for-good", "a sign-in ends after ten hours", SESSIONS, " and ends_at > :now", "", (SESSION,)),
    Fault(
        "desk-cookie-in-the-clear",
        "the database knows no value that opens a sign-in",
        SESSIONS,
        'return hashlib.sha256("\\x1f".join(parts).encode()).hexdigest()',
        'return "".join(parts)',
        (SESSION,),
    ),
    Fault(
        "desk-any-form",
        "a form counts with its session's mark alone",
        SIGN_IN,
        "        await _must_be_ours(request, found.csrf)\n",
        "        pass\n",
        (FORMS,),
    ),
    Fault(
        "desk-any-origin",
        "what changes something comes from own pages",
        SECURITY,
        'headers.get("origin", "").lower() != self._origin',
        "False",
        (TEST_SECURITY,),
    ),
    Fault(
        "desk-any-host",
        "the desk answers under its own name alone",
        SECURITY,
        'headers.get("host", "").lower() != self._host',
        "False",
        (TEST_SECURITY,),
    ),
    Fault(
        "desk-endless-body",
        "nobody fills the memory with a form",
        SECURITY,
        "self._num_bytes > LARGEST_BODY",
        "False",
        (TEST_SECURITY,),
    ),
    Fault(
        "desk-kept-page",
        "a page is kept in no cache",
        SECURITY,
        'KEPT_NOWHERE = "public, max-age=31536000, immutable", "no-cache", "no-store"',
        'KEPT_NOWHERE = "public, max-age=31536000, immutable", "no-cache", "private"',
        (TEST_SECURITY,),
    ),
    Fault(
        "desk-every-role",
        "a role does what is its own",
        PEOPLE,
        "return act in MAY[seat.role]",
        "return True",
        (SEATS,),
    ),
    Fault(
        "desk-seat-elsewhere",
        "a party that is hosted no longer is shown to nobody",
        SESSIONS,
        "if seat.party not in self._hosted:",
        "if False:",
        (SEATS,),
    ),
    Fault(
        "desk-any-seat",
        "only own seats at hosted parties are kept",
        PEOPLE,
        "if seat.party in hosted",
        "",
        ("tests/unit/desk/test_people.py",),
    ),
    Fault(
        "desk-lost-placeholder",
        "a translation says all that the text says",
        WORDS,
        "if not needed <= _placeholders(form) <= allowed",
        "if False",
        ("tests/unit/desk/test_words.py::test_a_placeholder_that_is_lost_or_invented_is_a_fault",),
    ),
    Fault(
        "provider-any-verifier",
        "the demo's provider gives tokens to who began alone",
        PROVIDER,
        'if not secrets.compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), grant.asked.challenge):',
        "if False:",
        (THE_PROVIDER,),
    ),
    Fault(
        "provider-code-twice",
        "the demo's provider gives tokens for a code once",
        PROVIDER,
        "self._grants.pop(code, None)",
        "self._grants.get(code)",
        (THE_PROVIDER,),
    ),
)
