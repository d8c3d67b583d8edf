"""People with one name, and people whose family name comes first."""

import re

import pytest
import sqlalchemy as sa

from tests import factories
from tests.accounts.conftest import someone
from tests.conversation.talking import said, thread
from webapp.accounts import reads
from webapp.accounts.models import User
from webapp.attendance import rsvps
from webapp.config import ROOT
from webapp.core.extensions import db
from webapp.groups.models import ORGANIZER

pytestmark = pytest.mark.usefixtures("context")

ONE = {"first_name": "Suharto", "last_name": "", "email": "suharto@example.org"}


def sign_up(page, values, language):
    page.get("/sign-up", headers={"Accept-Language": language})
    page.submit("/sign-up", **someone(**values))
    assert page.path.startswith("/sign-up/email-sent")


def test_someone_with_one_name_signs_up(visitor, emailed):
    sign_up(visitor, ONE, "id")

    person = reads.by_email("suharto@example.org")
    assert (person.name, person.last_name, person.handle) == ("Suharto", "", "suharto")
    assert person.search_text == "suharto suharto"


@pytest.mark.parametrize(
    ("language", "name", "first_field"),
    [
        ("hu", "Nagy Anna", "last_name"),
        ("ja-JP,en;q=0.5", "Nagy Anna", "last_name"),
        ("zh-Hant-TW", "Nagy Anna", "last_name"),
        ("en-GB,hu;q=0.5", "Anna Nagy", "first_name"),
        ("", "Anna Nagy", "first_name"),
    ],
)
def test_the_order_of_names_is_proposed_by_the_browsers_language(
    visitor, emailed, language, name, first_field
):
    values = {"first_name": "Anna", "last_name": "Nagy", "email": "anna@example.org"}
    sign_up(visitor, values, language)

    assert reads.by_email("anna@example.org").name == name
    visitor.get("/sign-up", headers={"Accept-Language": language})
    fields = [one["name"] for one in visitor.page.select("input[name$=_name]")]
    assert fields[0] == first_field


@pytest.mark.parametrize(("chosen", "name"), [("y", "Nagy Anna"), (None, "Anna Nagy")])
@pytest.mark.parametrize("language", ["en", "hu"])
def test_newcomers_choose_the_order_of_their_names(visitor, emailed, language, chosen, name):
    values = {"first_name": "Anna", "last_name": "Nagy", "email": "anna@example.org"}
    sign_up(visitor, {**values, "family_name_first": chosen}, language)

    assert reads.by_email("anna@example.org").name == name


def test_people_choose_the_order_and_drop_a_name_on_their_profile(browser, ana):
    page = browser(ana)
    page.get("/account/profile")
    page.submit("/account/profile", family_name_first="y")
    db.session.expire_all()
    assert (ana.name, ana.search_text) == ("Souza Ana", "souza ana ana-souza")

    page.get("/account/profile")
    assert page.page.find("input", {"name": "family_name_first"}).has_attr("checked")
    page.submit("/account/profile", last_name="")
    db.session.expire_all()
    assert (ana.name, ana.search_text) == ("Ana", "ana ana-souza")


@pytest.mark.both_databases
def test_statements_compose_names_as_python_does(context):
    for last_name in ("Nagy", ""):
        for order in (True, False):
            factories.user("Anna", last_name, handle=f"a{last_name}{order}".lower(),
                           family_name_first=order)  # fmt: skip
    db.session.expire_all()

    people = db.session.execute(sa.select(User, User.name.label("shown"))).all()

    assert [row.shown for row in people] == [row.User.name for row in people]
    assert {row.shown for row in people} == {"Anna Nagy", "Nagy Anna", "Anna"}


@pytest.mark.parametrize(
    ("names", "shown", "initials"),
    [
        ({"first_name": "Suharto", "last_name": ""}, "Suharto", "S"),
        ({"first_name": "Anna", "last_name": "Nagy", "family_name_first": True}, "Nagy Anna", "NA"),
    ],
)
def test_every_list_shows_the_name_as_the_person_chose(browser, ana, names, shown, initials):
    person = factories.user(**names, handle="chosen")
    group = factories.group(ana)
    factories.membership(group, person, ORGANIZER)
    event = factories.event(ana, group)
    rsvps.answer(event, by=person)
    talk = thread(group, person, "Boats", "Who comes?")
    said(talk, person, "I do.")
    db.session.commit()
    page = browser(ana)

    for path in (
        group.path,
        f"{group.path}/members",
        f"{group.path}/manage/members",
        f"{group.path}/conversation",
        f"{group.path}/conversation/{talk.id}",
        event.path,
        f"{event.path}/people",
        f"{event.path}/manage/attendees",
        "/people/chosen",
    ):
        page.get(path)
        words = " ".join(page.page.get_text(" ").split())
        assert shown in words, path
    page.get("/people/chosen")
    assert initials in page.page.select_one("main .av").get_text()
    csv = page.get(f"{group.path}/members.csv").get_data(as_text=True)
    assert f"{names['first_name']},{names['last_name']},chosen" in csv


def test_names_are_composed_in_one_place():
    both = re.compile(r"first_name[\"']?\]?\}?\s*[+~]|first_name\}\s?\{")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for folder in ("webapp", "templates", "scripts", "bench")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".py", ".html")
        for line in path.read_text().splitlines()
        if both.search(line)
    ]

    assert {line.split(":")[0] for line in found} <= {
        "webapp/accounts/handles.py",
        "webapp/accounts/models.py",
    }, found
