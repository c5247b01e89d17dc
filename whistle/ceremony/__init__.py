"""The root ceremony, on a machine without a network: `python -m whistle.ceremony new | show | sign`.

It reads no settings and opens no database: what it needs comes and goes as files, and what is secret as words on paper.
"""
