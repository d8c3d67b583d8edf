"""Every form is submitted as its page shows it, in every state that changes its content, and after
its subject has changed.
"""

from typing import Any

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader, FileSystemBytecodeCache

from tests import factories, sample_site, shared_fixtures, snapshots
from tests.events import question, ticket
from tests.form_site import FormSite
from tests.matrix import MATRIX
from webapp.core.extensions import db
from webapp.core.http import form_recovery
from webapp.events.models import LONG

from . import branches
from .known import NOT_SENT, REFUSED
from .reading import TEMPLATES, Numbered, of_templates
from .scenes import Look, SampleRows, accounts, events, groups, votes
from .walker import Walker

pytestmark = pytest.mark.any_database

LETTERS = {route: line[0].split() for line, listed in MATRIX for route in listed}
#: The roles that visit the sample site: what one has sent in all ways, the next sends once.
ROLES = ("owner", "admin", "member", "stranger", "visitor")
#: Routes that aren't pages.
STREAMS = {"streams.show"}
SCENES = [*events.SCENES, *groups.SCENES, *votes.SCENES, *accounts.SCENES]


@pytest.fixture
def drawn() -> set[str]:
    """The branches of forms that pages have shown."""
    return set()


@pytest.fixture
def numbered(app: Flask, drawn: set[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the application number each form within its template, and record the branches that it
    renders in `drawn`.
    """

    def comes_to(branch: str) -> str:
        drawn.add(branch)
        return ""

    environment = app.jinja_env
    folder = shared_fixtures.folder() / "numbered-templates"
    folder.mkdir(exist_ok=True)
    monkeypatch.setattr(environment, "bytecode_cache", FileSystemBytecodeCache(str(folder)))
    own = {"numbered": Numbered(environment), "telling": branches.BranchMarks(environment)}
    extensions = {**environment.extensions, **own}
    monkeypatch.setattr(environment, "extensions", extensions)
    monkeypatch.setitem(environment.globals, "comes_to", comes_to)
    _forget_drawings(environment)
    yield app
    _forget_drawings(environment)


def _forget_drawings(environment: Any) -> None:
    environment.cache.clear()
    shared_fixtures.forget_drawings(environment)


@pytest.mark.long(60)
def test_forms_are_accepted_as_shown_and_given_back_when_too_late(
    numbered, drawn, context, signals
):
    walker = Walker(numbered, signals)
    walk_the_world(walker, numbered)
    walk_the_form_site(walker, numbered)
    for scene in SCENES:
        walk(walker, numbered, scene)

    assert not walker.broken, "\n".join(walker.broken)
    assert not walker.lost, "\n".join(walker.lost)
    assert {"rsvps.create", "ballots.create", "replies.create"} <= walker.too_late
    assert not [line for line in REFUSED if line not in walker.expected]
    posts = {rule.endpoint for rule in sample_site.rules(numbered, "POST")}
    assert (set(of_templates()) | posts) - walker.sources - walker.endpoints == set(NOT_SENT)
    assert sorted(branches.of_forms() - drawn) == []


def test_control_a_form_missing_a_field_its_rule_reads_is_found(
    numbered, context, signals, monkeypatch
):
    name = "attendance/_answer_form.html"
    whole = (TEMPLATES / name).read_text()
    spoilt = whole.replace('<input type="hidden" name="asked"', '<input type="hidden" name="other"')
    assert spoilt != whole
    environment = numbered.jinja_env
    loader = ChoiceLoader([DictLoader({name: spoilt}), environment.loader])
    monkeypatch.setattr(environment, "loader", loader)
    monkeypatch.setattr(environment, "bytecode_cache", None)
    environment.cache.clear()
    walker = Walker(numbered, signals)

    walk(walker, numbered, one_ticket)

    assert walker.broken
    assert all("rsvps.create" in line and ": 409 " in line for line in walker.broken)


def test_control_a_refusal_that_loses_what_was_written_is_found(app, context, signals, monkeypatch):
    monkeypatch.setattr(form_recovery, "are_lost", lambda status, html: False)
    walker = Walker(app, signals)

    walk(walker, app, one_question)

    assert any("rsvps.create after cancel: " in line for line in walker.lost)


def one_ticket(c: SampleRows) -> list[Look]:
    """An event with one ticket kind."""
    event = factories.event(c.owner)
    ticket(event, "Full")
    return [Look("stranger", event.path)]


def one_question(c: SampleRows) -> list[Look]:
    """An event with a question."""
    event = factories.event(c.owner)
    question(event, "What do you bring?", kind=LONG)
    return [Look("stranger", event.path)]


def walk_the_world(walker: Walker, app: Flask) -> None:
    """Visit every page as every role."""

    def bring_back() -> Any:
        return snapshots.sample_site_of(app, secret=False)

    here = bring_back()
    walker.known = handles(here)
    for role in ROLES:
        number = sample_site.ROLES.index(role)
        for rule in sample_site.rules(app, "GET"):
            if rule.endpoint not in STREAMS and LETTERS[f"GET {rule.rule}"][number] == "y":
                tab = here.browser(app, role)
                walker.look(
                    f"{role} at the sample site", bring_back, tab, here.path(rule), scope=role
                )


def walk_the_form_site(walker: Walker, app: Flask) -> None:
    """Visit every page, including those that only emails link to."""

    def bring_back() -> Any:
        return snapshots.load(app, "form site", lambda: FormSite(app))

    here = bring_back()
    walker.known = {**dict.fromkeys(sample_site.ROLES, here.handle), "owner": "ana-souza"}
    for rule in sample_site.rules(app, "GET"):
        if rule.endpoint not in STREAMS:
            walker.look(
                "Ana at the form site", bring_back, here.tab, here.path_of(rule), scope="owner"
            )


def walk(walker: Walker, app: Flask, scene: Any) -> None:
    """Visit the pages of this scene."""
    here = snapshots.sample_site_of(app, secret=False)

    def build() -> Any:
        factories.forget()
        looks = scene(SampleRows(here))
        db.session.commit()
        return looks

    def bring_back() -> Any:
        return snapshots.load(app, scene.__name__, build, upon=("sample site", False))

    for number, look in enumerate(bring_back()):
        tab, walker.known = here.browser(app, look.who), {**handles(here), **look.known}
        where = f"{look.who} at {scene.__name__}"
        walker.look(where, bring_back, tab, look.path, look.then, scope=f"{where} {number}")


def handles(here: sample_site.SampleSite) -> dict[str, str]:
    """Return the handles of the sample site's people by role."""
    return {role: person.handle for role, person in here.people.items()}
