"""Cached HTML and cached text show what a fresh rendering would, to every reader."""

import re
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from babel import Locale
from flask import Flask
from flask_babel import Babel, get_locale
from jinja2 import DictLoader
from markupsafe import Markup
from sqlalchemy.orm import aliased

from tests import sample_site, shared_fixtures, snapshots
from webapp.accounts.models import User
from webapp.core import i18n
from webapp.core.db.session import cached_statement
from webapp.core.extensions import db
from webapp.core.ui.cached_macro import cached_macro, placeholder
from webapp.core.ui.template_engine import Drawing, FastEnvironment
from webapp.core.ui.template_globals import avatar

pytestmark = pytest.mark.any_database
ROW = "{% macro row(it) %}{{ it[0] }}{% endmacro %}"
#: What differs at each request: tokens, keys, and how long ago something was.
OF_A_REQUEST = re.compile(r'value="[\w.\-]{20,}"|data-draft-\w+="[^"]*"|\d+ \w+ ago')
#: The pages with most parts that readers share.
PAGES = ("home.show", "events.index", "events.show", "groups.index", "groups.show", "votes.index")
MORE_PAGES = (
    "votes.show",
    "inbox.index",
    "threads.show",
    "event_agenda.index",
    "event_tasks.index",
)


@pytest.fixture
def row():
    """A cached macro that writes the first of a tuple's values."""
    app = Flask(__name__)
    Babel(app)
    app.jinja_env.loader = DictLoader({"row.html": ROW})
    with app.test_request_context():
        yield cached_macro(app, "row.html", "row", 10)


def test_html_in_a_tuple_is_never_taken_for_the_same_text(row):
    assert row((Drawing("<b>"), 1)) == "<b>"
    assert row(("<b>", 1)) == "&lt;b&gt;"


def test_html_in_a_tuple_must_be_a_drawing(row):
    for given in ({"it": (Markup("<b>"), 1)}, {"it": ((Markup("<b>"),), 1)}):
        with pytest.raises(TypeError, match="Drawing"):
            row(*given.values())
        with pytest.raises(TypeError, match="Drawing"):
            row(**given)


def test_avatars_of_a_name_and_of_the_same_html_differ():
    html, text = (avatar("1", name, alone=True) for name in (Markup("<b>A</b>"), "<b>A</b>"))
    assert "<b>A</b>" in html
    assert "<b>A</b>" not in text


@pytest.mark.parametrize("name", ["user_id", "Name", "", "é"])
def test_placeholders_have_plain_names(name):
    with pytest.raises(ValueError, match="name"):
        placeholder(name)


def test_text_that_looks_like_a_placeholder_stays_text(row):
    html = row(("\0csrf\0", 1), fill={"csrf": "the token"})
    assert "csrf" in html
    assert "the token" not in html


def test_a_forced_language_leaves_the_readers_own(app):
    with app.test_request_context(headers={"Accept-Language": "en-US"}):
        with i18n.force_locale("en"):
            pass
        assert i18n.locale_here() == get_locale() == Locale.parse("en@12")


def test_cached_text_tells_rows_with_other_columns_apart(app, context):
    @i18n.cached_text
    def free(row):
        return row.free

    first, second = (
        sa.select(*(sa.literal(n).label(name) for n, name in enumerate(names)))
        for names in (("free", "waiting"), ("waiting", "free"))
    )
    assert [free(db.session.execute(one).one()) for one in (first, second)] == [0, 1]


def test_a_cached_statement_of_an_alias_returns_the_entity(ana):
    @cached_statement
    def people(user, _now):
        who = aliased(User)
        return sa.select(who).where(who.id == user.id)

    assert people(ana) == [(ana,)]


@pytest.mark.parametrize("value", [1.5, True])
def test_sentences_format_numbers(app, value):
    with app.test_request_context():
        page = app.jinja_env.from_string("{{ _('%(it).1f', it=value) }}")
        assert page.render(value=value) == f"{value:.1f}"


def test_text_of_a_template_stays_when_its_code_is_joined():
    environment = FastEnvironment(SimpleNamespace(create_global_jinja_loader=lambda: None))
    sentence = "for event in gen:\nyield from nowhere"
    assert environment.from_string(sentence).render() == sentence


def test_templates_have_no_globals_of_their_own(app):
    with pytest.raises(TypeError):
        app.jinja_env.get_template("layout/page.html", globals={"name": "Ana"})


@pytest.mark.long(4)
def test_pages_from_the_cache_equal_fresh_ones_for_every_reader(app, context):
    here = snapshots.sample_site_of(app, secret=False)
    paths = [here.path(rule) for rule in sample_site.rules(app, "GET") if rule.endpoint in PAGES]
    tabs = {role: here.browser(app, role) for role in ("visitor", "member", "owner")}
    visits = [(role, path) for role in tabs for path in paths]

    def shown(role, path):
        answer = tabs[role].get(path)
        return answer.status_code == 200 and OF_A_REQUEST.sub("", answer.text)

    for _ in range(2):  # the first visit may mark something as read
        cached = {visit: shown(*visit) for visit in visits}
    assert sum(map(bool, cached.values())) > 15
    for visit in visits:
        shared_fixtures.forget_drawings(app.jinja_env)
        assert shown(*visit) == cached[visit], visit
