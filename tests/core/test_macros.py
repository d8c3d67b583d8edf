"""The form macros, rendered with a sample form: their text, and which elements refer to which."""

import re
from datetime import datetime
from types import SimpleNamespace

import pytest
import wtforms
from flask import render_template_string
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    EmailField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, Email, InputRequired, Length

from webapp.config import ROOT
from webapp.core import library_internals
from webapp.core.http.pages import Page

pytestmark = pytest.mark.any_database


class Toy(FlaskForm):
    title = StringField("Title", [DataRequired(), Length(max=120)])
    email = EmailField("Email", [Email("An email address has something after the @")])
    starts = DateTimeLocalField("Starts", format="%Y-%m-%dT%H:%M")
    guests = SelectField(
        "Guests each", choices=[SelectChoice("0", "None"), SelectChoice("1", "Up to 1")]
    )
    secret = PasswordField("Password")
    place = RadioField(
        "Kind of place", choices=[SelectChoice("hall", "A place"), SelectChoice("online", "Online")]
    )
    reach = RadioField(
        "Visibility",
        [InputRequired("Say who can find it")],
        choices=[SelectChoice("group", "The group"), SelectChoice("all", "Everyone")],
    )
    topics = SelectMultipleField(
        "Topics", choices=[SelectChoice("r", "River"), SelectChoice("n", "Night")]
    )
    terms = BooleanField("I have read the house rules", [DataRequired("Read them first")])


def mended(form):
    for field in form:
        field.errors = []
    return form


@pytest.fixture
def draw(bare):
    def drawn(template, source="forms", **context):
        names = re.findall(
            r"^{%-? macro (\w+)", (ROOT / f"templates/macros/{source}.html").read_text(), re.M
        )
        with bare.test_request_context():
            html = render_template_string(
                f'{{% from "macros/{source}.html" import {", ".join(names)} %}}{template}',
                **context,
            )
        return " ".join(html.split())

    return drawn


@pytest.fixture
def refused(bare):
    with bare.test_request_context():
        form = Toy(
            data={"title": "Eel <count>", "email": "ana@", "guests": "0"}, meta={"csrf": False}
        )
        form.validate()
        form.place.errors = form.topics.errors = []
        return form


def test_a_field_has_its_label_and_an_escaped_value(draw, refused):
    html = draw('{{ field(form.title, opt="short", autocomplete="off") }}', form=refused)
    assert '<label for="title">Title <span class="opt">short</span></label>' in html
    assert 'value="Eel &lt;count&gt;"' in html
    assert 'autocomplete="off"' in html
    assert "aria-invalid" not in html
    assert "aria-describedby" not in html


def test_an_invalid_field_is_described_by_its_error_and_hint(draw, refused):
    html = draw('{{ field(form.email, hint="We write seldom.") }}', form=refused)
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="email-err email-hint"' in html
    assert re.search(r'id="email-err">.*An email address has something after the @', html)
    assert html.index("email-err") < html.index('id="email-hint"')


def test_a_valid_field_is_described_by_its_hint(draw, refused):
    assert 'aria-describedby="guests-hint"' in draw(
        '{{ field(form.guests, hint="You too") }}', form=mended(refused)
    )


def test_the_error_summary_links_every_problem_to_its_field(draw, refused):
    refused.form_errors = ["Someone else changed this."]
    html = draw("{{ problems(form) }}", form=refused)
    assert 'role="alert"' in html
    assert "<li>Someone else changed this.</li>" in html
    for name in ("email", "reach", "terms"):
        assert f'<a href="#{name}">' in html
    assert f"Please check {html.count('<li>')} things" in html


def test_the_error_summary_has_a_singular_and_is_empty_without_errors(draw, refused):
    form = mended(refused)
    assert draw("{{ problems(form) }}", form=form).strip() == ""
    form.title.errors = ["Give it a title."]
    assert "Please check one thing" in draw("{{ problems(form) }}", form=form)


def test_only_the_first_invalid_field_gets_the_focus(draw, refused):
    html = draw(
        "{{ problems(form) }}{{ field(form.title) }}{{ field(form.email) }}{{ choice(form.reach) "
        "}}{{ check(form.terms) }}",
        form=refused,
    )
    assert re.findall(r"<input[^>]*autofocus[^>]*>", html) == [
        re.search(r'<input[^>]*id="email"[^>]*>', html).group()
    ]


def test_a_choice_is_a_labelled_group_described_by_its_error(draw, refused):
    html = draw(
        '{{ choice(form.reach, {"all": "globe"}, {"group": "Members see it"}) }}', form=refused
    )
    assert (
        '<fieldset class="field" id="reach" role="radiogroup" aria-describedby="reach-err" '
        'aria-invalid="true"> <legend>Visibility</legend>' in html
    )
    assert re.findall(r'type="radio" name="reach" id="(reach-\d)" value="(\w+)"', html) == [
        ("reach-0", "group"),
        ("reach-1", "all"),
    ]
    assert "icons.svg#globe" in html
    assert "Members see it" in html


def test_seg_and_pick_check_the_chosen_values(draw, refused):
    refused.place.data = "online"
    refused.topics.data = ["n"]
    html = draw("{{ seg(form.place) }}{{ pick(form.topics) }}", form=refused)
    assert re.findall(r'value="(\w+)" checked', html) == ["online", "n"]
    assert '<legend class="sr">Kind of place</legend>' in html


def test_a_checkbox_is_described_by_its_error(draw, refused):
    html = draw("{{ check(form.terms) }}", form=refused)
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="terms-err"' in html
    assert 'id="terms-err"' in html


def test_a_password_field_is_never_prefilled_and_refers_to_its_rules(draw, refused):
    refused.secret.data = "hunter2"
    html = draw(
        '{{ password(form.secret, rules="rules") }}{{ password_rules("rules") }}', form=refused
    )
    assert "hunter2" not in html
    assert 'aria-describedby="rules"' in html
    assert 'data-reveal="secret"' in html
    assert re.findall(r'data-rule="(\w+)"', html) == [
        "length",
        "upper",
        "lower",
        "digit",
        "special",
        "long",
    ]


@pytest.mark.parametrize(
    ("number", "links", "words"),
    [
        (1, ["/m?q=x&amp;page=2"], "1 to 7 of 20 · page 1 of 3"),
        (2, ["/m?q=x", "/m?q=x&amp;page=3"], "8 to 14 of 20 · page 2 of 3"),
        (3, ["/m?q=x&amp;page=2"], "15 to 20 of 20 · page 3 of 3"),
        (9, ["/m?q=x&amp;page=3"], "20 in all · page 9 of 3"),
    ],
)
def test_the_pager_has_real_links(draw, number, links, words):
    html = draw(
        '{{ pager(page, "/m?q=x", "Member pages", "members") }}',
        "pager",
        page=Page([], 20, number, 7),
    )
    assert re.findall(r'<a [^>]*? href="([^"]*)"', html) == links
    assert html.count('hx-target="#members"') == len(links)
    assert words in html


@pytest.mark.parametrize("total", [0, 7])
def test_a_list_of_one_page_has_no_pager(draw, total):
    html = draw('{{ pager(page, "/m", "Pages") }}', "pager", page=Page([], total, 1, 7))
    assert html.strip() == ""


def test_the_pager_links_back_past_the_end_of_a_list(draw):
    html = draw('{{ pager(page, "/m", "Pages") }}', "pager", page=Page([], 3, 2, 7))
    assert re.findall(r'<a [^>]*? href="([^"]*)"', html) == ["/m"]


def test_a_dialog_opener_is_a_link_to_its_page(draw):
    html = draw(
        '{{ opener("sure", "Cancel", "/x") }}{{ dialog("sure", "Cancel it?", "We tell 3.", "/x", '
        '"Cancel it", "Keep it") }}',
        "dialog",
    )
    assert '<a class="btn danger" href="/x" data-dialog="sure">' in html
    assert '<dialog id="sure" aria-labelledby="sure-title">' in html
    assert 'name="csrf_token"' in html
    assert 'command="close" commandfor="sure"' in html


def test_an_event_in_a_list_shows_its_escaped_title_and_facts(draw):
    row = SimpleNamespace(
        id="e",
        url="/events/e",
        title="Seed <swap>",
        starts=datetime(2027, 2, 27, 11),
        meta="Leith",
        chip=("yes", "You’re going"),
        arts=(("hills", "dawn"),),
    )
    html = draw("{{ ev(row) }}", "parts", row=row)
    assert '<a href="/events/e">Seed &lt;swap&gt;</a>' in html
    assert re.search(r'datetime="2027-02-27"><span>Sat</span> <b>27</b> <span>Feb</span>', html)
    assert "11:00" in html
    assert "icons.svg#check" in html


def test_a_large_seat_ring_says_what_each_stone_means(draw):
    assert "Each stone means 2." in draw(
        '{{ ring("64%", "have voted", "64 % have voted", 146, 93) }}', "parts"
    )
    assert "Each stone" not in draw('{{ ring("38", "of 40", "38 of 40", 40, 38) }}', "parts")


@pytest.mark.parametrize(
    "given",
    [
        {"name": "q", "id": "q", "value": "", "maxlength": 100},
        {"class_": "wide", "data_draft": "a:b", "aria_describedby": "q-err q-hint"},
        {"required": True, "readonly": False, "value": "\"<b>\" & 'so'"},
        {"value": Markup('"&lt;b&gt;"'), "title": None},
        {"value": lazy_gettext("Save & close")},
        {},
    ],
)
def test_a_tags_attributes_are_written_as_wtforms_writes_them(app, given):
    with app.test_request_context():
        assert library_internals.html_params(**given) == wtforms.widgets.html_params(**given)
        assert wtforms.widgets.core.html_params is library_internals.html_params
