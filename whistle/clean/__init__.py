"""A hostile file becomes a clean one: nothing in it tells who made it, where, when and with what.

`sandbox` is the way in: `sandbox.clean`, and `sandbox.look` for what a clean file looks like. It starts a process
(`process`) behind walls (`isolation`), speaks with it (`wire`), and reads nothing of a file but what tells its kind
(`kinds`, the registry). All that knows a kind, one file each, and its previews in `looks`, runs in that process
(`python -m whistle.clean`), which has no network, no files and little time.
"""
