"""Use cases: what people do with Peluit, without HTTP. A clock and a store are handed in."""
