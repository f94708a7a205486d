"""Faults of the contracts and of the exchange: what comes in wrongly, and what goes out to whom it should not."""

from __future__ import annotations

from tests.plant.fault import Fault

BUS = "contracts/samsyn_contracts/bus.py"
COMPATIBILITY = "contracts/samsyn_contracts/schemas/compatibility.py"
ADMISSION = "services/exchange/samsyn_exchange/domain/admission.py"
DISCLOSURE = "services/exchange/samsyn_exchange/domain/disclosure.py"
CHAIN = "services/exchange/samsyn_exchange/domain/chain.py"
CLOCK = "services/exchange/samsyn_exchange/domain/clock.py"
BORDER = "services/exchange/samsyn_exchange/border.py"
STORE = "services/exchange/samsyn_exchange/store.py"
TOKENS = "services/exchange/samsyn_exchange/tokens.py"
TEST_BUS = "tests/contract/test_bus.py"
TEST_ADMISSION = "tests/unit/exchange/test_exchange_admission.py"
TEST_DISCLOSURE = "tests/unit/exchange/test_exchange_disclosure.py"
TEST_REDACTION = "tests/unit/exchange/test_exchange_redaction.py"
TEST_ONCE = "tests/integration/exchange/test_exchange_effects_once.py"

AT_THE_BORDER = (
    Fault(
        "null-accepted",
        "optional means absent, never null",
        BUS,
        '    if value is None:\n        raise RefusedError(rejection("null_not_allowed", pointer))\n',
        "",
        (f"{TEST_BUS}::test_null_in_an_unknown_field_is_refused_too",),
    ),
    Fault(
        "key-said-twice-accepted",
        "readers never differ on what was said",
        BUS,
        '    if len(members) != len(pairs):\n        raise ValueError("duplicate key")\n',
        "",
        (f"{TEST_BUS}::test_a_key_said_twice_is_refused",),
    ),
    Fault(
        "contents-in-the-refusal",
        "EventRejected never holds the contents",
        BUS,
        'return f"{pointer}/{key}" if _FIELD_NAME.fullmatch(key) else pointer',
        'return f"{pointer}/{key}"',
        (f"{TEST_BUS}::test_a_key_that_is_no_field_name_is_not_echoed",),
    ),
    Fault(
        "breaking-change-accepted",
        "a breaking change needs a new major version",
        COMPATIBILITY,
        'yield f"the field {name} {kind}: events that were said without it could no longer be read"',
        "yield from ()",
        ("tests/contract/test_compatibility.py::test_a_breaking_change_is_refused_with_its_reason",),
    ),
    Fault(
        "foreign-source-accepted",
        "P3: an agency can never speak as another",
        ADMISSION,
        "if envelope.source != party_source(said.party):",
        "if False:",
        (f"{TEST_ADMISSION}::test_a_bad_header_is_refused_and_named",),
    ),
    Fault(
        "owner-check-off",
        "P3: nobody speaks of another's thing",
        ADMISSION,
        "if message.owner is not None and message.owner != party.code:",
        "if False:",
        (f"{TEST_ADMISSION}::test_a_bad_body_is_refused_with_a_pointer_to_the_fault",),
    ),
    Fault(
        "everybody-may-say-everything",
        "default deny: the register says who may say what",
        ADMISSION,
        "if not register.may_say(party, message_class.__name__, day):",
        "if False:",
        (f"{TEST_ADMISSION}::test_a_bad_header_is_refused_and_named",),
    ),
    Fault(
        "membership-unchecked",
        "a party is heard only where it is a member",
        ADMISSION,
        "if not is_its_own and not party.is_member(envelope.centre, day):",
        "if False:",
        (f"{TEST_ADMISSION}::test_a_party_is_heard_only_where_it_is_a_member",),
    ),
    Fault(
        "day-in-utc",
        "days are those of Europe/Stockholm",
        ADMISSION,
        "return instant.astimezone(STOCKHOLM).date()",
        "return instant.date()",
        (f"{TEST_ADMISSION}::test_the_registers_days_begin_at_midnight_in_sweden",),
    ),
    Fault(
        "default-deny-off",
        "P4: what no class allows is seen by nobody",
        DISCLOSURE,
        "    return classes[0] if len(classes) == 1 else None\n",
        "    return classes[0] if classes else Sensitivity('P0')\n",
        (f"{TEST_REDACTION}::test_a_field_without_exactly_one_class_or_with_a_higher_one_is_seen_by_nobody",),
    ),
    Fault(
        "strangers-hear",
        "P4: only members of the centre hear",
        DISCLOSURE,
        "if party in hearers and (told is None",
        "if (told is None",
        (f"{TEST_DISCLOSURE}::test_a_party_that_is_no_member_hears_nothing_even_as_a_participant",),
    ),
    Fault(
        "site-to-the-invited",
        "P5: the site only after acceptance",
        DISCLOSURE,
        'return view in ("accepted", "entitled") or (view == "invited" and not mark.after_acceptance)',
        'return view in ("accepted", "entitled", "invited")',
        (f"{TEST_REDACTION}::test_a_site_is_in_no_byte_that_an_invited_party_gets",),
    ),
    Fault(
        "redaction-off",
        "P5: no receiver gets more than its view",
        BORDER,
        "        return redacted(message, view, refs)\n",
        "        return message.body()\n",
        (
            "tests/integration/exchange/test_exchange_disclosures.py"
            "::test_an_operation_is_told_to_each_participant_as_its_part_allows",
        ),
    ),
    Fault(
        "reused-id-admitted",
        "P2: the same id with another body is refused",
        BORDER,
        "if isinstance(outcome, Admitted) and admission.is_reused(outcome):",
        "if False:",
        (f"{TEST_ONCE}::test_an_id_reused_for_another_body_is_refused_and_the_first_event_stands",),
    ),
    Fault(
        "chain-not-chained",
        "P7: tampering with the message log is found",
        CHAIN,
        "return hashlib.sha256(previous + headers.encode()",
        "return hashlib.sha256(headers.encode()",
        (
            "tests/unit/exchange/test_exchange_chain.py::test_an_entry_rewritten_with_a_hash_that_fits_shows_at_the_next_one",
        ),
    ),
    Fault(
        "clock-believed-blindly",
        "P9: clocks may lie",
        CLOCK,
        "return not self.waits_for_human and abs(self.apart(reading)) <= TOLERATED",
        "return True",
        ("tests/unit/exchange/test_exchange_clock.py",),
    ),
    Fault(
        "clock-backwards",
        "P9: the time given out never decreases",
        STORE,
        "then greatest(clock.now_at, excluded.now_at) else",
        "then excluded.now_at else",
        (
            "tests/integration/exchange/test_exchange_real_clock.py"
            "::test_the_time_never_decreases_even_if_an_earlier_process_was_ahead",
        ),
    ),
)
