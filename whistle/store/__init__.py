"""Rows in, rows out: the only importer of SQLAlchemy. It sees ciphertext, random ids and days, and nothing else."""
