"""Bytes to bytes: everything that seals, signs, pads or derives. The format is specified in docs/envelope.md."""
