"""The operation on the day: values in, values out; no clock, no broker, no database."""
