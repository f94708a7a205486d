"""The language that agencies and Samsyn speak: messages, their envelope, and who may say what."""
