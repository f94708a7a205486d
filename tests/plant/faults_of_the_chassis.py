"""Faults of what every service stands on: effects lost, doubled or told too early, and poison."""

from __future__ import annotations

from tests.plant.fault import Fault

APP = "services/chassis/samsyn_chassis/app.py"
BATCHES = "services/chassis/samsyn_chassis/batches.py"
LETTERS = "services/chassis/samsyn_chassis/dead_letters.py"
DATABASE = "services/chassis/samsyn_chassis/database.py"
REPROCESSING = "services/chassis/samsyn_chassis/reprocessing.py"
UNPACKING = "services/chassis/samsyn_chassis/unpacking.py"
RELAY = "services/chassis/samsyn_chassis/relay.py"
TEST_WAITING = "tests/integration/chassis/test_chassis_waiting.py"
TEST_BATCHES = "tests/integration/chassis/test_chassis_batches.py"
TEST_RELAY = "tests/integration/chassis/test_chassis_relay.py"
TEST_OFFSETS = "tests/integration/chassis/test_chassis_offsets.py"
TEST_AGAIN = "tests/integration/chassis/test_chassis_reprocessing.py"
TEST_LETTERS = "tests/integration/chassis/test_chassis_dead_letters.py"

OF_THE_CHASSIS = (
    Fault(
        "no-dedupe",
        "P2: no effect happens twice",
        DATABASE,
        "        first = {(row[0], row[1]) for row in await self.execute(INTO_INBOX, columns)}\n",
        "        await self.execute(INTO_INBOX, columns)\n        first = set(hashes)\n",
        (f"{TEST_BATCHES}::test_an_event_that_comes_again_has_no_second_effect",),
    ),
    Fault(
        "id-reuse-unnoticed",
        "P2: the same id with another body has no effect",
        BATCHES,
        "if any(hashes[one.source, one.id] != one.body_hash for one in seen):",
        "if False:",
        (f"{TEST_BATCHES}::test_an_id_reused_for_another_body_is_set_aside_and_the_rest_of_its_batch_is_not",),
    ),
    Fault(
        "ack-before-commit",
        "P1: offsets are committed after the transaction",
        APP,
        "        await batches.take(records)\n        await message.ack()\n",
        "        await message.ack()\n        await batches.take(records)\n",
        (TEST_OFFSETS,),
    ),
    Fault(
        "positions-not-noted",
        "P1b: a restored database tells where to read on",
        BATCHES,
        "            await transaction.note_positions((t, p, o) for (t, p), o in _next_offsets(records).items())\n",
        "",
        (f"{TEST_BATCHES}::test_events_of_a_batch_have_their_effect_in_order_and_the_position_is_noted",),
    ),
    Fault(
        "outbox-not-flushed",
        "P1: state and outbox commit together",
        DATABASE,
        "            await opened.flush()\n",
        "",
        (f"{TEST_BATCHES}::test_an_unreadable_event_is_set_aside_at_once",),
    ),
    Fault(
        "marked-before-sent",
        "P1: sent means that the broker has it",
        RELAY,
        "        waiting: set[tuple[str, str]] = set()\n",
        "        waiting: set[tuple[str, str]] = set()\n"
        '        marked = "update outbox set sent_at = clock_timestamp() where id = any($1::bigint[])"\n'
        '        await connection.execute(marked, [row["id"] for row in rows])\n',
        (f"{TEST_RELAY}::test_a_row_that_could_not_be_sent_is_not_marked_as_sent",),
    ),
    Fault(
        "relay-out-of-order",
        "order per centre, in id order",
        RELAY,
        "order by id limit $1",
        "order by id desc limit $1",
        (f"{TEST_RELAY}::test_rows_stand_on_the_topic_in_the_order_of_the_outbox",),
    ),
    Fault(
        "bug-fails-its-batch",
        "P6: a bug in one message does not fail its batch",
        BATCHES,
        "        for half in (records[:middle], records[middle:]):\n            await self._take(half)\n",
        '        for record in records:\n            await self._set_aside(record, "")\n',
        (f"{TEST_BATCHES}::test_a_bug_in_one_event_is_tried_a_few_times_and_costs_the_others_nothing",),
    ),
    Fault(
        "poison-loop",
        "P6: a poison message never blocks",
        BATCHES,
        "                if not is_transient(error):\n                    raise\n",
        "",
        (f"{TEST_LETTERS}::test_poison_is_set_aside_after_bounded_tries",),
    ),
    Fault(
        "poison-vanishes",
        "P6: what is set aside is kept and told",
        BATCHES,
        "                    return await self._give_up(record, error)\n",
        "                    return None\n",
        (f"{TEST_LETTERS}::test_poison_is_set_aside_after_bounded_tries",),
    ),
    Fault(
        "outage-taken-for-poison",
        "P6: transient errors never go aside",
        BATCHES,
        "    return isinstance(error, Retry | PoolTimeout",
        "    return isinstance(error, PoolTimeout",
        (f"{TEST_BATCHES}::test_another_side_that_is_away_is_waited_for",),
    ),
    Fault(
        "unknown-type-passes",
        "P6: what nobody can read is set aside, never passed over in silence",
        BATCHES,
        "    return type_ in types or type_ not in MESSAGES\n",
        "    return type_ in types\n",
        (f"{TEST_BATCHES}::test_what_has_no_type_of_ours_is_set_aside_and_not_passed_over_in_silence",),
    ),
    Fault(
        "values-in-the-log",
        "P6: no log holds what was said",
        BATCHES,
        "record.offset, where(error))",
        "record.offset, error)",
        (f"{TEST_BATCHES}::test_no_value_of_a_failed_event_is_logged",),
    ),
    Fault(
        "superseded-taken",
        "P6: a superseded fact is not processed again",
        REPROCESSING,
        "    return new.sequence is None or old.sequence is None or new.sequence > old.sequence\n",
        "    return False\n",
        (f"{TEST_AGAIN}::test_a_superseded_fact_is_refused_by_the_name_of_the_newer_one_and_taken_when_forced",),
    ),
    Fault(
        "retry-past-the-inbox",
        "P2: a letter processed again has its effect once",
        REPROCESSING,
        """    await receive(transaction, [original])
""",
        """    await transaction.execute(sa.text("delete from inbox"))
    await receive(transaction, [original])
""",
        (f"{TEST_AGAIN}::test_an_event_that_was_said_again_meanwhile_has_no_second_effect",),
    ),
    Fault(
        "bomb-unpacked",
        "P6: no batch fills the memory",
        UNPACKING,
        "        for name, decode in decoders.items():\n            setattr(module, name, decode)\n",
        "        pass\n",
        ("tests/unit/chassis/test_chassis_unpacking.py",),
    ),
    Fault(
        "dead-letter-unsealed",
        "P6: dead letters are sealed",
        LETTERS,
        "return bytes(SealedBox(PublicKey(bytes.fromhex(public_key))).encrypt(json.dumps(original).encode()))",
        "return json.dumps(original).encode()",
        (f"{TEST_LETTERS}::test_nothing_of_the_contents_is_readable_in_a_dead_letter",),
    ),
    Fault(
        "starts-without-kafka",
        "a service started while Kafka is away comes up by itself",
        "services/chassis/samsyn_chassis/awaiting.py",
        "    while away:\n",
        "    while False:\n",
        (f"{TEST_WAITING}::test_it_says_what_it_waits_for_and_comes_up_by_itself",),
    ),
    Fault(
        "waits-deaf-to-a-stop",
        "a service that waits for Kafka ends when it is told to",
        "services/chassis/samsyn_chassis/awaiting.py",
        "loop.add_signal_handler(number, room.leave)",
        "loop.add_signal_handler(number, print)",
        (f"{TEST_WAITING}::test_told_to_stop_while_it_waits_it_ends_at_once_and_well",),
    ),
    Fault(
        "ready-before-it-is-connected",
        "an adapter that was never connected is not ready",
        "adapters/sdk/samsyn_adapter_sdk/connection.py",
        "awaited = sorted({one.awaited for one in stand if one.awaited is not None and not one.was_connected})",
        "awaited = list[str]()",
        (
            "tests/integration/adapters/test_sdk_connection.py"
            "::test_started_while_the_other_end_is_away_it_says_so_once_and_connects_by_itself",
        ),
    ),
)
