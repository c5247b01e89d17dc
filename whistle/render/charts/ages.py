"""How old the open cases are, beside those that wait for the reporter."""

from whistle.domain.labels import Label

TABLE = "ages"
TITLE = Label("Umur laporan yang masih terbuka", "Age of the cases that are still open")
COLUMNS = (1, 2)
MOST = 12
