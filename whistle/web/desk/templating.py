"""What every template of the desk may ask."""

from typing import Any

from flask import g, request

from whistle.domain.results import RESULTS
from whistle.domain.roles import ROLES
from whistle.domain.sanctions import SANCTIONS
from whistle.domain.tracks import TRACKS
from whistle.services import handover, people, retention, vouching
from whistle.services.officer import Officer
from whistle.services.people import Standing
from whistle.web.desk import choices
from whistle.web.desk.account_forms import WithdrawForm
from whistle.web.desk.blueprint import desk
from whistle.web.desk.csrf import token
from whistle.web.desk.entry_lines import entry_lines
from whistle.web.desk.entry_words import thread_heading
from whistle.web.desk.here import ctx, maybe_officer, officer
from whistle.web.desk.home import doors
from whistle.web.desk.words import due_words, moment, stage_words, title_words, who_words
from whistle.web.i18n import lang


@desk.context_processor
def desk_values() -> dict[str, Any]:
    """Who is signed in and where to go from here; and the desk's words for codes."""
    me = maybe_officer()
    secret = g.get("desk_secret")
    return {
        "me": me,
        "my_doors": doors(me) if me else [],
        "here": (request.endpoint or "").rpartition(".")[2],
        "sign_out_token": token(secret) if secret else "",
        "standing": standing,
        "role_label": role_label,
        "role_description": role_description,
        "due_words": due_words,
        "stage_words": stage_words,
        "title_words": title_words,
        "category_words": choices.category_name,
        "service_words": choices.service_name,
        "unit_words": choices.unit_name,
        "office_words": choices.office_name,
        "priority_words": choices.priority_name,
        "track_words": track_words,
        "result_words": result_words,
        "sanction_words": sanction_words,
        "entry_lines": entry_lines,
        "thread_heading": thread_heading,
        "moment": moment,
        "who_words": who_words,
        "phone_news": phone_news,
        "phone_waiting": phone_waiting,
        "keys_waiting": keys_waiting,
        "keys_missing": keys_missing,
        "keys_awaited": keys_awaited,
        "lists_waiting": lists_waiting,
        "withdraw_form": WithdrawForm,
    }


def phone_news() -> list[vouching.News]:
    """What a colleague did about the signed-in officer's second factor lately."""
    return vouching.news(ctx(), officer())


def phone_waiting() -> bool:
    """Whether a colleague's words for the signed-in officer still work."""
    return vouching.waiting(ctx(), officer())


def standing() -> Standing | None:
    """What the manifest needs, for the first page of those who can do something about it."""
    me = maybe_officer()
    return people.standing(ctx(), me) if me else None


def keys_waiting() -> int:
    """For how many colleagues the signed-in officer can work off keys."""
    return handover.waiting(ctx(), officer())


def keys_missing() -> int:
    """How many cases the signed-in officer cannot open until a colleague sealed them to their new keys."""
    return handover.missing(ctx(), officer())


def keys_awaited() -> bool:
    """Whether the signed-in officer's list may lack cases whose keys a colleague has to give first."""
    return handover.awaited(ctx(), officer())


def lists_waiting() -> int:
    """How many lists of what is to be deleted wait for the signed-in officer's signature."""
    return retention.waiting(ctx(), officer())


def role_label(who: Officer) -> str:
    """The own role, and what the officer acts for today."""
    acting = (f"{acting.kind.title()} {choices.unit_name(acting.unit)}" for acting in who.acting)
    return ", ".join((ROLES[who.role].label.text(lang()), *acting))


def role_description(who: Officer) -> str:
    return ROLES[who.role].description.text(lang())


def track_words(code: str) -> str:
    return choices.words(TRACKS, code)


def result_words(code: str) -> str:
    return choices.words(RESULTS, code)


def sanction_words(code: str) -> str:
    return choices.words(SANCTIONS, code)
