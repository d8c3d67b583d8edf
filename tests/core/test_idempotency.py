"""A form that creates something creates it once, however often it is sent."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
import sqlalchemy as sa

from tests import factories, images
from tests.browser_like import values_of
from tests.events.change_notices import tell_everyone
from tests.events.plans import fields
from webapp.config import ROOT
from webapp.core.db import idempotency
from webapp.core.db.base import new_id
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.events.models import Event
from webapp.groups.models import Group
from webapp.mail.models import OutgoingEmail
from webapp.news.models import NewsSource

#: Rows created by forms, whose ids say nothing about their time.
CREATED = re.compile(r"(?:create_once|pictured_once)\(\s*([A-Z]\w+)")
LISTED_BY_ID = re.compile(r"order_by\(\s*([A-Z]\w+)\.id\b")


def count_of(model) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def filled_in(tab, path: str, action: str, **values) -> dict:
    """Return the form on the page at `path`, filled in as a person would."""
    tab.get(path)
    form = tab.page.select_one(f"main form[action='{action}']")
    return {**values_of(form), **values}


def test_lists_are_not_ordered_by_ids_that_forms_derived():
    modules = {path: path.read_text() for path in sorted((ROOT / "webapp").rglob("*.py"))}
    created = {name for text in modules.values() for name in CREATED.findall(text)}
    assert {"CheckInEvent", "Event", "NewsSource", "Reply"} <= created

    assert [
        (str(path.relative_to(ROOT)), name)
        for path, text in modules.items()
        if "reads" in path.relative_to(ROOT).as_posix()
        for name in LISTED_BY_ID.findall(text)
        if name in created
    ] == []


def test_resubmitting_a_form_redirects_to_the_first_result(browser, ana):
    tab = browser(ana)
    form = filled_in(tab, "/groups/new", "/groups", name="Leith Garden")
    db.session.rollback()

    first, second = tab.post("/groups", form), tab.post("/groups", form)

    assert count_of(Group) == 1
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"] == "/groups/leith-garden"


def test_members_are_notified_once_of_an_event_submitted_twice(browser, ana, ben, emailed):
    emailed("event.published")
    group = factories.group(ana, ben)
    tab = browser(ana)
    form = filled_in(
        tab, f"/events/new?group={group.slug}", "/events", **fields(), **{"as": "published"}
    )
    db.session.rollback()

    for _ in range(3):
        assert tab.post("/events", form).status_code == 303

    assert count_of(Event) == 1
    tell_everyone()
    db.session.commit()
    assert count_of(OutgoingEmail) == 1


def test_resubmitting_a_form_with_other_values_creates_another_thing(browser, ana):
    tab = browser(ana)
    form = filled_in(tab, "/groups/new", "/groups", name="Leith Garden")
    db.session.rollback()

    tab.post("/groups", form)
    tab.post("/groups", {**form, "name": "Leith Choir"})

    assert count_of(Group) == 2


def test_only_another_picture_makes_the_resubmitted_form_a_new_event(browser, ana):
    tab = browser(ana)
    form = filled_in(tab, "/events/new", "/events", **fields())
    db.session.rollback()
    small, large = images.encoded(), images.from_a_camera()

    for content in (small, small, large):
        tab.post("/events", {**form, "picture": (BytesIO(content), "barn.jpg")})

    assert count_of(Event) == 2
    assert None not in db.session.scalars(sa.select(Event.picture)).all()


def test_the_same_form_from_two_people_creates_two_things(browser, ana, ben):
    tabs = browser(ana), browser(ben)
    form = filled_in(tabs[0], "/groups/new", "/groups", name="Leith Garden")
    db.session.rollback()

    for tab in tabs:
        tab.post("/groups", {**form, "csrf_token": tab.csrf_token()})

    assert count_of(Group) == 2


@pytest.mark.parametrize("is_twins", [True, False])
def test_a_duplicate_refused_because_of_its_twin_gets_the_twins_result(app, ana, is_twins):
    def make(id):
        db.session.add(NewsSource(id=id if is_twins else new_id(), url="https://weir.example.org/"))
        db.session.commit()  # as the other request does at that moment
        raise UserError("This feed has already been added.")

    with app.test_request_context(method="POST", data={"once": "word"}):
        if is_twins:
            source, is_new = idempotency.create_once(NewsSource, ana, make)
            assert (source.url, is_new) == ("https://weir.example.org/", False)
        else:
            with pytest.raises(UserError):
                idempotency.create_once(NewsSource, ana, make)


@pytest.mark.parametrize("carries_word", [True, False], ids=["with its word", "control: without"])
def test_six_parallel_submissions_create_one_thing(app, browser, ana, carries_word):
    tab = browser(ana)
    form = filled_in(tab, "/groups/new", "/groups", name="Leith Garden")
    if not carries_word:
        form.pop("once")
    tabs = [browser(ana) for _ in range(6)]
    forms = [{**form, "csrf_token": each.csrf_token()} for each in tabs]
    db.session.rollback()
    gate = threading.Barrier(6)

    def send(number: int) -> int:
        gate.wait()
        return tabs[number].post("/groups", forms[number]).status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(send, range(6)))

    assert 500 not in statuses
    assert (count_of(Group) == 1) is carries_word
