"""The exchange's account in sentences, and what to do where nobody can be asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from samsyn_contracts.bus import facts_of
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.message import Message
from samsyn_contracts.schemas.generation import file_name
from samsyn_exchange.domain.chronicle import NOT_NOTED
from samsyn_exchange.domain.disclosure import UnsayableError, redacted
from samsyn_local.failure import StartError
from samsyn_local.run_folder import CHECKOUT, DEFAULT, RunFolder
from samsyn_local.sentences import SENTENCES, account, sentence
from samsyn_local.why import ask_why, how_to_start

NOTED = [cls for cls in MESSAGES.values() if cls not in NOT_NOTED and cls.__name__ != "EventAdmitted"]
OPERATION = "op:polisen:p1"
NAMES = {OPERATION: "Tistelås"}
SLOT = {"session_id": "polisen:p1", "start_at": "2025-05-09T07:00:00Z", "end_at": "2025-05-09T11:00:00Z"}
REASON = {"code": "POLICE", "sv": "Polisen uteblir.", "en": "The police session is lost."}


def an_event(id_: str, name: str = "PoliceCancelled", *causes: str, **told: Any) -> dict[str, Any]:
    default = {
        "id": id_,
        "source": "urn:samsyn:polisen",
        "name": name,
        "centre": "akc-vast",
        "subject": "polisen:p1",
        "operation_id": None,
        "received_at": "2025-05-09T04:12:00+00:00",
        "body": {"capacity_id": "polisen:p1", "cause_code": "shooting"},
        "causes": list(causes),
        "chain": list(causes),
        "others": [],
        "missing": [],
        "is_by_time": False,
        "told": [],
        "acknowledged": [],
    }
    return {**default, **told}


def postponed(*causes: str, **told: Any) -> dict[str, Any]:
    body = {"from_slot": SLOT, "cause_code": "shooting", "reasons": [REASON], "plan_version": 24}
    own = {"source": "urn:samsyn:service:planning", "operation_id": OPERATION, "body": body}
    return an_event("postponed", "OperationPostponed", *causes, **{**own, **told})


def told_of(*events: dict[str, Any], **told: Any) -> str:
    asked = ["postponed", "e"]
    return account(
        {"operation_id": OPERATION, "asked": asked, "code_names": NAMES, "is_cut": False, "events": events, **told}
    )


class TestSentences:
    @pytest.mark.parametrize("message_class", NOTED, ids=lambda cls: cls.__name__)
    def test_every_message_that_is_noted_has_one_of_its_own(self, message_class: type[Message]) -> None:
        example = json.loads((CHECKOUT / "contracts/examples" / file_name(message_class)).read_text("utf-8"))
        message = message_class.model_validate_json(json.dumps(example["body"]))
        event = an_event("e", message_class.__name__, body=self.body_of(message), operation_id=OPERATION)

        assert message_class.__name__ in SENTENCES
        assert f"said {message_class.__name__}" not in sentence(event, NAMES)

    def body_of(self, message: Message) -> dict[str, Any] | None:
        """What the chronicle keeps of it."""
        try:
            return facts_of(redacted(message, "internal"))
        except UnsayableError:
            return None

    def test_a_cancellation_is_told_with_who_and_why(self) -> None:
        assert sentence(an_event("lost"), NAMES) == "polisen cancelled its session polisen:p1 (a shooting)"

    def test_an_operation_is_told_by_its_code_name_and_in_swedish_time(self) -> None:
        assert sentence(postponed(), NAMES) == (
            "operation Tistelås postponed, that was to be Fri 9 May 09:00–13:00, session polisen:p1 (a shooting)"
        )

    def test_an_operation_without_a_known_name_is_told_by_its_id(self) -> None:
        assert OPERATION in sentence(postponed(), {})

    def test_what_was_kept_without_its_body_is_told_by_who_said_it(self) -> None:
        assert sentence(an_event("lost", body=None), NAMES) == "polisen said PoliceCancelled of polisen:p1"


class TestAccount:
    def test_each_event_is_a_line_with_its_causes_by_their_number(self) -> None:
        assert told_of(an_event("lost"), postponed("lost")).splitlines() == [
            "      1  Fri 9 May 06:12  polisen cancelled its session polisen:p1 (a shooting)",
            "      2  Fri 9 May 06:12  operation Tistelås postponed, that was to be Fri 9 May 09:00–13:00, "
            "session polisen:p1 (a shooting)  [because of 1]",
            "         The police session is lost.",
        ]

    def test_who_was_told_and_who_has_seen_it_stand_below(self) -> None:
        told = [{"party": "polisen", "view": "internal", "at": SLOT["start_at"]}]
        seen = [{"party": "polisen", "at": SLOT["start_at"]}]

        lines = told_of(postponed(told=told, acknowledged=seen)).splitlines()

        assert lines[-2:] == ["         told polisen", "         seen by polisen (Fri 9 May 09:00)"]

    def test_an_acknowledgement_is_no_line_of_its_own_in_an_operations_story(self) -> None:
        seen = an_event("seen", "NotificationAcknowledged", body={"plan_version": 24}, operation_id=OPERATION)

        assert len(told_of(an_event("lost"), seen).splitlines()) == 1
        assert len(told_of(an_event("lost"), seen, operation_id=None, asked=["seen"]).splitlines()) == 2

    def test_what_is_not_kept_and_what_only_time_brought_are_said(self) -> None:
        assert told_of(an_event("a", missing=["gone"], is_by_time=True)).endswith(
            "[because of the time, an event not kept]"
        )

    def test_causes_that_are_kept_and_not_told_here_are_counted(self) -> None:
        assert told_of(an_event("a", others=["b", "c"])).endswith("[because of 2 others not told here]")

    def test_many_of_a_kind_that_only_stand_behind_the_rest_are_one_line(self) -> None:
        offers = [an_event(f"o{n}", "CapacityOffered", body=None, subject=f"polisen:p{n}") for n in range(4)]

        assert told_of(*offers, postponed("o0")).splitlines()[:2] == [
            "    1–4  Fri 9 May 06:12  polisen offered polisen:p0, and 3 more of that kind",
            "      5  Fri 9 May 06:12  operation Tistelås postponed, that was to be Fri 9 May 09:00–13:00, "
            "session polisen:p1 (a shooting)  [because of 1]",
        ]

    def test_each_cancellation_is_a_line_of_its_own(self) -> None:
        assert len(told_of(*(an_event(f"lost{n}") for n in range(4))).splitlines()) == 4

    def test_of_many_causes_the_nearest_are_named(self) -> None:
        causes = [f"c{number}" for number in range(8)]

        lines = told_of(*(an_event(cause) for cause in causes), an_event("e", "PoliceCancelled", *causes)).splitlines()

        assert lines[-1].endswith("[because of 4, 5, 6, 7, 8, 3 more]")

    def test_that_it_is_cut_is_said_first(self) -> None:
        assert told_of(an_event("lost"), is_cut=True).startswith("There is more:")


class TestWhereNobodyAnswers:
    def test_a_run_that_is_down_is_said_with_the_command_that_starts_it(self, tmp_path: Path) -> None:
        with pytest.raises(StartError, match=f"`samsyn up --dir {tmp_path} --detach`, then ask again"):
            ask_why(RunFolder(tmp_path), "Tistelås", None)

    def test_the_usual_run_needs_no_folder(self) -> None:
        assert how_to_start(RunFolder(DEFAULT)) == "samsyn up --detach"
