"""How a case ends: result, causes, whom it concerned, and to whom it was referred (data/results.toml)."""

from collections.abc import Mapping
from dataclasses import dataclass

from whistle.domain.data import Entry, read_toml
from whistle.domain.labels import Label

FILE = "results.toml"


@dataclass(frozen=True)
class Result:
    """``label`` is the desk's word, ``public`` the reporter's; ``needs_second``: a second person must agree."""

    code: str
    label: Label
    public: Label
    needs_second: bool


@dataclass(frozen=True)
class Term:
    """A code with its words."""

    code: str
    label: Label


@dataclass(frozen=True)
class Referral:
    """A body that a case is referred to; ``when`` says in which case, and what it costs the reporter."""

    code: str
    label: Label
    when: Label
    source: str


def _result(entry: Entry) -> Result:
    entry.text("source")
    return Result(entry.code, entry.label("label"), entry.label("public"), entry.flag("needs_second"))


def _term(entry: Entry) -> Term:
    entry.text("source")
    return Term(entry.code, entry.label("label"))


def _referral(entry: Entry) -> Referral:
    return Referral(entry.code, entry.label("label"), entry.label("when"), entry.text("source"))


RESULTS: Mapping[str, Result] = read_toml(FILE, _result, "results")
CAUSES: Mapping[str, Term] = read_toml(FILE, _term, "causes")
EMPLOYMENT: Mapping[str, Term] = read_toml(FILE, _term, "employment")
REFERRALS: Mapping[str, Referral] = read_toml(FILE, _referral, "referrals")
