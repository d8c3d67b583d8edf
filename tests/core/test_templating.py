"""Macros see template globals but not the page that imports them."""

import markupsafe
import pytest
import sqlalchemy as sa
from flask import Flask
from flask_babel import Babel, lazy_gettext
from jinja2 import DictLoader, Environment, UndefinedError
from markupsafe import Markup

from tests import factories
from webapp.accounts.models import User
from webapp.core.extensions import db
from webapp.core.i18n import force_locale
from webapp.core.time import clock
from webapp.core.ui.cached_macro import cached_macro, placeholder
from webapp.core.ui.template_engine import FastTemplate, escape

pytestmark = pytest.mark.any_database
GREETING = """
{%- macro greeting(word) %}{{ note(word) or "" }}<p>{{ word }} {{ placeholder("name") }}
{{- " " }}{{ placeholder("face") }}{{ placeholder("name") }}</p>{% endmacro %}"""
CARD = "{% macro card(title, mine) %}<b>{{ note(title) }}{{ mine }}</b>{% endmacro %}"
PAGES = {
    "macros.html": (
        "{% macro site() %}{{ cached_text }}{% endmacro %}{% macro reader() %}{{ name.first }}{% "
        "endmacro %}"
    ),
    "page.html": "{% from 'macros.html' import site %}{{ site() }}",
    "curious.html": "{% from 'macros.html' import reader %}{{ reader() }}",
}


@pytest.fixture
def pages():
    environment = Environment(loader=DictLoader(PAGES), autoescape=True)
    environment.template_class = FastTemplate
    environment.globals["cached_text"] = "Folkmoot"
    return environment


def test_macros_see_template_globals(pages):
    page = pages.get_template("page.html")
    assert page.render() == page.render(name="Ana") == "Folkmoot"


def test_macros_do_not_see_the_variables_of_a_page(pages):
    with pytest.raises(UndefinedError):
        pages.get_template("curious.html").render(name={"first": "Ana"})


@pytest.mark.parametrize("thing", ["person.place", "rows.place", "names.place"])
def test_a_template_that_uses_a_missing_attribute_raises_an_error(app, context, ana, thing):
    given = {"person": ana, "rows": db.session.execute(sa.select(User.id)).first(), "names": clock}
    with pytest.raises(UndefinedError):
        app.jinja_env.from_string(f"{{% if {thing} %}}Here{{% endif %}}").render(**given)


def test_the_sites_templates_use_the_plain_template_class(app):
    assert isinstance(app.jinja_env.get_template("layout/page.html"), FastTemplate)


def test_indentation_is_not_sent(app):
    page = app.jinja_env.from_string(
        "<ul>\n    {% if here %}\n\t<li>\n  {{ here }}{% endif %}\n  </ul>"
    )
    assert page.render(here="x") == "<ul> <li> x</ul>"


def test_cached_macros_render_once_per_values_and_language():
    app, said = Flask(__name__), []
    Babel(app)
    app.jinja_env.loader = DictLoader({"card.html": CARD})
    app.jinja_env.globals["note"] = lambda title: said.append(title) or title
    card = cached_macro(app, "card.html", "card", 10)

    with app.test_request_context():
        assert card("<i>", True) == card("<i>", True) == "<b>&lt;i&gt;True</b>"
        assert card("<i>", False) == "<b>&lt;i&gt;False</b>"
        with force_locale("de"):
            card("<i>", True)
    assert said == ["<i>"] * 3


class Marked:
    def __html__(self):
        return "<i>marked</i>"


@pytest.mark.parametrize(
    "value",
    ['<b> & "it\'s"', Markup("<b>"), None, 3, 1.5, lazy_gettext("Save & close"), Marked(), str],
    ids=["text", "markup", "none", "number", "fraction", "lazy", "marked", "class"],
)
def test_templates_escape_like_markupsafe(app, value):
    with app.test_request_context():
        assert str(escape(value)) == str(markupsafe.escape(value))
        page = app.jinja_env.from_string("{{ value }}<br>{{ value|e }}")
        assert (
            page.render(value=value) == f"{markupsafe.escape(value)}<br>{markupsafe.escape(value)}"
        )


def test_the_output_of_a_macro_is_escaped_once(pages):
    page = pages.from_string(
        "{% macro name(who) %}<b>{{ who }}</b>{% endmacro %}{{ name('<') ~ '>' }}{{ name('<') }}"
    )
    assert page.render() == "<b>&lt;</b>&gt;<b>&lt;</b>"


def test_a_set_block_is_not_escaped_again(pages):
    page = pages.from_string("{% set part %}<b>{{ who }}</b>{% endset %}{{ part }}{{ part ~ who }}")
    assert page.render(who="<") == "<b>&lt;</b><b>&lt;</b>&lt;"


def test_personal_content_fills_the_holes_of_cached_macros():
    app = Flask(__name__)
    Babel(app)
    app.jinja_env.loader = DictLoader({"card.html": GREETING})
    app.jinja_env.globals.update(placeholder=placeholder, note=(drawn := []).append)
    greeting = cached_macro(app, "card.html", "greeting", 10)

    with app.test_request_context():
        first = greeting("<i>", fill={"name": "<b>Ana", "face": Markup("<img>")})
        assert first == "<p>&lt;i&gt; &lt;b&gt;Ana <img>&lt;b&gt;Ana</p>"
        ben = {"name": "Ben", "face": ""}
        assert greeting("<i>", fill=ben) == "<p>&lt;i&gt; Ben Ben</p>"
        with pytest.raises(KeyError):
            greeting("<i>", fill={"name": "Ben"})
    assert drawn == ["<i>"]


@pytest.mark.parametrize("path", ["/events", "/groups", "/help"])
def test_the_layout_contains_nothing_of_the_previous_reader(browser, context, path):
    people = [factories.user("Ada", "Canary", is_admin=True), factories.user("Bo", "Canary")]
    db.session.commit()
    pages = []
    for person in (*people, None):
        tab = browser(person)
        pages.append(tab.get(path).text)
    for page, own in zip(pages, [*people, None], strict=True):
        for person in people:
            assert (person.name in page) is (person is own)
            assert (f"/people/{person.handle}" in page) is (person is own)
            assert (f"user:{person.id}" in page) is (person is own)
        assert ('href="/admin"' in page) is (own is not None and own.is_admin)


@pytest.mark.parametrize("value", ["<b>", Markup("<b>"), 3, 1.5, True, None, lazy_gettext("Save")])
def test_a_translated_message_with_a_value_is_escaped_like_markupsafe(app, value):
    page = app.jinja_env.from_string("{{ _('One of %(it)s', it=value) }}")
    with app.test_request_context():
        assert page.render(value=value) == Markup("One of %(it)s") % {"it": value}
