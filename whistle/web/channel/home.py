"""The first page: what this is, what it cannot hide, and two ways on."""

from flask import Blueprint, render_template

from whistle.web.guard import public


def add_to(pages: Blueprint) -> None:
    pages.add_url_rule("/", "home", home)


@public
def home() -> str:
    return render_template("channel/home.html")
