"""How simulated agencies answer: shares, times and seeds."""

from datetime import timedelta

from samsyn_demo.agencies.behaviour import answer_to, chance, is_ready_beforehand

QUESTIONS = [(f"op:{number}", f"skatteverket:{number}") for number in range(4000)]


def share_of(kind: str) -> float:
    return sum(answer_to(1, *question).kind == kind for question in QUESTIONS) / len(QUESTIONS)


def test_one_in_ten_declines() -> None:
    assert 0.085 < share_of("no") < 0.115


def test_one_in_twenty_stays_silent() -> None:
    assert 0.04 < share_of("silence") < 0.06


def test_answers_take_one_to_forty_eight_hours() -> None:
    delays = [answer_to(1, *question).after for question in QUESTIONS]
    assert timedelta(hours=1) <= min(delays) < timedelta(hours=2)
    assert timedelta(hours=40) < max(delays) <= timedelta(hours=48)


def test_the_same_question_has_the_same_answer() -> None:
    assert answer_to(1, "op:1", "skatteverket:t1") == answer_to(1, "op:1", "skatteverket:t1")


def test_another_seed_gives_other_answers() -> None:
    assert [answer_to(1, *q) for q in QUESTIONS] != [answer_to(2, *q) for q in QUESTIONS]


def test_four_of_five_inspections_are_prepared_beforehand() -> None:
    ready = [is_ready_beforehand(1, "skatteverket", f"arbetsmiljoverket:{number}") for number in range(4000)]
    assert 0.78 < sum(ready) / len(ready) < 0.82


def test_parts_are_not_run_together() -> None:
    assert chance(1, "ab", "c") != chance(1, "a", "bc")
