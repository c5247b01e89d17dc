"""Words for people, always in both languages."""

from dataclasses import dataclass

LANGUAGES = ("id", "en")


@dataclass(frozen=True)
class Label:
    """One text in Indonesian and in English."""

    id: str
    en: str

    def text(self, lang: str) -> str:
        """The English text for "en"; the Indonesian one for every other language."""
        return self.en if lang == "en" else self.id
