"""Imported macros know what every template knows, and nothing of the page that imports them."""

import pytest
from jinja2 import DictLoader, Environment, UndefinedError

from webapp.core.templating import PlainTemplate

pytestmark = pytest.mark.any_database
PAGES = {
    "macros.html": "{% macro site() %}{{ said_once }}{% endmacro %}{% macro reader() %}{{ name.first }}{% endmacro %}",
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


def test_the_sites_templates_are_such(app):
    assert isinstance(app.jinja_env.get_template("layout/page.html"), PlainTemplate)
