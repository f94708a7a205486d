"""Samsyn on one machine, without containers: Kafka, PostgreSQL, the services and one supervisor."""
