"""`python -m whistle.ceremony`"""

from whistle.ceremony.commands import ceremony

ceremony(prog_name="python -m whistle.ceremony")
