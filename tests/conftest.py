"""What all tests stand on: a real Kafka and PostgreSQL, started when the first test asks for them."""

pytest_plugins = ["tests.support.kafka_and_postgres"]
