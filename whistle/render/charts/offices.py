"""The ten offices about which most was reported in twelve months."""

from whistle.domain.labels import Label

TABLE = "office"
TITLE = Label("Sepuluh kantor yang paling banyak dilaporkan", "The ten offices most often reported")
COLUMNS = (-1,)
MOST = 10
