"""The group that every command belongs to."""

from flask.cli import AppGroup

peluit = AppGroup("peluit", help="Set up, show, report and look after this inspectorate.")
