"""Twelve months: how many reports came in and how many were closed."""

from whistle.domain.labels import Label

TABLE = "trend"
TITLE = Label("Laporan masuk dan selesai, dua belas bulan", "Reports received and closed, twelve months")
COLUMNS = (2, 4)
MOST = 12
