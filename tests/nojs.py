"""A browser without JavaScript, for tests that talk to a real server: pages, forms, answers."""

import http.client
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

BOUNDARY = "----peluitTests4hq0Vb8aZ"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


@dataclass
class Form:
    """One form of a page: where it goes and what it would send if nothing were changed."""

    action: str
    method: str
    id: str = ""
    multipart: bool = False
    values: list[tuple[str, str]] = field(default_factory=list)
    uploads: set[str] = field(default_factory=set)  # names of fields for files
    buttons: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def filled(self, answers: dict[str, str | list[str]], button: str = "") -> list[tuple[str, str]]:
        """What is sent with ``answers`` in place of the defaults, and with the button whose value or name is given.

        An answer to a question that the form does not ask is an AssertionError: the form has changed.
        """
        assert not answers.keys() - self.names, f"{self.action} does not ask {sorted(answers.keys() - self.names)}"
        sent = [(name, value) for name, value in self.values if name not in answers]
        for name, value in answers.items():
            sent += [(name, one) for one in ([value] if isinstance(value, str) else value)]
        return sent + [pressed for pressed in self.buttons if button and button in pressed]


@dataclass
class Page:
    """An answer of the server."""

    status: int
    url: str
    headers: dict[str, str]
    body: str
    forms: list[Form] = field(default_factory=list)
    text: str = ""

    def form(self, asks: str) -> Form:
        """The form that asks for ``asks``."""
        found = [form for form in self.forms if asks in form.names]
        assert found, f"{self.url} ({self.status}) has no form that asks {asks!r}: {self.text[:600]}"
        return found[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.said: list[str] = []
        self._form: Form | None = None
        self._select = self._area = ""
        self._chosen: list[str] = []
        self._first: str | None = None
        self._typed: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        if tag in ("style", "script", "title"):
            self._hidden += 1
        if tag == "form":
            multipart = a.get("enctype") == "multipart/form-data"
            self._form = Form(a.get("action", ""), a.get("method", "get").upper(), a.get("id", ""), multipart)
            self.forms.append(self._form)
        if self._form is None:
            return
        name, value = a.get("name", ""), a.get("value", "")
        if name:
            self._form.names.add(name)
        if tag == "input" and name:
            kind = a.get("type", "text")
            if kind in ("submit", "image"):
                self._form.buttons.append((name, value))
            elif kind == "file":
                self._form.uploads.add(name)
            elif kind not in ("checkbox", "radio") or "checked" in a:
                self._form.values.append((name, value or ("on" if kind == "checkbox" else "")))
        elif tag == "button" and name:
            self._form.buttons.append((name, value))
        elif tag == "select":
            self._select, self._chosen, self._first = name, [], None
        elif tag == "option" and self._select:
            self._first = value if self._first is None else self._first
            if "selected" in a:
                self._chosen.append(value)
        elif tag == "textarea":
            self._area, self._typed = name, []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script", "title"):
            self._hidden -= 1
        if self._form is None:
            return
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select:
            self._form.values += [(self._select, one) for one in self._chosen or [self._first or ""]]
            self._select = ""
        elif tag == "textarea" and self._area:
            self._form.values.append((self._area, "".join(self._typed).removeprefix("\n")))
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self._typed.append(data)
        elif not self._hidden:
            self.said.append(data)


def multipart(
    values: Sequence[tuple[str, str]], uploads: Iterable[str], files: Sequence[tuple[str, bytes]], into: str = ""
) -> bytes:
    """A form as a browser sends it that may have files (RFC 7578); a field without a file is sent empty.

    ``files`` go into the field ``into``; "": into every one.
    """
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    parts = [f'{head}"{name}"\r\n\r\n{value}\r\n'.encode() for name, value in values]
    for field_name in uploads:
        for name, data in (files if into in ("", field_name) else ()) or [("", b"")]:
            top = f'{head}"{field_name}"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
            parts.append(top.encode() + data + b"\r\n")
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


class Browser:
    """Opens pages of one server. Raises OSError or http.client.HTTPException when it does not answer.

    ``source`` is the loopback address that it calls from. Cookies are an error unless it ``keeps_cookies``.
    """

    def __init__(
        self,
        base: str,
        headers: dict[str, str] | None = None,
        timeout: float = 20,
        source: str = "127.0.0.1",
        keeps_cookies: bool = False,
    ) -> None:
        self.base = base
        self.headers = headers or {}
        self.timeout = timeout
        self.source = source
        self.cookies: dict[str, str] | None = {} if keeps_cookies else None

    def get(self, path: str) -> Page:
        """Open ``path``, following redirects."""
        return self._ask("GET", urljoin(self.base, path), None)

    def send(
        self,
        page: Page,
        form: Form,
        answers: dict[str, str | list[str]],
        button: str = "",
        files: Sequence[tuple[str, bytes]] = (),
        into: str = "",
    ) -> Page:
        """Fill in a form of ``page``, choose ``files`` (name and content) in its field for files, press a button.

        ``into``: which field for files, where the form has several.
        """
        url, filled = urljoin(page.url, form.action), form.filled(answers, button)
        if form.method == "GET":
            return self._ask("GET", f"{url}?{urlencode(filled)}", None)
        if form.multipart:
            return self._ask("POST", url, multipart(filled, form.uploads, files, into), MULTIPART)
        return self._ask("POST", url, urlencode(filled).encode())

    def _ask(
        self,
        method: str,
        url: str,
        data: bytes | None,
        kind: str = "application/x-www-form-urlencoded",
        hops: int = 5,
    ) -> Page:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(
            parts.hostname or "", parts.port, timeout=self.timeout, source_address=(self.source, 0)
        )
        try:
            headers = dict(self.headers)
            if self.cookies:
                headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            if data is not None:
                headers |= {
                    "Content-Type": kind,
                    "Origin": self.base.rstrip("/"),
                    "Sec-Fetch-Site": "same-origin",
                }
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request(method, target or "/", data, headers)
            response = connection.getresponse()
            body = response.read().decode()
        finally:
            connection.close()
        got = {name.lower(): value for name, value in response.getheaders()}
        self._keep(response.headers.get_all("Set-Cookie") or [])
        if response.status in (301, 302, 303) and hops:
            return self._ask("GET", urljoin(url, got["location"]), None, hops=hops - 1)
        reader = _Reader()
        reader.feed(body)
        reader.close()
        return Page(response.status, url, got, body, reader.forms, " ".join(" ".join(reader.said).split()))

    def _keep(self, cookies: list[str]) -> None:
        assert self.cookies is not None or not cookies, f"a page of the channel set a cookie: {cookies}"
        for cookie in cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            assert self.cookies is not None
            self.cookies[name] = value
