"""The command `samsyn plan`: the planner as a program of files, without Kafka, database or web."""
