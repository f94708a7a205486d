"""What agencies' own tools read: JSON Schemas, AsyncAPI and tables made from the message classes, and their guards."""
