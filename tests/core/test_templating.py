"""Imported macros know what every template knows, and nothing of the page that imports them."""

import markupsafe
import pytest
import sqlalchemy as sa
from flask import Flask
from flask_babel import Babel, force_locale, lazy_gettext
from jinja2 import DictLoader, Environment, UndefinedError
from markupsafe import Markup

from webapp.accounts.models import User
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.core.ui.template_globals import PlainTemplate, cached_macro, escape

pytestmark = pytest.mark.any_database
CARD = "{% macro card(title, mine) %}<b>{{ note(title) }}{{ mine }}</b>{% endmacro %}"
PAGES = {
    "macros.html": (
        "{% macro site() %}{{ said_once }}{% endmacro %}{% macro reader() %}{{ name.first }}{% "
        "endmacro %}"
    ),
    "page.html": "{% from 'macros.html' import site %}{{ site() }}",
    "curious.html": "{% from 'macros.html' import reader %}{{ reader() }}",
}


@pytest.fixture
def pages():
    environment = Environment(loader=DictLoader(PAGES), autoescape=True)
    environment.template_class = PlainTemplate
    environment.globals["said_once"] = "Folkmoot"
    return environment


def test_a_macro_knows_what_the_site_says(pages):
    page = pages.get_template("page.html")
    assert page.render() == page.render(name="Ana") == "Folkmoot"


def test_a_macro_does_not_know_what_one_page_was_given(pages):
    with pytest.raises(UndefinedError):
        pages.get_template("curious.html").render(name={"first": "Ana"})


@pytest.mark.parametrize("thing", ["person.place", "rows.place", "names.place"])
def test_a_template_that_names_what_a_row_or_module_lacks_is_noticed(app, context, ana, thing):
    given = {"person": ana, "rows": db.session.execute(sa.select(User.id)).first(), "names": clock}
    with pytest.raises(UndefinedError):
        app.jinja_env.from_string(f"{{% if {thing} %}}Here{{% endif %}}").render(**given)


def test_the_sites_templates_are_such(app):
    assert isinstance(app.jinja_env.get_template("layout/page.html"), PlainTemplate)


def test_what_is_kept_is_drawn_once_for_the_same_values_in_each_language():
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
def test_templates_escape_as_markupsafe_does(app, value):
    with app.test_request_context():
        assert str(escape(value)) == str(markupsafe.escape(value))
        page = app.jinja_env.from_string("{{ value }}<br>{{ value|e }}")
        assert (
            page.render(value=value) == f"{markupsafe.escape(value)}<br>{markupsafe.escape(value)}"
        )


def test_what_a_macro_returns_is_escaped_once(pages):
    page = pages.from_string(
        "{% macro name(who) %}<b>{{ who }}</b>{% endmacro %}{{ name('<') ~ '>' }}{{ name('<') }}"
    )
    assert page.render() == "<b>&lt;</b>&gt;<b>&lt;</b>"


def test_a_block_that_is_set_is_not_escaped_again(pages):
    page = pages.from_string("{% set part %}<b>{{ who }}</b>{% endset %}{{ part }}{{ part ~ who }}")
    assert page.render(who="<") == "<b>&lt;</b><b>&lt;</b>&lt;"
