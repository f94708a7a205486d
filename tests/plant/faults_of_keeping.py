"""Faults of what outlives the broker and the machine: said again, backed up, restored."""

from __future__ import annotations

from tests.plant.fault import Fault

KAFKA_LINE = "adapters/sdk/samsyn_adapter_sdk/kafka_line.py"
SPEAKER = "adapters/sdk/samsyn_adapter_sdk/speaker.py"
LISTENER = "adapters/sdk/samsyn_adapter_sdk/listener.py"
READING = "services/chassis/samsyn_chassis/reading.py"
RELAY = "services/chassis/samsyn_chassis/relay.py"
PLACING = "services/chassis/samsyn_chassis/placing.py"
LOGS = "services/chassis/samsyn_chassis/logs.py"
RESTORE = "deploy/local/samsyn_local/restore.py"
RESTORED = "services/planning/samsyn_planning/restored.py"
SAYING = "services/planning/samsyn_planning/saying.py"
TEST_RESTORED = "tests/unit/planning/service/test_planning_restored.py"
TEST_SAID_AGAIN = "tests/unit/adapters/test_said_again.py"
TEST_READING = "tests/unit/chassis/test_chassis_reading.py"
TEST_TIMES = "tests/unit/chassis/test_relay_times.py"
TEST_PLACES = "tests/integration/chassis/test_chassis_places.py"
TEST_COMMANDS = "tests/unit/local/test_keeping_commands.py"
TEST_OVER_KAFKA = "tests/unit/adapters/test_hearing_over_kafka.py"
TEST_FILES = "tests/unit/local/test_backup_files.py"
TEST_PEOPLE_KEPT = "tests/unit/local/test_people_kept.py"

OF_KEEPING = (
    Fault(
        "refused-said-again",
        "P1b: a refusal stands as it was told",
        SPEAKER,
        '[row.again for row in rows if row.state == "admitted"]',
        "[row.again for row in rows]",
        (f"{TEST_SAID_AGAIN}::test_what_was_admitted_is_said_again_and_what_waits_as_ever",),
    ),
    Fault(
        "saying-again-forgotten",
        "P15: nothing that a journal holds is lost",
        SPEAKER,
        "        if self._journal.resaid_to is not None:\n            await self._resay",
        "        if False:\n            await self._resay",
        (f"{TEST_SAID_AGAIN}::test_what_was_admitted_is_said_again_and_what_waits_as_ever",),
    ),
    Fault(
        "another-log-unnoticed",
        "P1b: an adapter notices another log",
        LISTENER,
        "                self._tell_of_another_log(ear)\n",
        "",
        (f"{TEST_SAID_AGAIN}::test_another_log_is_told_once",),
    ),
    Fault(
        "running-adapter-jumps-back",
        "P1b: an adapter notices another log",
        KAFKA_LINE,
        'auto_offset_reset="none"',
        'auto_offset_reset="earliest"',
        (f"{TEST_OVER_KAFKA}::test_a_log_made_anew_under_a_running_adapter_interrupts_it_and_is_known_as_another",),
    ),
    Fault(
        "longer-log-taken-for-ours",
        "P1b: an adapter notices another log",
        KAFKA_LINE,
        "            await self._make_sure()\n",
        "",
        (f"{TEST_OVER_KAFKA}::test_a_log_made_anew_that_is_longer_already_is_known_after_a_quiet_time",),
    ),
    Fault(
        "another-log-meanwhile-unnoticed",
        "P15: nothing that a journal holds is lost",
        SPEAKER,
        "            if self._num_logs == num_logs:",
        "            if True:",
        (f"{TEST_SAID_AGAIN}::test_a_log_that_changes_again_meanwhile_is_told_everything_from_the_first",),
    ),
    Fault(
        "stops-before-a-transactions-end",
        "P1b: the log is read to its end",
        READING,
        "behind = _behind(fetched, at)",
        "behind = max([one.offset + 1 for one in _of_fetch(place, fetched, at)], default=at)",
        (f"{TEST_READING}::test_the_end_of_a_transaction_alone_is_stepped_over",),
    ),
    Fault(
        "times-go-back",
        "P1b: times order a topic as offsets do",
        RELAY,
        "self._time = max(self._time, now.replace",
        "self._time = (now.replace",
        (f"{TEST_TIMES}::test_a_clock_that_steps_back_gives_no_earlier_time",),
    ),
    Fault(
        "brokers-word-alone",
        "P15: a restored database skips nothing",
        PLACING,
        "        for place, offset in earlier.items():\n            self.seek(place, offset)\n",
        "",
        (f"{TEST_PLACES}::test_a_restored_database_is_read_on_from_its_own_position",),
    ),
    Fault(
        "another-log-taken-for-ours",
        "P1b: another log is never taken for the one that was read",
        LOGS,
        "if now.get(topic, topic_id) != topic_id:",
        "if False:",
        (f"{TEST_PLACES}::test_a_topic_made_anew_is_refused_as_another_log",),
    ),
    Fault(
        "damaged-backup-restored",
        "P15: a damaged backup is refused",
        RESTORE,
        'or file_hash(path) != told["sha256"]',
        "",
        (f"{TEST_FILES}::test_a_damaged_file_is_named",),
    ),
    Fault(
        "manifest-unchecked",
        "P15: a changed manifest is refused",
        RESTORE,
        "told_hash != manifest_hash(manifest) or ",
        "",
        (f"{TEST_FILES}::test_a_manifest_that_was_changed_is_noticed",),
    ),
    Fault(
        "half-restored-run-goes-on",
        "P15: no plan version is issued twice",
        RESTORE,
        '    write_atomically(restoring, f"{folder}\\n")\n',
        "",
        (f"{TEST_COMMANDS}::test_a_restore_that_dies_leaves_what_it_began_with",),
    ),
    Fault(
        "version-given-twice",
        "P15: no plan version is issued twice",
        RESTORED,
        "2 * NUM_PER_SECOND *",
        "0 * NUM_PER_SECOND *",
        (f"{TEST_RESTORED}::test_numbers_go_on_beyond_all_that_may_have_been_used",),
    ),
    Fault(
        "version-given-twice-after-two-restores",
        "P15: no plan version is issued twice",
        RESTORED,
        "2 * NUM_PER_SECOND *",
        "NUM_PER_SECOND *",
        (f"{TEST_RESTORED}::test_a_second_restore_of_a_backup_goes_on_beyond_the_first",),
    ),
    Fault(
        "ids-given-twice-after-two-restores",
        "P15: nothing is said again with another meaning",
        SAYING,
        "restored-{known.restored_at.isoformat()}",
        "restored",
        (f"{TEST_RESTORED}::test_what_is_said_after_two_restores_of_a_backup_has_different_ids",),
    ),
    Fault(
        "briefing-version-given-twice",
        "P15: no version of an account or briefing is told twice",
        "services/inspection/samsyn_inspection/domain/preparing.py",
        "max(0 if before is None else before.version, record.versions_from) + 1",
        "(0 if before is None else before.version) + 1",
        (
            "tests/unit/inspection/test_inspection_preparing.py"
            "::test_after_a_restore_versions_go_on_beyond_all_that_was_told",
        ),
    ),
    Fault(
        "people-stopped-for-good",
        "a backup lets the desk and notify go on, also where it fails",
        "deploy/local/samsyn_local/people_kept.py",
        "            process.resume()",
        "            process.status()",
        (TEST_PEOPLE_KEPT,),
    ),
    Fault(
        "journals-without-their-wal",
        "a backup's journals hold all that was in them",
        "deploy/local/samsyn_local/people_kept.py",
        'FILES = ("*.sqlite", "*.sqlite-wal", "*.sqlite-journal")',
        'FILES = ("*.sqlite", "*.sqlite-journal")',
        (TEST_PEOPLE_KEPT,),
    ),
    Fault(
        "another-process-stopped",
        "a backup stops the desk and notify alone, and no process that has their number since",
        "deploy/local/samsyn_local/people_kept.py",
        'Path(process.environ().get(WRITES_IN, "")).resolve() != folder.resolve()',
        "not process.is_running()",
        ("tests/unit/local/test_people_kept.py::test_a_process_that_has_the_number_of_one_that_ended_is_left_alone",),
    ),
    Fault(
        "day-told-under-its-old-id",
        "after a restore reporting tells of a day under an id that nobody has heard",
        "services/reporting/samsyn_reporting/domain/targets.py",
        "return told if restored_at is None else",
        "return told if told else",
        (
            "tests/unit/reporting/test_reporting_targets.py"
            "::TestNews::test_what_is_said_of_a_day_again_after_a_restore_has_another_id",
            "tests/integration/reporting/test_reporting_rebuild.py"
            "::test_what_a_day_brought_is_said_once_whatever_comes_again_or_is_rebuilt",
        ),
    ),
)
