"""What all tests stand on: a real Kafka and PostgreSQL, started when the first test asks for them."""

import signal

pytest_plugins = ["tests.support.kafka_and_postgres"]


def pytest_configure() -> None:
    """A shell starts what runs in its background deaf to Ctrl-C, and what tests start would be deaf with it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
