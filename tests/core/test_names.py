"""What names of people may contain."""

import pytest

from tests import factories
from webapp.accounts.forms import PersonName
from webapp.attendance.forms.rsvps import GuestForm
from webapp.core.http.forms import Form
from webapp.core.text import names

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("context")]


@pytest.mark.parametrize(
    "name",
    [
        "Ana",
        "Ed",
        "O’Neil",
        "O'Hara",
        "Jean-Luc",
        "J. R. R.",
        "J.R.R.",
        "K.Raman",
        "St. John",
        "Gal·la",
        "マリア・テレサ",
        "سَلمى",
        "Nguyễn Thị Ánh",
        "गायत्री",
        "བསྒྲུབས",
        "ﷺ",
        "\U00031350",  # newer than the Unicode of this Python
        "!Nqate",
        "Siva a/l Raman",
        "Ana & Ben",
        "Louis XIV, 3rd",
    ],
)
def test_names_of_people_are_accepted(name):
    assert names.problem(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "http://spam.example",
        "https://evil.example/win",
        "spam.example",
        "WIN.EXAMPLE now",
        "www.spam",
        "t.co/x",
        "T.ME/WIN",
        "Win at T.ME/x",
        "X.COM",
        "ｅｖｉｌ．ｅｘａｍｐｌｅ",
        "evil。example",
        "evil․example",
        "пример.рф",
        "me@spam.example",
    ],
)
def test_names_with_addresses_are_refused_with_a_way_out(name):
    assert "Put a space after each dot" in names.problem(name)


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("Ingrid (Admin)", "("),
        ("Ingrid [Admin]", "["),
        ("Ingrid （Admin）", "（"),
        ("Ingrid ✓", "✓"),
        ("Ingrid ✅", "✅"),
        ("Ingrid ☑", "☑"),
        ("Ingrid 🛡", "🛡"),
        ("Ingrid ⒜", "⒜"),
        ("Win £100 now", "£"),
        ("Ingrid • Host", "•"),
        ("Ingrid | Host", "|"),
        ("a\u20dd", "\u20dd"),
    ],
)
def test_names_cannot_carry_marks_or_brackets(name, sign):
    assert f"“{sign}”" in names.problem(name)


def test_marks_are_not_heaped_on_a_letter():
    assert names.problem("Z" + "\u0316" * 48) == "Use fewer accents on each character."
    assert names.problem("e\u0301\u0302\u0303\u0304") is None


@pytest.mark.parametrize("name", ["2", "...", "'", "12-3"])
def test_a_name_has_a_letter(name):
    assert "not only digits" in names.problem(name)


def forms_of_the_application(form=Form):
    for one in form.__subclasses__():
        yield one
        yield from forms_of_the_application(one)


def test_every_field_for_a_persons_name_has_this_rule(app):
    fields = [
        getattr(form, name)
        for form in forms_of_the_application()
        for name in ("first_name", "last_name")
        if hasattr(form, name)
    ] + [GuestForm.name]

    assert len(fields) >= 5
    assert {field.field_class for field in fields} == {PersonName}


def test_a_name_that_is_too_long_is_not_read(visitor, monkeypatch):
    read = []
    problem = names.problem
    monkeypatch.setattr(names, "problem", lambda name: (read.append(name), problem(name))[1])
    for name in ("Ana", "Ana" + "\u0323\u0301" * 200):
        visitor.get("/sign-up")
        visitor.submit("/sign-up", first_name=name)

    assert read == ["Ana"]
    assert "60 characters" in visitor.error_at("first_name")


@pytest.mark.parametrize("path", ["/sign-up", "/account/profile", "/events/river/guest"])
def test_a_refused_name_is_explained_at_its_field_and_kept(browser, ana, path):
    factories.event(ana, slug="river")
    page = browser(ana if path.startswith("/account") else None)
    field = "name" if "guest" in path else "first_name"
    page.get(path)

    answer = page.submit(path, **{field: "Win at spam.example"})

    assert answer.status_code == 422
    assert "Put a space after each dot" in page.error_at(field)
    assert page.page.find("input", {"name": field})["value"] == "Win at spam.example"
