"""What holds for every route of the map: nothing changes without a CSRF token, and every fragment
works alone.

`test_matrix.py` has more.
"""

import re
from pathlib import Path

import pytest

from tests import sample_site, snapshots
from tests.route_walker import fingerprints

ROOT = Path(__file__).parent.parent
#: POSTs that need no token, each with its reason (TRUST 3.5.1).
WITHOUT_TOKEN = {
    "guest_silences.create": "the same; it stands in reminders and messages to guests",
    "invitation_refusals.create": "the same; it stands in every invitation",
    "unsubscriptions.create": "mail providers press it for a person (RFC 8058); the address itself is the proof",  # noqa: E501
}


def unsafe(app) -> list:
    return sample_site.rules(app, "POST")


@pytest.mark.long(8)
@pytest.mark.any_database
@pytest.mark.parametrize(
    "whole", [False, pytest.param(True, marks=pytest.mark.deep)], ids=["each way once", "all ways"]
)
def test_no_form_is_accepted_without_a_csrf_token(app, context, whole):
    """Send forms without a token, with another person's, and with nonsense, as someone who may do
    everything; and without one as a visitor, who has no session.
    In deep runs both send all of them.
    """
    here = snapshots.sample_site_of(app, secret=False)
    before = fingerprints()
    tokens = [None, "nonsense", here.browser(app, "stranger").csrf_token()]
    by_owner, by_visitors = (["", *tokens],) * 2 if whole else (tokens, [None])
    ways = [("owner", token) for token in by_owner] + [("visitor", token) for token in by_visitors]
    tabs = {role: here.browser(app, role) for role in ("owner", "visitor")}
    for rule in unsafe(app):
        if rule.endpoint in WITHOUT_TOKEN:
            continue
        for role, token in ways:
            answer = tabs[role].post(
                here.path(rule), {} if token is None else {"csrf_token": token}, csrf=False
            )
            assert answer.status_code in {400, 401}, (rule, role, token)

    assert fingerprints() == before


@pytest.mark.any_database
def test_routes_without_csrf_protection_are_listed(app):
    exempt = {
        rule.endpoint
        for rule in unsafe(app)
        if names(app.view_functions[rule.endpoint]) & app.extensions["csrf"]._exempt_views
    }

    assert exempt == set(WITHOUT_TOKEN)
    assert not app.extensions["csrf"]._exempt_blueprints


def names(view) -> set[str]:
    """Return the name by which this view would be exempted."""
    return {f"{view.__module__}.{view.__name__}"}


def fragments() -> list[tuple[str, str]]:
    """Return (id, template) of every fragment that a route names for `render_page`."""
    pairs = set()
    webapp = ROOT / "webapp"
    for path in sorted([*webapp.glob("*/routes/*.py"), *webapp.glob("*/routes.py")]):
        pairs.update(re.findall(r'"([a-z-]+)": "([a-z_]+/_[a-z_]+\.html)"', path.read_text()))
    return sorted(pairs)


@pytest.mark.any_database
def test_every_partial_is_named_like_its_file():
    assert len(fragments()) > 40
    assert [pair for pair in fragments() if not is_named_like_its_file(*pair)] == []


def is_named_like_its_file(part: str, template: str) -> bool:
    """Whether the template is named like the fragment, and has an element of that id."""
    name = Path(template).stem.removeprefix("_").replace("_", "-")
    return part == name and f'id="{part}"' in (ROOT / "templates" / template).read_text()


@pytest.mark.long(8)
@pytest.mark.any_database
def test_every_partial_is_in_its_page_and_returned_alone(app, context):
    """Each fragment that a page names is in the page, and htmx can request it alone, with headers
    that keep the two apart in caches.
    The site's admin gets fragments that the group's owner doesn't get at the same URL.
    """
    here = snapshots.sample_site_of(app, secret=False)
    parts = {part for part, _ in fragments()}
    seen = set()
    tabs = [here.browser(app, role) for role in ("owner", "admin")]
    for rule in sample_site.rules(app, "GET"):
        if rule.endpoint != "streams.show":
            alone = set()
            for tab in tabs:
                alone |= parts_that_stand_alone(tab, here.path(rule), parts - alone)
            seen |= alone

    assert seen == parts


def parts_that_stand_alone(tab, path: str, parts: set[str]) -> set[str]:
    """Return those of `parts` that the page at `path` contains and returns to htmx alone."""
    if tab.get(path).status_code != 200 or tab.answer.mimetype != "text/html":
        return set()
    alone = set()
    for part in parts & set(re.findall(r'\sid="([a-z-]+)"', tab.answer.text)):
        answer = tab.fragment(path, part)
        if (
            "HX-Redirect" in answer.headers
        ):  # an id of the same name on a page without that fragment
            continue
        roots = [element.get("id") for element in tab.page.find_all(recursive=False)]
        assert roots[:1] == [part], (path, part)
        assert "<html" not in answer.text
        assert {"HX-Request", "HX-Target"} <= set(answer.vary), (path, part)
        alone.add(part)
    return alone


@pytest.mark.any_database
def test_an_unknown_partial_redirects_to_the_page(app, context):
    here = snapshots.sample_site_of(app, secret=False)
    owner = here.browser(app, "owner")
    for rule in sample_site.rules(app, "GET"):
        if rule.endpoint in {
            "events.show",
            "groups.show",
            "votes.show",
            "inbox.index",
            "home.show",
        }:
            answer = owner.fragment(here.path(rule), "nothing-of-this-name")
            assert answer.headers["HX-Redirect"] == here.path(rule)
            assert answer.get_data() == b""
