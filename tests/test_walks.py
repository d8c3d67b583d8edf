"""What holds on every route of the map: nothing changes without a token, GET changes nothing, every part stands alone."""

import hashlib
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import world
from webapp.core.extensions import db

ROOT = Path(__file__).parent.parent
#: GETs that may change a table, each with its reason (TRUST 3.5.3).
MAY_CHANGE = {
    "inbox.show": {"notification"},  # opening a line marks it read
    "comments.show": {"thread_reader", "notification"},  # the same, about an event
    "votes.show": {"thread_reader", "notification"},  # the same, about a vote
    "threads.show": {"thread_reader", "notification"},  # so does opening a thread, and how far one has come is kept
}  # and a refusal is in the audit log


#: POSTs that need no token, each with its reason (TRUST 3.5.1).
WITHOUT_TOKEN = {
    "guest_silences.create": "the same; it stands in reminders and messages to guests",
    "invitation_refusals.create": "the same; it stands in every invitation",
    "unsubscriptions.create": "mail providers press it for a person (RFC 8058); the address itself is the proof",
}


def fingerprints() -> dict[str, str]:
    """A hash of every table's rows."""
    found = {}
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            rows = sorted(repr(tuple(row)) for row in connection.execute(sa.select(table)))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
        connection.rollback()
    return found


def unsafe(app) -> list:
    return world.rules(app, "POST")


@pytest.mark.any_database
def test_no_form_is_taken_without_its_token(app, context):
    """Without a token, with another's, with nonsense; by whoever is signed in and may do everything, and by visitors."""
    here = world.build(app)
    owner, other, visitor = here.browser(app, "owner"), here.browser(app, "stranger"), here.browser(app, "visitor")
    tokens = [None, "", "nonsense", other.csrf_token()]
    before = fingerprints()
    for rule in unsafe(app):
        if rule.endpoint in WITHOUT_TOKEN:
            continue
        for tab in (owner, visitor):
            for token in tokens:
                answer = tab.post(here.path(rule), {} if token is None else {"csrf_token": token}, csrf=False)
                assert answer.status_code == 400, (rule, token)

    assert fingerprints() == before


@pytest.mark.any_database
def test_whoever_needs_no_token_is_written_down(app):
    exempt = {
        rule.endpoint for rule in unsafe(app) if names(app.view_functions[rule.endpoint]) & app.extensions["csrf"]._exempt_views
    }

    assert exempt == set(WITHOUT_TOKEN)
    assert not app.extensions["csrf"]._exempt_blueprints


def names(view) -> set[str]:
    """What an exemption would call this view."""
    return {f"{view.__module__}.{view.__name__}"}


@pytest.mark.any_database
def test_get_changes_nothing(app, context):
    here = world.build(app)
    rules = [rule for rule in world.rules(app, "GET") if rule.endpoint != "streams.show"]
    tabs = {role: here.browser(app, role) for role in ("visitor", "member", "owner", "admin")}
    db.session.rollback()
    for role, tab in tabs.items():
        before = fingerprints()
        for rule in rules:
            answer = tab.get(here.path(rule))
            answer.close()
            db.session.rollback()
            if rule.endpoint in MAY_CHANGE or answer.status_code == 403 or rule == rules[-1]:
                after = fingerprints()
                changed = {name for name in after if after[name] != before[name]}
                refused = {"audit_entry", "audit_address"} if answer.status_code == 403 else set()
                assert changed <= MAY_CHANGE.get(rule.endpoint, set()) | refused, (role, rule)
                before = after


def fragments() -> list[tuple[str, str]]:
    """(part's id, its template) of everything that a route names for `render_page`."""
    pairs = set()
    for path in sorted((ROOT / "webapp").glob("*/routes/*.py")):
        pairs.update(re.findall(r'"([a-z-]+)": "([a-z_]+/_[a-z_]+\.html)"', path.read_text()))
    return sorted(pairs)


@pytest.mark.any_database
@pytest.mark.parametrize(("part", "template"), fragments())
def test_a_part_is_named_like_its_file(part, template):
    source = (ROOT / "templates" / template).read_text()

    assert part == Path(template).stem.removeprefix("_").replace("_", "-")
    assert f'id="{part}"' in source


@pytest.mark.any_database
def test_every_part_stands_in_its_page_and_alone(app, context):
    """Each part that a page names is in the page, and htmx gets it by itself, with the headers that keep the two apart."""
    here = world.build(app)
    parts = {part for part, _ in fragments()}
    seen = set()
    for role in ("owner", "admin"):
        tab = here.browser(app, role)
        for rule in world.rules(app, "GET"):
            if rule.endpoint != "streams.show":
                seen |= parts_that_stand_alone(tab, here.path(rule), parts)

    assert seen == parts


def parts_that_stand_alone(tab, path: str, parts: set[str]) -> set[str]:
    """Those of `parts` that the page at `path` holds and gives to htmx by themselves."""
    if tab.get(path).status_code != 200 or tab.answer.mimetype != "text/html":
        return set()
    alone = set()
    for part in parts & {element["id"] for element in tab.page.find_all(id=True)}:
        answer = tab.fragment(path, part)
        if "HX-Redirect" in answer.headers:  # an id of the same name on a page that has no such part
            continue
        roots = [element.get("id") for element in tab.page.find_all(recursive=False)]
        assert roots[:1] == [part], (path, part)
        assert "<html" not in answer.text
        assert {"HX-Request", "HX-Target"} <= set(answer.vary), (path, part)
        alone.add(part)
    return alone


@pytest.mark.any_database
def test_an_unknown_part_becomes_a_visit(app, context):
    here = world.build(app)
    owner = here.browser(app, "owner")
    for rule in world.rules(app, "GET"):
        if rule.endpoint in {"events.show", "groups.show", "votes.show", "inbox.index", "home.show"}:
            answer = owner.fragment(here.path(rule), "nothing-of-this-name")
            assert answer.headers["HX-Redirect"] == here.path(rule)
            assert answer.get_data() == b""
