"""Who is online: on the page of an event or a vote, and in the list of members; only people the
reader can know of.
"""

import pytest

from tests import factories
from tests.voting import making
from webapp.accounts import blocks
from webapp.accounts.models import BLOCK, EVERYONE, GROUPS, MUTE, NOBODY
from webapp.core import live
from webapp.core.extensions import db
from webapp.core.live import Hub
from webapp.people import profiles
from webapp.voting.models import AFTER_CLOSE, AFTER_VOTING


@pytest.fixture(autouse=True)
def hub(app, monkeypatch):
    """A hub for each test."""
    monkeypatch.setitem(app.extensions, "live", Hub(places=100))
    return app.extensions["live"]


@pytest.fixture
def group(ana, ben):
    return factories.group(ana, ben, name="River walkers")


@pytest.fixture
def event(ana, group):
    return factories.event(ana, group, audience="everyone")


@pytest.fixture
def comes(browser):
    """A function: `comes(ben, topic)` opens a page of this topic for Ben, who lets others see it.

    It returns his browser's stream.
    """
    kept = []

    def open_page(person, topic, allows=True):
        person.shows_presence = allows
        db.session.commit()
        answer = browser(person).get("/live", query_string={"t": topic}, buffered=False)
        kept.append(answer)
        return iter(answer.response)

    yield open_page
    for answer in kept:
        answer.close()


def topic(thing):
    return f"{thing.__tablename__}:{thing.id}"


def named(page, path):
    """Return the sentence about who is online; "" if nobody is; None if the page has no place for
    it.
    """
    page.get(path)
    found = page.page.select_one("#here")
    return found and (found.select_one(".sr").text if found.select_one(".sr") else "")


def test_an_event_shows_who_else_has_it_open(event, ana, ben, browser, comes):
    page = browser(ana)
    assert named(page, event.path) == ""
    assert page.page.select_one("#here").has_attr("hidden")

    comes(ben, topic(event))
    comes(ben, topic(event))
    comes(ana, topic(event))

    assert named(page, event.path) == "Here now: Ben Okafor"
    assert len(page.page.select("#here .av")) == 1
    part = page.fragment(event.path, "here")
    assert part.status_code == 200
    assert "Ben Okafor" in part.text
    assert "<html" not in part.text


@pytest.mark.parametrize("profile_visibility", [EVERYONE, GROUPS, NOBODY])
def test_presence_names_only_people_whose_profile_the_reader_can_see(
    event, ana, ben, cem, browser, comes, profile_visibility
):
    ben.profile_visibility = profile_visibility
    comes(ben, topic(event))

    assert named(browser(ana), event.path) == (
        "" if profile_visibility == NOBODY else "Here now: Ben Okafor"
    )
    assert named(browser(cem), event.path) == (
        "Here now: Ben Okafor" if profile_visibility == EVERYONE else ""
    )
    assert named(browser(), event.path) is None


def test_only_people_who_currently_allow_it_are_shown_as_present(
    event, ana, ben, hub, browser, comes
):
    assert ben.shows_presence is False
    comes(ben, topic(event), allows=False)
    assert named(browser(ana), event.path) == ""
    assert live.people_at(topic(event)) == []  # and Redis wouldn't contain it

    ben.shows_presence = True
    db.session.commit()
    comes(ben, topic(event))
    ben.shows_presence = False
    db.session.commit()
    assert named(browser(ana), event.path) == ""


def test_open_streams_apply_a_changed_presence_setting_at_once(event, ben, hub, comes):
    stream = comes(ben, topic(event), allows=False)
    next(stream)

    profiles.edit(
        ben,
        (ben.first_name, ben.last_name),
        ben.handle,
        ben.profile_visibility,
        [],
        shows_presence=True,
    )
    db.session.commit()
    next(stream)

    assert live.people_at(topic(event)) == [ben.id]


@pytest.mark.parametrize(
    ("who", "kind", "seen"),
    [
        ("reader", BLOCK, False),
        ("reader", MUTE, False),
        ("other", BLOCK, False),
        ("other", MUTE, True),
    ],
)
def test_blocked_people_do_not_see_each_others_presence(
    event, group, ana, ben, browser, comes, who, kind, seen
):
    blocks.block_or_mute(*((ana, ben) if who == "reader" else (ben, ana)), kind)
    comes(ben, topic(event))

    assert (named(browser(ana), event.path) == "Here now: Ben Okafor") == seen
    page = browser(ana)
    page.get("/groups/river-walkers/members")
    assert ("Online" in page.page.select_one("#members").text) == seen


def test_the_presence_partial_reloads_the_page_after_signing_out(event, ana, browser):
    page = browser(ana)
    page.get(event.path)
    page.post("/sign-out")
    answer = page.fragment(event.path, "here")
    assert (answer.status_code, answer.headers["HX-Redirect"], answer.text) == (200, event.path, "")


def test_presence_shows_twelve_faces_and_a_count(event, group, ana, browser, hub):
    people = [
        factories.user(
            "Person", f"Number{number:02}", shows_presence=True, profile_visibility=EVERYONE
        )
        for number in range(15)
    ]
    for person in people:
        line = hub.open([topic(event)], f"user:{person.id}")
        line.set_places(str(person.id), [topic(event)], True)
    page = browser(ana)

    sentence = named(page, event.path)

    assert len(page.page.select("#here .av")) == 12
    assert "+3" in page.page.select_one("#here").text
    assert sentence.startswith("Here now: Person Number00, ")
    assert sentence.endswith("Person Number11 and 3 more")


def test_presence_takes_one_statement_and_none_when_no_one_is_present(
    event, ana, ben, hub, browser, comes, statements_of
):
    page = browser(ana)
    page.get(event.path)
    alone = statements_of(lambda: page.get(event.path))
    hub.open([topic(event)], "user:x").set_places(
        str(factories.user(shows_presence=True, profile_visibility=EVERYONE).id),
        [topic(event)],
        True,
    )
    comes(ben, topic(event))
    page.get(event.path)

    assert statements_of(lambda: page.get(event.path)) == alone + 1
    assert (
        statements_of(lambda: page.fragment(event.path, "here")) == 3
    )  # the reader, the event, the people


#: what a vote shows -> whether its page says who is online. Together with a growing count that
#: would show whose ballot it was.
VOTES = [
    ({"is_anonymous": False, "results": AFTER_VOTING}, True),
    ({"is_anonymous": True, "results": AFTER_CLOSE}, True),
    ({"is_anonymous": True, "results": AFTER_VOTING}, False),
    ({"is_secret": True}, False),
]


@pytest.mark.parametrize(("values", "notified"), VOTES)
def test_a_vote_shows_presence_unless_it_would_reveal_who_voted(
    group, ana, ben, browser, comes, values, notified
):
    for _number in range(3):
        factories.membership(group, factories.user())  # a secret vote needs at least five voters
    vote = making.vote(group, ana, **values)
    comes(ben, topic(vote))

    assert named(browser(ana), vote.path) == ("Here now: Ben Okafor" if notified else None)
    assert browser(ana).fragment(vote.path, "here").status_code == (200 if notified else 404)
    assert live.people_at(topic(vote)) == ([ben.id] if notified else [])


def test_the_list_of_members_shows_who_is_online_if_they_allow_it(
    group, ana, ben, cem, browser, comes
):
    cem.shows_presence = True
    factories.membership(group, cem)
    dia = factories.user("Dia", "Reyes", profile_visibility=NOBODY)
    factories.membership(group, dia)
    page = browser(ana)
    comes(ben, f"user:{ben.id}:inbox")
    comes(dia, f"user:{dia.id}:inbox")

    page.get("/groups/river-walkers/members")

    states = {
        row.select_one(".person b, .person a").text: row.select_one(".person").text
        for row in page.page.select("#members tbody tr")
    }
    assert "Online" in states["Ben Okafor"]
    assert "Offline" in states["Cem Yılmaz"]
    assert not any(
        word in states[name]
        for name in ("Ana Souza", "Dia Reyes")
        for word in ("Online", "Offline")
    )


def test_unknown_presence_is_not_shown_as_offline(
    group, ana, ben, hub, browser, comes, monkeypatch
):
    comes(ben, f"user:{ben.id}:inbox")
    monkeypatch.setattr(hub.presence, "online", lambda people: None)
    page = browser(ana)

    page.get("/groups/river-walkers/members")

    assert "Offline" not in page.page.select_one("#members").text


def test_presence_writes_nothing_to_the_database(event, ana, ben, hub, comes, statements_of):
    comes(ben, topic(event))
    comes(ana, topic(event))
    db.session.rollback()

    assert statements_of(hub.presence.beat) == 0


def test_presence_is_off_until_turned_on_in_the_profile(ben, browser):
    page = browser(ben)
    page.get("/account/profile")
    assert not page.page.select_one("#shows_presence").has_attr("checked")

    form = {
        "first_name": "Ben",
        "last_name": "Okafor",
        "handle": ben.handle,
        "profile_visibility": GROUPS,
        "shows_presence": "y",
    }
    assert page.post("/account/profile", form).status_code == 303

    db.session.expire_all()
    assert ben.shows_presence
