"""Creates the topics that topics.yaml declares, for every party of the register, where they are missing."""

from __future__ import annotations

import os

from samsyn_local.infrastructure import register_codes
from samsyn_local.topics import declared_topics, ensure_topics

if __name__ == "__main__":
    topics = declared_topics(register_codes())
    num_new = ensure_topics(os.environ["SAMSYN_KAFKA"], topics)
    print(f"{len(topics)} topics, {num_new} of them new")
