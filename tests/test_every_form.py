"""Every form and URL, given input that no person would type: refused with a page, never with a
server error.
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from webapp.core.extensions import db

from . import snapshots
from .browser_like import Browser, values_of
from .form_site import FormSite
from .forms import filling

pytestmark = pytest.mark.both_databases

EXAMPLES = 10
#: Values for empty fields of forms, so that one invalid field doesn't hide another.
SOUND = {
    **filling.WORDS,
    "dates": ["2031-07-01T10:00", "2031-07-02T10:00"],
    "choice": "1",
    "rule": "spam",
    "act": "warned",
    "text": "Not like this",
    "do": "decline",
    "url": "https://example.org/more",
    "affirmed": "y",
}
NASTY = [
    "",
    "river\x00side",
    "²",
    "2147483648",
    "9" * 5000,
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "http://[",
    "javascript://a.example/%0aalert(1)",
    "<script>alert(1)</script>",
    "%(name)s {{ 7*7 }} %s",
    "=1+1\r\nBcc: x@example.org",
    "ﷺ" * 60,
    "\u202e\ud7ff\U0010ffff",
    "a" * 100_000,
]
#: What a validator may accept and a column may not hold.
KEPT = ["river\x00side" + "ﷺ" * 48, "2147483648"]
#: The same for URLs.
ASKED = [
    "river\x00side",
    "²",
    "9" * 400,
    "9999-12-31",
    "0001-01-01",
    "http://[",
    "%(name)s {{ 7*7 }} %s",
    "<b>\u202e'--",
]
#: Fields that routes read although no page of this test shows them.
UNSEEN = ["version", "account", "proof", "key", "choice"]
WORDS = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
#: All names of parameters in our query strings.
QUERY = [
    "about",
    "action",
    "after",
    "age",
    "before",
    "by",
    "category",
    "day",
    "event",
    "from",
    "group",
    "id",
    "kind",
    "name",
]
QUERY += ["next", "page", "place", "q", "role", "show", "source", "t", "tab", "to", "when", "words"]
_FEW = settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)


@pytest.fixture
def place(app: Any, context: None) -> Any:
    """A function that returns the place as it was created, with nothing else in the database."""
    return lambda: snapshots.load(app, "form site", lambda: FormSite(app))


def rules(app: Any, method: str) -> list[Any]:
    """Return the rules with this method, except static files and health checks."""
    chosen = [
        rule
        for rule in app.url_map.iter_rules()
        if method in rule.methods and not rule.rule.startswith(("/static", "/health"))
    ]
    return sorted(chosen, key=lambda rule: rule.rule)


def form_at(path: str, app: Any, place: FormSite, of_visitors: bool) -> Any:
    """Return the form that is sent to `path`, from whichever page has it, or None."""
    adapter = app.url_map.bind("")
    bare = path.partition("?")[0]
    for source in (
        bare,
        bare + "/new",
        bare + "/new/date",
        bare.rpartition("/")[0],
        bare.rpartition("/")[0].rpartition("/")[0],
    ):
        if source and adapter.test(source, "GET"):
            form = forms_on(source, app, place, of_visitors).get(bare)
            if form is not None:
                return form
    return None


def forms_on(source: str, app: Any, place: FormSite, of_visitors: bool) -> dict[str, Any]:
    """Return the forms on the page at `source` by action, the first of each; cached."""
    known = place.forms.get((source, of_visitors))
    if known is None:
        page = Browser.of(app) if of_visitors else place.tab.again()
        page.get(source + (f"?group={place.group.slug}" if "/new" in source else ""))
        known = place.forms[source, of_visitors] = {}
        for form in page.forms:
            if form.get("method") == "post":
                known.setdefault(str(form.get("action") or source).partition("?")[0], form)
    return known


def made_sound(form: Any) -> dict[str, Any]:
    """Return the form's fields as the page gives them, with values for empty ones."""
    names = [
        control.get("name")
        for control in form.find_all(["input", "textarea", "select"])
        if control.get("name")
    ]
    present = values_of(form)
    return {
        name: present[name] if any(present.get(name, [])) else SOUND.get(name, "")
        for name in dict.fromkeys(names)
    }


def typed_into(form: Any) -> list[str]:
    """Return the names of the fields that accept text."""
    boxes = [
        box for box in form.find_all("input") if box.get("type", "text") in {"text", "search"}
    ] + form.find_all("textarea")
    return [str(box["name"]) for box in boxes if box.get("name")]


def is_for_visitors(rule: Any) -> bool:
    """Whether the rule's form is on a page for people who aren't signed in."""
    begins = ("/sign-up", "/sign-in", "/verification", "/password/forgotten", "/password/reset")
    return rule.rule.startswith(begins) or rule.rule.endswith("/sign-up") or "/guest" in rule.rule


def refused_under_a_usual_title(html: str) -> bool:
    """Whether this is a whole page that lists errors, but whose title doesn't say so."""
    lists_problems = '<div class="notice no flash" role="alert">' in html
    return lists_problems and "<title>" in html and "<title>Error:" not in html


class Sender:
    """Sends one form repeatedly, each time as its page gives it except for spoilt values; records
    what broke.
    What one request changes stays until the next.
    """

    def __init__(self, app: Any, rule: Any, place: Any) -> None:
        self.app, self.bring_back = app, place
        self.place: FormSite = place()
        self.path, self.of_visitors = self.place.path_of(rule), is_for_visitors(rule)
        self.broken: list[str] = []
        self.accepted = False
        form = form_at(self.path, app, self.place, self.of_visitors)
        self._come()
        self.fields: dict[str, Any] = made_sound(form) if form else {}
        self.texts = typed_into(form) if form else []
        self.names = [name for name in self.fields if name != "csrf_token"]

    def _come(self) -> None:
        self.page = Browser.of(self.app) if self.of_visitors else self.place.tab.again()

    def ready(self, spoilt: dict[str, Any]) -> Callable[[], Any]:
        """Return a function that sends the form with these values to the place as it was
        created.
        """
        if self.accepted:
            self.bring_back()
            self._come()
        self.app.extensions["limits"].reset()
        token = {"csrf_token": self.page.csrf_token()}
        return lambda: self.page.post(self.path, {**self.fields, **token, **spoilt})

    def send(self, spoilt: dict[str, Any]) -> None:
        """Send the form with these values to the place as it was created."""
        response = self.ready(spoilt)()
        status = response.status_code
        db.session.rollback()
        if status >= 500 or refused_under_a_usual_title(response.text):
            self.broken.append(
                f"{self.path} {status} "
                f"{ ({name: str(value)[:60] for name, value in spoilt.items()}) }"
            )
        self.accepted = status < 400


@pytest.fixture
def senders(app: Any, place: Any) -> Any:
    """A sender for every route that takes a form."""
    return (Sender(app, rule, place) for rule in rules(app, "POST"))


def by_turns(app: Any, method: str, on_both: bool) -> list[Any]:
    """Return rules with this method: every second on SQLite, every eighth on PostgreSQL, or all if
    `on_both`.
    """
    found = rules(app, method)
    if on_both:
        return found
    return found[1::8] if db.engine.dialect.name == "postgresql" else found[::2]


ON_BOTH = pytest.mark.parametrize(
    "on_both", [False, pytest.param(True, marks=pytest.mark.deep)], ids=["by turns", "on both"]
)


@pytest.mark.long(12)
@ON_BOTH
def test_every_field_accepts_or_refuses_hostile_values_without_errors(app, place, on_both):
    broken = []
    for number, rule in enumerate(by_turns(app, "POST", on_both)):
        sender = Sender(app, rule, place)
        for words in NASTY[number % 3 :: 3] if sender.names else NASTY[:1]:
            sender.send(dict.fromkeys(sender.names or UNSEEN, words))
        for at, name in enumerate(sender.names):
            is_whole = on_both or name in sender.texts
            for words in KEPT if is_whole else [KEPT[(number + at) % len(KEPT)]]:
                sender.send({name: words})
        sender.send({name: [sender.fields.get(name, ""), "1", "x"] for name in sender.names})
        broken += sender.broken
    assert not broken, "\n".join(broken)


@pytest.mark.deep
def test_every_form_accepts_or_refuses_random_values_without_errors(senders):
    """Beyond what `test_every_field_accepts_or_refuses_hostile_values_without_errors` sends."""
    broken = []

    @_FEW
    @given(st.lists(WORDS, min_size=5, max_size=5))
    def feed(words):
        sender.send(
            {name: words[number % 5] for number, name in enumerate(sender.names) if number % 3}
        )

    for sender in senders:
        if sender.names:
            feed()
        broken += sender.broken
    assert not broken, "\n".join(broken)


@pytest.mark.long(8)
@ON_BOTH
def test_no_url_causes_a_server_error(app, place, on_both):
    broken, here = [], place()
    page = here.tab.again()
    for rule in by_turns(app, "GET", on_both):
        path = here.path_of(rule).partition("?")[0]
        spoilt = [f"{path}?{urlencode(dict.fromkeys(QUERY, words))}" for words in ASKED]
        spoilt += [
            f"{path}?{urlencode({'group': here.group.slug, 'event': words})}" for words in ASKED[:1]
        ]
        if "<slug>" in rule.rule or "<handle>" in rule.rule:
            spoilt += [
                re.sub("<(slug|handle)>", quote(words, safe=""), rule.rule) for words in ASKED
            ]
        for address in spoilt:
            status = page.get(address).status_code
            if status >= 500:
                broken.append(f"{address[:150]} {status}")
    assert not broken, "\n".join(broken)
