"""The adapter for people: what Samsyn tells a party reaches its functions by mail, calendar and text message."""
