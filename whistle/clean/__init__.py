"""A hostile file becomes a clean one: nothing in it tells who made it, where, when and with what.

`sandbox.clean` is the way in. One file a kind; `kinds` is the registry and tells them apart by content. Everything but
`sandbox` runs in a process of its own that has no network, no files and little time (`python -m whistle.clean`).
"""
