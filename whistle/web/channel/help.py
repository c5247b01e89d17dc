"""Help: how to report safely, what happens next, who reads, what is not the city's, what we cannot promise."""

from flask import Blueprint, render_template

from whistle.domain.public_services import ELSEWHERE
from whistle.domain.tracks import TRACKS
from whistle.web.guard import public


def add_to(pages: Blueprint) -> None:
    pages.add_url_rule("/bantuan", "help", help_page)


@public
def help_page() -> str:
    return render_template("channel/help.html", tracks=TRACKS.values(), elsewhere=ELSEWHERE)
