"""Words for codes that only the report shows in a table of their own."""

from collections.abc import Mapping
from types import MappingProxyType

from whistle.domain.labels import Label

CHANNELS: Mapping[str, Label] = MappingProxyType({"web": Label("Situs ini", "This website")})
PRIORITIES: Mapping[str, Label] = MappingProxyType(
    {
        "mendesak": Label("Mendesak", "Urgent"),
        "tinggi": Label("Tinggi", "High"),
        "biasa": Label("Biasa", "Normal"),
    }
)
