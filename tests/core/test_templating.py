"""Macros see template globals but not the page that imports them."""

from functools import partial

import markupsafe
import pytest
import sqlalchemy as sa
from flask import Flask
from flask_babel import Babel, force_locale, lazy_gettext
from jinja2 import (
    DictLoader,
    Environment,
    UndefinedError,
    pass_context,
    pass_environment,
    pass_eval_context,
)
from jinja2.runtime import Context
from markupsafe import Markup

from tests import factories
from webapp.accounts.models import User
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.core.ui.cached_macro import cached_macro, placeholder
from webapp.core.ui.template_engine import FastContext, FastTemplate, escape

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


@pass_context
def of_context(context, word):
    return f"{word} {context['name']}"


@pass_eval_context
def of_escaping(place, word):
    return f"{word} {place.autoescape}"


@pass_environment
def of_environment(environment, word):
    return f"{word} {environment.autoescape}"


class Greeter:
    def __call__(self, word):
        return f"{word}!"

    @pass_context
    def greet(self, context, word):
        return of_context(context, word)


@pytest.mark.parametrize(
    "greet",
    [of_context, of_escaping, of_environment, Greeter(), Greeter().greet, str.upper, partial(max)],
)
@pytest.mark.parametrize(
    "page",
    [
        "{{ greet('hello') }}",
        "{% for name in ['Ben'] %}{{ greet('hello') }}{% endfor %}",
        "{% block one %}{% set name = 'Ben' %}{{ greet(word) }}{% endblock %}",
        "{% macro one(word) %}{{ greet(word) }}{{ caller(word) }}{% endmacro %}"
        "{% call(it) one('hello') %}{{ it }}{{ name }}{% endcall %}",
    ],
    ids=["call", "loop", "block", "macro"],
)
def test_templates_call_functions_like_jinja(greet, page):
    pages = []
    for kind in (Context, FastContext):
        environment = Environment(autoescape=True)
        environment.context_class = kind
        environment.globals["name"] = "Ana"
        pages.append(environment.from_string(page).render(greet=greet, word="hello"))
    assert pages[0] == pages[1] != ""


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


@pytest.mark.parametrize(
    "page",
    [
        "{% macro m(a, b=2, c=a) %}{{ a }}{{ b }}{{ c }}{% endmacro %}"
        "{{ m(word) }}{{ m(word, c='<') }}",
        "{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(word, 2, d=3) }}",
        "{% macro m(a) %}{{ a }}{{ kwargs }}{% endmacro %}{{ m(a=word) }}{{ m() }}",
        "{% macro m(a) %}{{ a or '' }}{{ caller and caller() }}{% endmacro %}{{ m(word) }}",
        "{% autoescape false %}{% macro m(a) %}{{ a }}{% endmacro %}"
        "{{ m(word) ~ word }}{% endautoescape %}",
    ],
)
def test_a_macro_renders_like_jinja(app, page):
    environment = Environment(autoescape=True)
    environment.filters.update(app.jinja_env.filters)
    with app.test_request_context():
        drawn = app.jinja_env.from_string(page).render(word="<b>")
    assert drawn == environment.from_string(page).render(word="<b>")


@pytest.mark.parametrize("call", ["m(1, 2)", "m(1, b=2)", "m(1, a=2)"])
def test_a_macro_refuses_unknown_arguments(app, call):
    page = app.jinja_env.from_string("{% macro m(a) %}{{ a }}{% endmacro %}{{ " + call + " }}")
    with app.test_request_context(), pytest.raises(TypeError):
        page.render()


@pytest.mark.parametrize("value", ["<b>", Markup("<b>"), 3, 1.5, True, None, lazy_gettext("Save")])
def test_a_translated_message_with_a_value_is_escaped_like_markupsafe(app, value):
    page = app.jinja_env.from_string("{{ _('One of %(it)s', it=value) }}")
    with app.test_request_context():
        assert page.render(value=value) == Markup("One of %(it)s") % {"it": value}
