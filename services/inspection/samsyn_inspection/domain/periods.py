"""How long things may take, each with its reason."""

from __future__ import annotations

from datetime import timedelta

# Teams meet, are briefed and drive off before the police session itself begins.
STARTS_EARLIEST = timedelta(hours=2)
# Hand-ins are written the day after, at the office; whoever has not handed in by then is named as missing.
HAND_IN_WITHIN = timedelta(hours=24)
# What is known of a site is gathered while there still is time to ask for what is missing (requirement B06).
INFORMATION_DUE = timedelta(days=5)
# Who comes tomorrow reads the briefing today; what is not known by then is briefed as missing.
BRIEFED_BEFORE = timedelta(hours=24)
# A lesson is told in the briefings of a season; by then it is learnt, or said again.
LESSONS_FOR = timedelta(days=90)
# Agencies write their findings afterwards, when registers have been looked up: two working weeks.
FINDINGS_WITHIN = timedelta(days=14)
# Planning's word is seconds behind an agency's that heard it; after a week it never comes, and the sender must know.
HELD_AT_MOST = timedelta(days=7)
