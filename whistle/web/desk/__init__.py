"""The desk's pages, one file an area. `init_app` puts them under /meja and, in English, under /en/meja."""

from flask import Flask

from whistle.web.desk import (  # noqa: F401 - importing an area registers its routes
    account,
    actions,
    audit,
    case,
    cases,
    closing,
    enrolment,
    handover,
    home,
    invitation,
    lost_phone,
    officers,
    report,
    signin,
    signing,
    templating,
    trouble,
)
from whistle.web.desk.blueprint import desk


def init_app(app: Flask) -> None:
    app.register_blueprint(desk, url_prefix="/meja")
    app.register_blueprint(desk, name="desk_en", url_prefix="/en/meja")
