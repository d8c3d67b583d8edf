"""Visit pages, send every form on them in every way, and follow where that leads."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

from tests import snapshots
from tests.browser_like import ORIGIN, Browser
from webapp.core import site_settings

from . import interrupting
from .applying import differences, parsed, put_in, refreshing, says_something_new
from .filling import Fill, fills
from .known import NEEDED, REFUSED, WANTED, Refused, Value
from .reading import Form, forms_of, glance, nameless

#: The elements that say on a page that a form was refused.
COMPLAINTS = "[role=alert], .err, #messages .notice.no"
_COMPLAINT = re.compile(r'role="alert"|class="err"|<div class="notice no"')
#: How many pages to follow after a form.
DEEPEST = 3


@dataclass
class Sent:
    """A form that was sent: its page, its values, its response, and what was wrong."""

    endpoint: str
    source: str
    fill: str
    where: str
    problem: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.source} to {self.endpoint}, {self.fill}: {self.problem}"


class Walker:
    """Remembers which forms were sent, and which were refused without a known reason."""

    def __init__(self, app: Flask, signals: list[str]) -> None:
        self.app = app
        self._signals = signals
        #: what people know: each other's handles by role, and codes that they were given
        self.known: Mapping[str, str] = {}
        self.sent: list[Sent] = []
        self.expected: set[Refused] = set()
        #: what refusals didn't give back, and the endpoints that refused what came too late
        self.lost: list[str] = []
        self.too_late: set[str] = set()
        self._adapter = app.url_map.bind("")
        self._met: set[Any] = set()
        self._glanced: set[Any] = set()

    @property
    def broken(self) -> list[str]:
        """Return every form that was refused although no line of the table says why."""
        return [str(one) for one in self.sent if one.problem]

    @property
    def endpoints(self) -> set[str]:
        """Return the endpoints of forms that were accepted, or refused as expected."""
        return {one.endpoint for one in self.sent if not one.problem}

    @property
    def sources(self) -> set[str]:
        """Return the names of these forms in their templates."""
        return {one.source for one in self.sent if not one.problem}

    def look(
        self,
        where: str,
        bring_back: Callable[[], Any],
        tab: Browser,
        path: str,
        then: Callable[[Browser], Any] | None = None,
        scope: str = "",
    ) -> None:
        """Send every form of the page at `path`, as it is or after `then` was done there.

        Forms that look the same are sent once in each `scope`, and in all ways only once.
        """
        bring_back()
        self._forget()
        page = tab.again()
        page.get(path)
        if then is not None:
            then(page)
        if page.answer is not None and page.answer.mimetype == "text/html":
            self._forms(where, None if then else bring_back, page, 0, scope)
            page.answer.close()

    def _forms(
        self,
        where: str,
        bring_back: Callable[[], Any] | None,
        page: Browser,
        depth: int,
        scope: str,
    ) -> None:
        """Send the forms of this page, and follow where they lead.

        `bring_back` is None if the page's state exists now and can't be restored.
        """
        assert page.answer is not None
        html, path = page.answer.text, page.path
        seen = (scope, glance(html))
        if seen in self._glanced:
            return
        self._glanced.add(seen)
        for form in forms_of(html, path):
            endpoint = self._endpoint(form)
            is_new = (endpoint, form.shape) not in self._met
            is_enough = depth or form.is_of_layout
            if (scope, endpoint, form.shape) in self._met or (is_enough and not is_new):
                continue
            self._met |= {(endpoint, form.shape), (scope, endpoint, form.shape)}
            bring_back = bring_back or snapshots.marked(self.app)
            needed, wanted = (
                self._entered(one.get(endpoint, {}), form) for one in (NEEDED, WANTED)
            )
            for fill in fills(form, needed, wanted, is_new):
                if fill.by_script and not self._is_new_there(where, page, form, fill):
                    continue
                if "=" in fill.name and not fill.name.startswith("button"):
                    choice = endpoint, nameless(fill.name)
                    if choice in self._met:
                        continue
                    self._met.add(choice)
                self._send(where, bring_back, page, form, fill, depth, scope, is_new)
                if fill.name == "in full":
                    self._interrupt(where, bring_back, page, form, fill)

    def _send(
        self,
        where: str,
        bring_back: Callable[[], Any],
        page: Browser,
        form: Form,
        fill: Fill,
        depth: int,
        scope: str,
        is_new: bool,
    ) -> None:
        bring_back()
        self._forget()
        tab = page.again()
        path = form.target(fill.button)
        sent = Sent(self._endpoint(form, fill), form.source, fill.name, f"{where} {page.path}")
        self.sent.append(sent)
        self._signals.clear()
        problem = self._problem(tab, form, fill, path, follows=is_new or fill.by_script)
        problem = problem or self._stale(page, tab, form, fill)
        if not problem:
            if (
                is_new
                and form.is_post
                and not fill.by_script
                and depth < DEEPEST
                and tab.answer.mimetype == "text/html"
            ):
                self._forms(where, None, tab, depth + 1, scope)
            return
        refused = next((one for one in REFUSED if one.is_met(sent, problem)), None)
        if refused is None:
            sent.problem = problem
        else:
            self.expected.add(refused)

    def _interrupt(
        self, where: str, bring_back: Callable[[], Any], page: Browser, form: Form, fill: Fill
    ) -> None:
        """Send the form after each change that may happen meanwhile."""
        endpoint, written = self._endpoint(form, fill), interrupting.written_by(form, fill.fields)
        if not form.is_post or not written or ("interrupted", endpoint) in self._met:
            return
        self._met.add(("interrupted", endpoint))
        for change in interrupting.CHANGES:
            for by_script in (False, True) if form.tag.get("hx-post") else (False,):
                bring_back()
                self._forget()
                interrupting.commit(change)
                tab, sent = page.again(), replace(fill, by_script=by_script)
                send(tab, form, sent, form.target(fill.button))
                lost = interrupting.lost(page, tab, form, sent, written)
                if lost:
                    self.lost.append(f"{where}: {endpoint} after {change.__name__}: {lost}")
                if lost is not None:
                    self.too_late.add(endpoint)

    def _problem(self, tab: Browser, form: Form, fill: Fill, path: str, follows: bool) -> str:
        """Return why the response is wrong; "" if nothing is."""
        answer = send(tab, form, fill, path)
        for _step in range(3):
            if answer.status_code not in (302, 303):
                break
            parts = urlsplit(answer.headers["Location"])
            if not follows or parts.netloc and f"{parts.scheme}://{parts.netloc}" != ORIGIN:
                return ""
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            answer = tab.get(target, headers=by_script(form, fill, tab) if fill.by_script else {})
        if answer.status_code == 204:
            return ""
        if answer.mimetype != "text/html":
            return "" if answer.status_code == 200 else str(answer.status_code)
        if answer.status_code < 400 and not _COMPLAINT.search(answer.text):
            return ""
        said = [
            one.get_text(" ", strip=True)
            for one in tab.page.select(COMPLAINTS)
            if not one.has_attr("hidden")
        ]
        if answer.status_code < 400 and not said:
            return ""
        return f"{answer.status_code} {' | '.join(said) or tab.text[:150]}"

    def _stale(self, page: Browser, tab: Browser, form: Form, fill: Fill) -> str:
        """Return how the page differs from itself after a reload, once htmx has put in the answer
        and what the change signalled; "" if it doesn't, or if it was left.
        """
        assert page.answer is not None
        assert tab.answer is not None
        if not (fill.by_script and form.is_post and page.answer.request.method == "GET"):
            return ""
        before, answer, sender = parsed(page.answer.text), tab.answer, form.sender(fill.button)
        if "HX-Redirect" in answer.headers:
            tab.get(answer.headers["HX-Redirect"])
            return "" if says_something_new(tab.page, before) else "it doesn’t say that it worked"
        after, tab_path = parsed(page.answer.text), tab.path
        put_in(after, answer, str(sender["hx-target"]), str(sender["hx-swap"]))
        if (
            sender is not form.tag
        ):  # it saves nothing: a browser without scripts shows the same part
            send(tab, form, replace(fill, by_script=False), form.target(fill.button))
            ours, theirs = (one.select_one(str(sender["hx-target"])) for one in (after, tab.page))
            return "; ".join(differences(ours, theirs))
        is_told = says_something_new(after, before) or form.tag["hx-swap"] == "delete"
        for part in refreshing(after, [*self._signals, answer.headers.get("HX-Trigger", "")]):
            target = f"{part.name}#{part['id']}"
            refreshed = tab.fragment(str(part["hx-get"]), target)
            put_in(after, refreshed, f"#{part['id']}", str(part["hx-swap"]))
        is_here = urlsplit(tab_path).path == urlsplit(page.path).path
        tab.get(tab_path if is_here else page.path)
        found = [] if is_told else ["it doesn’t say that it worked"]
        return "; ".join([*found, *differences(after, tab.page)])

    def _is_new_there(self, where: str, page: Browser, form: Form, fill: Fill) -> bool:
        """Whether nobody in this role has sent this form by htmx on such a page."""
        place = re.sub(r"[^/]*-[^/]*|[0-9]+", "*", urlsplit(page.path).path)
        sent = where.split()[0], fill.name, self._endpoint(form), form.source, place
        is_new = sent not in self._met
        self._met.add(sent)
        return is_new

    def _entered(self, values: Mapping[str, Value], form: Form) -> dict[str, list[str]]:
        found = {}
        for name, value in values.items():
            said = value(form) if callable(value) else value
            words = [said] if isinstance(said, str) else list(said)
            found[name] = [
                self.known.get(one[1:], "unknown") if one.startswith("@") else one for one in words
            ]
        return found

    def _endpoint(self, form: Form, fill: Fill | None = None) -> str:
        path = urlsplit(form.target(fill.button if fill else None)).path
        try:
            return str(self._adapter.match(path, "POST" if form.is_post else "GET")[0])
        except HTTPException:
            return f"nothing at {path}"

    def _forget(self) -> None:
        self.app.extensions["limits"].reset()
        self.app.extensions["queue"].clear()
        site_settings.forget(self.app)


def send(tab: Browser, form: Form, fill: Fill, path: str) -> Any:
    """Send the form as a browser would; return the response."""
    lines = {
        name: [one.replace("\r\n", "\n") for one in values] for name, values in fill.fields.items()
    }
    fields: dict[str, list[Any]] = {
        name: [one.replace("\n", "\r\n") for one in values] for name, values in lines.items()
    }
    if fill.button is not None and fill.button.get("name"):
        fields.setdefault(str(fill.button["name"]), []).append(str(fill.button.get("value", "")))
    headers = by_script(form, fill, tab) if fill.by_script else {}
    if not form.is_post:
        query = urlencode(fields, doseq=True)
        return tab.get(f"{path.partition('?')[0]}?{query}", headers=headers)
    for name, (called, content) in fill.files.items():
        fields.setdefault(name, []).append((BytesIO(content), called))
    return tab.post(path, fields, csrf=False, headers=headers)


def by_script(form: Form, fill: Fill, tab: Browser) -> dict[str, str]:
    """Return the headers that htmx adds."""
    sender = form.sender(fill.button)
    target, name = str(sender.get("hx-target", "")), sender.get("id")
    return {
        "HX-Source": f"{sender.name}#{name}" if name else sender.name,
        "HX-Request": "true",
        "HX-Request-Type": "partial",
        "HX-Current-URL": ORIGIN + tab.path,
        "HX-Target": f"div{target}",
    }
