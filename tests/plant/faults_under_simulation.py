"""Faults that a short simulation finds: lost, doubled, overtaken and stale, by whatever order of events it takes."""

from __future__ import annotations

from tests.plant.fault import Fault

CHASSIS = "services/chassis/samsyn_chassis"
EXCHANGE, PLANNING = "services/exchange/samsyn_exchange", "services/planning/samsyn_planning"
INSPECTION, REPORTING = "services/inspection/samsyn_inspection", "services/reporting/samsyn_reporting"
BATCHES, RELAY, DATABASE = f"{CHASSIS}/batches.py", f"{CHASSIS}/relay.py", f"{CHASSIS}/database.py"
SIMULATION = ("tests/simulation/test_simulation.py::test_every_promise_holds_and_in_the_end_everything_has_its_effect",)

UNDER_SIMULATION = (
    Fault(
        "simulated-no-dedupe",
        "P2: no effect happens twice",
        BATCHES,
        "            if (one.source, one.id) not in first:\n                repeated.add(1)\n                continue\n"
        "            first.remove((one.source, one.id))\n",
        "",
        SIMULATION,
    ),
    Fault(
        "simulated-ack-before-commit",
        "P1: offsets are committed after the transaction",
        f"{CHASSIS}/app.py",
        "        await batches.take(records)\n        await message.ack()\n",
        "        await message.ack()\n        await batches.take(records)\n",
        SIMULATION,
    ),
    Fault(
        "simulated-relay-out-of-order",
        "order per centre, in id order",
        RELAY,
        "order by id limit $1\n",
        "order by id desc limit $1\n",
        SIMULATION,
    ),
    Fault(
        "simulated-outbox-row-lost",
        "P1: sent means that the broker has it",
        RELAY,
        '        sent = [row["id"] for row, outcome in ended if not isinstance(outcome, BaseException)]',
        '        sent = [row["id"] for row, _ in ended]',
        SIMULATION,
    ),
    Fault(
        "simulated-no-locks",
        "whatever speaks of a centre speaks one after the other",
        BATCHES,
        "        await transaction.lock(event.envelope.centre for _, event in events)\n",
        "",
        SIMULATION,
    ),
    Fault(
        "simulated-stale-plan",
        "a plan is published only for the facts it was made of",
        f"{PLANNING}/replanning.py",
        "if (now.plan_version, now.facts_version, now.now_at) ==",
        "if True or (now.plan_version, now.facts_version, now.now_at) ==",
        SIMULATION,
    ),
    Fault(
        "simulated-version-not-raised",
        "P1b: versions of a centre's plan rise by one",
        f"{PLANNING}/replanning.py",
        "            version=now.plan_version + 1,\n",
        "            version=now.plan_version + 1 + (now.plan_version > 1),\n",
        SIMULATION,
    ),
    Fault(
        "simulated-day-in-utc",
        "days are those of Europe/Stockholm",
        f"{EXCHANGE}/domain/admission.py",
        "return instant.astimezone(STOCKHOLM).date()",
        "return instant.date()",
        SIMULATION,
    ),
    Fault(
        "simulated-poison-loop",
        "P6: a poison message never blocks",
        BATCHES,
        "                if not is_transient(error):\n                    raise\n",
        "",
        SIMULATION,
    ),
    Fault(
        "simulated-outage-is-poison",
        "P6: transient errors never go aside",
        BATCHES,
        "        return error.connection_invalidated or is_outage or state.startswith(TRANSIENT_STATES)\n",
        "        return False\n",
        SIMULATION,
    ),
    Fault(
        "simulated-site-to-the-invited",
        "P5: the site only after acceptance",
        f"{EXCHANGE}/domain/disclosure.py",
        'return view in ("accepted", "entitled") or (view == "invited" and not mark.after_acceptance)',
        'return view in ("accepted", "entitled", "invited")',
        SIMULATION,
    ),
    Fault(
        "simulated-membership-unchecked",
        "a party is heard only where it is a member",
        f"{EXCHANGE}/domain/admission.py",
        "if not is_its_own and not party.is_member(envelope.centre, day):",
        "if False:",
        SIMULATION,
    ),
    Fault(
        "simulated-hand-in-forgotten",
        "an operation's account is what was handed in",
        f"{INSPECTION}/domain/day.py",
        "hand_ins=day.hand_ins | {(heard.party, heard.message.inspection_id)}",
        "hand_ins=frozenset({(heard.party, heard.message.inspection_id)})",
        SIMULATION,
    ),
    Fault(
        "simulated-never-over",
        "whatever begins is over, by its deadline at the latest",
        f"{INSPECTION}/domain/course.py",
        "until >= day.deadline and not self._waiting",
        "False",
        SIMULATION,
    ),
    Fault(
        "simulated-ledger-row-lost",
        "the ledger counts what the log tells",
        f"{REPORTING}/store.py",
        "self._transaction.execute(insert, rows)",
        "self._transaction.execute(insert, rows[:1])",
        SIMULATION,
    ),
)
