"""The month as files: the same figures as the desk shows, without the desk."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.inspectorate import Inspectorate, Prepared
from whistle import create_app
from whistle.domain.month import Month
from whistle.render.report_tables import tables
from whistle.services import reporting
from whistle.web import report_file


@pytest.fixture
def office(prepared: Callable[[str], Prepared], tmp_path: Path) -> Inspectorate:
    return prepared("sqlite").copy(tmp_path)


@pytest.fixture
def app(office: Inspectorate) -> Flask:
    return create_app("desk", office.ctx.settings)


def test_the_html_file_holds_every_table_in_the_language_asked_for(app: Flask, office: Inspectorate) -> None:
    office.triaged()
    month = Month(2026, 11)
    figures = reporting.report(office.ctx, office.officer("inspektur"), month)
    for lang, heading in (("id", "November 2026"), ("en", "November 2026")):
        made = report_file.files(app, figures, month, lang)
        page = made["laporan-2026-11.html"].decode()
        assert f'<html lang="{lang}">' in page
        assert heading in page
        for table in tables(figures, lang):
            assert f'id="{table.code}"' in page
        assert "Uang untuk KTP" not in page


def test_the_html_file_asks_for_nothing_but_the_stylesheet_beside_it(app: Flask, office: Inspectorate) -> None:
    figures = reporting.report(office.ctx, office.officer("inspektur"), Month(2026, 11))
    made = report_file.files(app, figures, Month(2026, 11), "id")
    page = made["laporan-2026-11.html"].decode()
    assert re.findall(r'(?:href|src)="([^"#]+)"', page) == ["laporan.css"]
    assert b"http" not in made["laporan.css"]
