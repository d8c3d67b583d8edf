"""A browser as far as HTTP goes: it keeps cookies, parses pages, and fills in their forms."""

import time
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, SoupStrainer, Tag
from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from webapp.accounts import sign_ins
from webapp.core.db.engine import reading
from webapp.core.extensions import db
from webapp.core.http.errors import SIGN_IN

ORIGIN = "http://127.0.0.1:8000"
DOMAIN = "127.0.0.1"
#: How many seconds to reuse a form's CSRF token, which is valid for an hour.
A_WHILE = 600


class Browser:
    """`get` and `post` don't follow redirects; `submit` sends a form of the page as a
    person would.
    """

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.answer: TestResponse | None = None
        self.path = "/"
        self._parsed: tuple[TestResponse, BeautifulSoup] | None = None
        self._token: tuple[str, str, float] | None = None

    @classmethod
    def of(cls, app: Flask, user: Any = None) -> "Browser":
        """Return a browser with its own cookies, signed in if a user is given."""
        if user is None:
            return cls(app.test_client())
        token = reading.set(False)
        secret = sign_ins.create_for(user, app.config, device="Tests")
        db.session.commit()
        reading.reset(token)
        return cls.with_secret(app, secret)

    @classmethod
    def with_secret(cls, app: Flask, secret: str) -> "Browser":
        """Return a browser with the cookies of an existing sign-in."""
        client = app.test_client()
        with client.session_transaction(base_url=ORIGIN) as session:
            session[SIGN_IN] = secret
            session.permanent = True
        return cls(client)

    def again(self) -> "Browser":
        """Return another browser with the same cookie but no page. What it does leaves this one
        unchanged.
        """
        other = Browser(self.client.application.test_client())
        if self._cookie():
            other.client.set_cookie(self._cookie_name, self._cookie(), domain=DOMAIN)
        other._token = self._token
        return other

    def get(self, path: str, **options: Any) -> TestResponse:
        """Send a GET request."""
        return self._ask("GET", path, **options)

    def post(self, path: str, data: Any = None, csrf: bool = True, **options: Any) -> TestResponse:
        """Send a POST request, with the session's CSRF token unless `csrf` is false."""
        fields = dict(data or {})
        if csrf:
            fields.setdefault("csrf_token", self.csrf_token())
        return self._ask("POST", path, data=fields, **options)

    def fragment(self, path: str, target: str, **options: Any) -> TestResponse:
        """Request the fragment with the id `target` as htmx does, such as `section#rsvp` or
        `rsvp`.
        """
        headers = {
            "HX-Request": "true",
            "HX-Request-Type": "partial",
            "HX-Current-URL": ORIGIN + self.path,
        }
        headers["HX-Target"] = target if "#" in target else f"div#{target}"
        method = options.pop("method", "GET")
        call = self.post if method == "POST" else self.get
        return call(path, headers=headers, **options)

    def error_at(self, field: str) -> str:
        """Return the page's error message for the field, or ""."""
        found = self.page.find(id=f"{field}-err")
        return " ".join(found.get_text().split()) if found else ""

    def csrf_token(self) -> str:
        """Return the CSRF token of this browser's forms. It's created again if the cookie changed
        or the test moved the clock.
        """
        from flask_wtf.csrf import generate_csrf

        if (
            self._token is not None
            and self._token[0] == self._said()
            and 0 <= time.time() - self._token[2] < A_WHILE
        ):
            return self._token[1]
        _forget_request()
        with (
            self.client.session_transaction(base_url=ORIGIN) as session,
            self.client.application.test_request_context(),
        ):
            from flask import session as inner

            inner.update(session)
            token = generate_csrf()
            session.update(inner)
        self._token = self._said(), token, time.time()
        return token

    def _cookie(self) -> str:
        """The session cookie's value, or ""."""
        cookie = self.client.get_cookie(self._cookie_name, DOMAIN)
        return cookie.value if cookie else ""

    def _said(self) -> str:
        """The same without the signature and its time."""
        return self._cookie().rsplit(".", 2)[0]

    @property
    def _cookie_name(self) -> str:
        return str(self.client.application.config["SESSION_COOKIE_NAME"])

    @property
    def page(self) -> BeautifulSoup:
        """The last response, parsed."""
        assert self.answer is not None
        if self._parsed is None or self._parsed[0] is not self.answer:
            self._parsed = (
                self.answer,
                BeautifulSoup(self.answer.get_data(as_text=True), "html.parser"),
            )
        return self._parsed[1]

    @property
    def forms(self) -> list[Tag]:
        """The forms of the last response below the header. Only they are parsed."""
        assert self.answer is not None
        html = self.answer.get_data(as_text=True)
        below = html[max(html.find("<main"), 0) :]
        read = BeautifulSoup(below, "html.parser", parse_only=SoupStrainer("form"))
        return list(read.find_all("form"))

    @property
    def text(self) -> str:
        """The text of the last response with single spaces."""
        return " ".join(self.page.get_text(" ").split())

    def submit(
        self, action: str | None = None, button: str | None = None, **values: Any
    ) -> TestResponse:
        """Submit the page's form whose action ends in `action`, preferring forms outside the
        header. `values` replace the form's own; None removes a field. Follows a 303.
        """
        form = self._form(action)
        fields = values_of(form)
        fields.update({name: value for name, value in values.items() if value is not None})
        for name in [name for name, value in values.items() if value is None]:
            fields.pop(name, None)
        if button is not None:
            pressed = next(b for b in form.find_all("button") if button in b.get_text())
            if pressed.get("name"):
                fields[str(pressed["name"])] = str(pressed.get("value", ""))
        target = str(form.get("action") or self.path)
        answer = self._ask("POST", target, data=fields)
        return self.follow() if answer.status_code == 303 else answer

    def follow(self) -> TestResponse:
        """Request the page to which the last response redirects."""
        assert self.answer is not None
        parts = urlsplit(self.answer.headers["Location"])
        return self.get(parts.path + (f"?{parts.query}" if parts.query else ""))

    def _form(self, action: str | None) -> Tag:
        forms = [
            form
            for form in self.page.find_all("form")
            if str(form.get("method", "")).lower() == "post"
        ]
        fitting = [
            form for form in forms if action is None or str(form.get("action", "")).endswith(action)
        ]
        assert fitting, f"no form {action!r} among {[form.get('action') for form in forms]}"
        in_main = [form for form in fitting if form.find_parent("main")]
        return (in_main or fitting)[0]

    def _ask(self, method: str, path: str, **options: Any) -> TestResponse:
        """Clear `g` first: a test's own application context would carry it from one request to the
        next.
        """
        _forget_request()
        self.answer, self.path = (
            self.client.open(path, method=method, base_url=ORIGIN, **options),
            path,
        )
        return self.answer


def _forget_request() -> None:
    if has_app_context():
        for name in list(g):
            g.pop(name)


def values_of(form: Tag | list[Tag]) -> dict[str, Any]:
    """Return what a browser would send for the form, or for these controls, without a button: lists
    by name.
    """
    fields: dict[str, Any] = {}
    controls = form if isinstance(form, list) else form.find_all(["input", "textarea", "select"])
    for control in controls:
        name, kind = control.get("name"), control.get("type", "")
        if (
            not name
            or kind in {"submit", "button", "reset", "image", "file"}
            or is_disabled(control)
        ):
            continue
        if kind in {"checkbox", "radio"} and not control.has_attr("checked"):
            continue
        if control.name == "select":
            value: Any = _chosen(control)
        elif control.name == "textarea":
            value = [control.get_text().replace("\r\n", "\n").removeprefix("\n")]
        else:
            value = [str(control.get("value", "on" if kind in {"checkbox", "radio"} else ""))]
        if value:
            fields.setdefault(str(name), []).extend(value)
    return fields


def is_disabled(control: Tag) -> bool:
    """Whether the control, or a fieldset around it, is disabled."""
    return control.has_attr("disabled") or any(
        one.has_attr("disabled") for one in control.find_parents("fieldset")
    )


def _chosen(select: Tag) -> list[str]:
    """The values of the selected options. In a single select without one, that of the first
    option.
    """
    options = [one for one in select.find_all("option") if not one.has_attr("disabled")]
    chosen = [one for one in options if one.has_attr("selected")]
    if select.has_attr("multiple"):
        return [_value(one) for one in chosen]
    return [_value(one) for one in chosen[-1:] or options[:1]]


def _value(option: Tag) -> str:
    return str(option.get("value", option.get_text()))
