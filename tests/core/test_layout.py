"""The layouts of pages, errors and emails."""

import re
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from flask import render_template_string
from jinja2 import meta, nodes

from webapp.config import ROOT
from webapp.core.http.static_files import BUNDLES, Assets, minified
from webapp.mail.jobs.rendering import text_of

pytestmark = pytest.mark.any_database

PEOPLE = {
    "visitor": SimpleNamespace(is_authenticated=False),
    "member": SimpleNamespace(
        is_authenticated=True,
        id="42",
        name="Yuki Hasegawa",
        handle="yuki",
        is_admin=False,
        theme="dark",
        accent="river",
        text_size="large",
    ),
    "plain": SimpleNamespace(
        is_authenticated=True,
        id="42",
        name="Yuki Hasegawa",
        handle="yuki",
        is_admin=False,
        theme=None,
        accent="meadow",
        text_size="normal",
    ),
}
PAGE = """
{% extends "layout/page.html" %}
{% set section = "events" %}
{% block title %}Seed swap{% endblock %}
{% block main %}<h1>Seed swap</h1>{% endblock %}
"""


@pytest.fixture
def page(bare):
    def drawn(who, path="/events", template=PAGE, **context):
        with bare.test_request_context(path):
            return render_template_string(template, current_user=PEOPLE[who], **context)

    return drawn


#: The link at the end of every email.
FEET = [
    "Privacy: http://127.0.0.1/privacy",
    "House rules: http://127.0.0.1/terms",
    "Imprint: http://127.0.0.1/imprint",
]


def test_a_visitors_page_has_no_post_form_and_no_stream(page):
    html = page("visitor")
    assert 'method="post"' not in html
    assert "csrf" not in html
    assert "data-live" not in html
    assert "js/site." not in html
    assert 'href="/sign-in' in html
    assert '<html lang="en" dir="ltr">' in html


def test_a_members_page_has_their_theme_and_subscribes_to_their_inbox(page):
    html = page("member", live_topics="event:7")
    assert (
        '<html lang="en" dir="ltr" data-theme="dark" data-accent="river" data-text="large">' in html
    )
    assert '<body data-live="event:7 user:42:inbox">' in html
    assert 'hx-trigger="user:42:inbox from:body delay:300ms, live from:body"' in html
    assert '2<span class="sr"> unread</span>' in html


def test_default_appearance_settings_add_no_attributes(page):
    assert '<html lang="en" dir="ltr">' in page("plain")


def test_navigation_marks_the_current_page_or_section(page):
    assert '<a href="/events" aria-current="page">' in page("member")
    assert '<a href="/events" aria-current="true">' in page("member", "/events/seed-swap")


def test_the_title_of_a_refused_form_begins_with_error(page):
    assert "<title>Seed swap · Leith</title>" in page("member")
    assert "<title>Error: Seed swap · Leith</title>" in page("member", invalid=True)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422, 429, 500, 503])
def test_error_pages_render_without_loading_the_user(bare, status):
    with bare.test_request_context("/events?page=2"):
        context = {
            "status": status,
            "title": "Page not found",
            "sentence": "It is gone.",
            "reference": "7k2m",
            "retry_after": 42 if status == 429 else None,
        }
        whole = bare.jinja_env.get_template("errors/page.html").render(context)
        part = bare.jinja_env.get_template("errors/_message.html").render(context)
    assert "<title>Page not found · Leith</title>" in whole
    assert part.startswith('<hx-partial id="messages">')
    for html in (whole, part):
        assert "It is gone." in html
        assert "7k2m" in html
        assert ("Wait 42 seconds" in html) is (status == 429)
    assert whole.partition("<main")[2].count('class="btn main"') == 1


EMAIL = {
    "preheader": "Pre",
    "heading": "Two seats",
    "greeting": "<p>Hello</p>",
    "body": "<p>Take them</p>",
    "why": "You asked.",
}


def test_emails_have_their_parts_in_order_in_html_and_plain_text(bare):
    blocks = "".join(
        f"{{% block {name} %}}{words}{{% endblock %}}" for name, words in EMAIL.items()
    )
    with bare.test_request_context():
        html = render_template_string('{% extends "layout/mail.html" %}' + blocks)
    assert "<title>Two seats</title>" in html
    assert [
        html.index(word) for word in ("Pre<", ">Two seats</h1", "Hello", "Take", "You asked")
    ] == sorted(
        html.index(word) for word in ("Pre<", ">Two seats</h1", "Hello", "Take", "You asked")
    )
    assert text_of(html).splitlines() == [
        "Two seats",
        "",
        "Hello",
        "",
        "Take them",
        "",
        "--",
        "Leith",
        "You asked.",
        *FEET,
    ]


def test_no_template_contains_what_the_csp_forbids():
    for path in (ROOT / "templates").rglob("*.html"):
        source = path.read_text()
        assert not re.search(
            r"""\s(style|on(?!ly=)[a-z]+|hx-on[^=]*)=["']|<style|javascript:""", source
        ), path


@pytest.fixture(scope="module")
def assets(tmp_path_factory):
    """All static files, written once."""
    return Assets(ROOT / "static", tmp_path_factory.mktemp("static"))


def test_shared_styles_are_bundled_in_one_stylesheet(assets):
    sent = (assets.target / assets.names["css/site.css"]).read_text()
    for part in BUNDLES["css/site.css"]:
        assert minified(Path(part), ROOT / "static" / part).decode() in sent
    assert sent.index("@layer tokens, base, components, utilities;") < sent.index("@layer base {")


def test_bundled_scripts_do_not_share_names(assets):
    for name, parts in BUNDLES.items():
        if name.endswith(".js"):
            sources = [minified(Path(part), ROOT / "static" / part).decode() for part in parts]
            assert (assets.target / assets.names[name]).read_text() == "\n".join(
                f"{{\n{source}}}\n" for source in sources
            )
            assert not any(
                re.search(r"^(im|ex)port\b|^await\b", source, re.M) for source in sources
            ), name


def test_every_svg_symbol_has_a_unique_id():
    drawn = [
        symbol.get("id")
        for name in ("icons.svg", "covers.svg")
        for symbol in ElementTree.parse(ROOT / "static" / name).getroot()
    ]
    assert len(set(drawn)) == len(drawn) > 50


def test_a_first_visit_downloads_few_bytes(assets):
    everything = [
        "css/site.css",
        "css/figures.css",
        "css/home.css",
        "icons.svg",
        "js/site.js",
        "js/password.js",
        "vendor/htmx-4.0.1.min.js",
    ]
    assert (
        sum((assets.target / (assets.names[name] + ".gz")).stat().st_size for name in everything)
        < 45_000
    )


def test_no_page_variable_clashes_with_a_layout_variable(app):
    def source(name):
        return app.jinja_env.loader.get_source(app.jinja_env, name)[0]

    def assigned(frame):
        found = app.jinja_env.parse(source(frame)).find_all((nodes.Assign, nodes.AssignBlock))
        targets = [
            name for node in found for name in [node.target, *node.target.find_all(nodes.Name)]
        ]
        return {name.name for name in targets if isinstance(name, nodes.Name)}

    own = {frame: assigned(frame) for frame in ("layout/page.html", "layout/bare.html")}
    shadowed = {}
    for name in app.jinja_env.list_templates(["html"]):
        of_layouts = set().union(*(words for frame, words in own.items() if frame != name))
        said = of_layouts & set(re.findall(r"\w+", source(name)))
        used = said and meta.find_undeclared_variables(app.jinja_env.parse(source(name)))
        shadowed[name] = sorted(said & used)
    assert all(own.values())
    assert not {name: words for name, words in shadowed.items() if words}
