"""An event's picture, link previews and structured data. None of it reveals secrets."""

import json
import re
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa

from tests import factories, images
from webapp.core.extensions import db
from webapp.core.http import uploads
from webapp.core.i18n import clock_time
from webapp.core.storage import pictures as files
from webapp.core.storage.files import files as stored
from webapp.core.time import clock
from webapp.events import erasing, pictures, planning, sharing
from webapp.events.models import CANCELLED, DRAFT, Event
from webapp.groups import categories
from webapp.groups.models import INVITE, OPEN, SECRET, Category

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.any_database]
ROOM = "https://rooms.example/secret-room"


@pytest.fixture
def event(ana, ben):
    """A public event with a picture, in an open group."""
    made = factories.event(
        ana,
        factories.group(ana, ben),
        title="Seed swap",
        slug="seed-swap",
        venue="Mill Lane 4",
        capacity=8,
    )
    pictures.put(made, ana, images.encoded())
    db.session.commit()
    return made


def chosen(content, name="IMG_1.jpg"):
    return BytesIO(content), name


def data(page):
    return json.loads(page.page.select_one('script[type="application/ld+json"]').string)


def meta(page, name):
    found = page.page.select_one(f'meta[property="{name}"], meta[name="{name}"]')
    return found and found["content"]


def test_a_picture_chosen_in_the_form_appears_on_the_page_and_in_lists(ana, browser, visitor):
    event = factories.event(ana, slug="seed-swap")
    page = browser(ana)
    page.get("/events/seed-swap/edit")
    page.submit("/edit", picture=chosen(images.from_a_camera()))
    db.session.refresh(event)

    for path, size in (("/events/seed-swap", 800), ("/events", 320), ("/", 800)):
        visitor.get(path)
        [picture] = visitor.page.select("main img.cover")
        assert picture["src"] == f"/events/seed-swap/picture/{event.picture}/{size}"
        answer = visitor.get(picture["src"])
        assert (answer.status_code, answer.mimetype) == (200, "image/webp")
        assert not any(secret in answer.data for secret in images.SECRETS)

    page.get("/events/seed-swap/edit")
    page.submit("/edit", remove_picture="y")
    visitor.get("/events/seed-swap")
    assert not visitor.page.select("main img.cover")


def test_a_picture_and_other_edits_are_saved_together(event, ana, browser):
    before = event.picture
    page = browser(ana)
    page.get("/events/seed-swap/edit")
    [form] = page.page.select("main form")
    assert form["enctype"] == "multipart/form-data"
    assert len(form.select("[type=submit]")) == 1

    page.submit("/edit", title="Seed and bulb swap", picture=chosen(images.encoded()))

    db.session.refresh(event)
    assert event.title == "Seed and bulb swap"
    assert event.picture not in (None, before)
    page.get("/events/seed-swap/edit")
    page.submit("/edit", summary="Bring bulbs", remove_picture="y", picture=chosen(b"", ""))
    db.session.refresh(event)
    assert (event.summary, event.picture) == ("Bring bulbs", None)


def test_saving_without_a_file_keeps_the_picture(event, ana, browser):
    before = event.picture
    page = browser(ana)
    page.get("/events/seed-swap/edit")

    page.submit("/edit", title="Bulb swap", picture=chosen(b"", ""))

    db.session.refresh(event)
    assert (event.title, event.picture) == ("Bulb swap", before)


@pytest.mark.parametrize(
    ("content", "values", "sentence"),
    [
        (b"<svg/>", {}, "We can’t read this picture"),
        (b"\0" * (uploads.MOST + 100_000), {}, "This file is too large."),
        (images.encoded(), {"starts": ""}, "Choose the file again."),
    ],
)
def test_a_refused_picture_leaves_every_text_as_typed(
    event, ana, browser, content, values, sentence
):
    before = event.picture
    page = browser(ana)
    page.get("/events/seed-swap/edit")

    page.submit("/edit", title="Seed and bulb swap", picture=chosen(content), **values)

    assert sentence in page.error_at("picture")
    assert page.page.select_one("#title")["value"] == "Seed and bulb swap"
    db.session.refresh(event)
    assert (event.title, event.picture) == ("Seed swap", before)
    page.submit("/edit", picture=chosen(images.encoded()), starts="2031-05-01T10:00", ends="")
    db.session.refresh(event)
    assert event.title == "Seed and bulb swap"
    assert event.picture != before


def test_without_a_picture_the_topic_chooses_the_cover_drawing(ana, browser, visitor):
    categories.ensure_defaults()
    music = db.session.scalars(sa.select(Category).where(Category.slug == "music")).one()
    factories.event(ana, slug="concert", category_id=music.id)
    member = browser(ana)

    for page, path in (
        (visitor, "/events/concert"),
        (visitor, "/events"),
        (visitor, "/"),
        (member, "/events/mine?tab=hosting"),
    ):
        page.get(path)
        drawn = {use["href"] for use in page.page.select("main svg.cover:not(.covers *) use")}
        assert {href.split("#")[1] for href in drawn} == {"strings"}, path
    assert visitor.get(drawn.pop().split("#")[0]).status_code == 200


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({}, "y y y"),
        ({"audience": "group"}, "n y y"),
        ({"state": DRAFT}, "n n y"),
        ({"hidden_at": clock.now()}, "n n y"),
    ],
)
def test_a_picture_is_visible_where_its_page_is(event, ana, ben, browser, visitor, changes, seen):
    for name, value in changes.items():
        setattr(event, name, value)
    db.session.commit()
    path = f"{event.path}/picture/{event.picture}/320"

    tabs = (visitor, browser(ben), browser(ana))
    assert " ".join("y" if tab.get(path).status_code == 200 else "n" for tab in tabs) == seen
    assert visitor.get(f"{event.path}/picture/{event.group_id}/320").status_code == 404


def test_picture_files_are_deleted_with_the_picture_and_copies_have_their_own(event, ana):
    copy = planning.duplicate(event, ana)
    db.session.commit()
    first, second = event.picture, copy.picture
    assert first != second
    read = lambda id: stored().read(files.name_of(files.COVER, id, 320))  # noqa: E731
    assert read(first) == read(second)

    pictures.replace(event, ana, None)
    db.session.commit()

    with pytest.raises(FileNotFoundError):
        read(first)
    assert read(second)


def test_pictures_of_personal_events_are_erased_with_the_account(ana):
    event = factories.event(ana, starts_at=clock.now().replace(year=2020))
    pictures.put(event, ana, images.encoded())
    event.directions = "The second bell"
    db.session.commit()
    erasing.erase(ana)
    db.session.commit()

    left = db.session.get(Event, event.id)
    assert (left.picture, left.directions) == (None, "")


def test_a_locked_event_keeps_its_picture(event, ana, browser):
    before = event.picture
    page = browser(ana)
    page.get(f"{event.path}/edit")
    event.locked_at = clock.now()
    db.session.commit()

    assert page.submit("/edit", picture=chosen(images.encoded())).status_code == 422
    assert "locked" in page.text
    db.session.refresh(event)
    assert event.picture == before


def test_link_previews_show_title_date_place_and_picture(event, visitor):
    visitor.get(event.path)

    assert meta(visitor, "og:title") == "Seed swap"
    assert "Mill Lane 4" in meta(visitor, "og:description")
    assert f"{clock_time(event.starts_at, event.zone)} in Lisbon\u00a0· " in meta(
        visitor, "og:description"
    )
    assert (
        meta(visitor, "og:image")
        == f"http://127.0.0.1:8000{event.path}/picture/{event.picture}/1200"
    )
    assert meta(visitor, "twitter:card") == "summary_large_image"
    picture = visitor.get(meta(visitor, "og:image").removeprefix("http://127.0.0.1:8000"))
    assert picture.mimetype == "image/jpeg"
    visitor.get(event.path)
    assert meta(visitor, "robots") is None


def test_structured_data_has_what_schema_org_requires(event, visitor):
    event.online_url = ROOM
    db.session.commit()
    visitor.get(event.path)
    found = data(visitor)

    assert found["@type"] == "Event"
    assert found["eventStatus"] == "https://schema.org/EventScheduled"
    assert found["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert [place["@type"] for place in found["location"]] == ["Place", "VirtualLocation"]
    assert found["startDate"][-6] in "+-"
    assert found["organizer"] == {
        "@type": "Organization",
        "name": event.group.name,
        "url": f"http://127.0.0.1:8000{event.group.path}",
    }
    assert (found["offers"]["price"], found["offers"]["availability"]) == (
        0,
        "https://schema.org/InStock",
    )
    assert found["isAccessibleForFree"] is True
    assert found["maximumAttendeeCapacity"] == 8
    assert found["image"] == [f"http://127.0.0.1:8000{event.path}/picture/{event.picture}/1200"]


@pytest.mark.parametrize(
    ("changes", "name", "value"),
    [
        ({"state": CANCELLED}, "eventStatus", "https://schema.org/EventCancelled"),
        (
            {"online_url": ROOM, "venue": ""},
            "eventAttendanceMode",
            "https://schema.org/OnlineEventAttendanceMode",
        ),
        ({}, "eventAttendanceMode", "https://schema.org/OfflineEventAttendanceMode"),
        ({"venue": ""}, "eventAttendanceMode", None),
        ({"capacity": 2, "seats_taken": 2}, "availability", "https://schema.org/SoldOut"),
    ],
)
def test_structured_data_follows_the_event(event, changes, name, value):
    for column, new in changes.items():
        setattr(event, column, new)
    db.session.flush()

    found = sharing.linked_data(event)
    assert (found | found["offers"]).get(name) == value


def test_events_that_may_cost_something_are_not_marked_as_free(event):
    event.has_registration_form = True

    assert {"offers", "isAccessibleForFree"}.isdisjoint(sharing.linked_data(event))


#: What schema.org (version 29) says about the types that we write: property -> the type of its
#: value. `!` marks required ones, by schema.org's own examples and by what search engines ask of an
#: event.
_STATUS = {
    f"https://schema.org/Event{state}"
    for state in ("Scheduled", "Cancelled", "Postponed", "Rescheduled", "MovedOnline")
}
_MODES = {
    f"https://schema.org/{mode}EventAttendanceMode" for mode in ("Offline", "Online", "Mixed")
}
_STOCK = {
    f"https://schema.org/{word}"
    for word in ("InStock", "SoldOut", "PreOrder", "LimitedAvailability")
}
_DATE, _URL, _WORDS = (
    r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d[+-]\d\d:\d\d)?",
    r"https?://\S+",
    r"(?s).*\w.*",
)
SCHEMA = {
    "Event": {
        "name!": _WORDS, "startDate!": _DATE, "url!": _URL, "eventStatus!": _STATUS, "organizer!": ("Person", "Organization"),  # noqa: E501
        "endDate": _DATE, "description": _WORDS, "image": _URL, "location": ("Place", "VirtualLocation"), "offers": ("Offer",),  # noqa: E501
        "eventAttendanceMode": _MODES, "maximumAttendeeCapacity": int, "isAccessibleForFree": bool,
    },
    "Place": {"name!": _WORDS, "address!": _WORDS},
    "VirtualLocation": {"url!": _URL},
    "Person": {"name!": _WORDS, "url": _URL},
    "Organization": {"name!": _WORDS, "url": _URL},
    "Offer": {"url!": _URL, "availability!": _STOCK, "price!": int, "priceCurrency": r"(?!XXX)[A-Z]{3}", "validFrom": _DATE},  # noqa: E501
}  # fmt: skip


def faults(thing, at="Event"):
    """Return the errors by schema.org, as sentences."""
    known = {name.rstrip("!"): kind for name, kind in SCHEMA[thing["@type"]].items()}
    found = [
        f"{at} has no {name[:-1]}"
        for name in SCHEMA[thing["@type"]]
        if name.endswith("!") and name[:-1] not in thing
    ]
    if thing.get("price") and "priceCurrency" not in thing:
        found.append(f"{at} has a price in no currency")
    for name, value in thing.items():
        if name.startswith("@"):
            continue
        if name not in known or value == []:
            found.append(f"{at}.{name} is unknown, or an empty list")
            continue
        for one in value if isinstance(value, list) else [value]:
            found += value_faults(one, known[name], f"{at}.{name}")
    return found


def value_faults(value, kind, at):
    """Return the same for one value of a property."""
    if isinstance(kind, tuple):
        return (
            faults(value, at) if value.get("@type") in kind else [f"{at} is a {value.get('@type')}"]
        )
    if isinstance(kind, set):
        fits = value in kind
    elif isinstance(kind, type):
        fits = type(value) is kind
    else:
        fits = re.fullmatch(kind, value) is not None
    return [] if fits else [f"{at} is {value!r}"]


def test_every_variant_of_an_event_has_valid_structured_data(event, ana, visitor):
    days = {"is_all_day": True, "ends_at": event.starts_at + timedelta(days=2)}
    alone = factories.event(ana, title="Walk", slug="walk")
    variants = [
        {},
        {"state": CANCELLED},
        {"venue": ""},
        {"online_url": ROOM},
        {"venue": ""},
        days,
        {"has_registration_form": True},
    ]
    variants += [
        {"capacity": None, "has_registration_form": False},
        {"capacity": 1, "seats_taken": 1},
        {"published_at": None},
    ]
    variants += [
        {"description": "![](/a.png)"},
        {"summary": "Bring seeds"},
        {"description": "", "summary": ""},
    ]
    for one in (event, alone):
        for changes in variants:
            for column, value in changes.items():
                setattr(one, column, value)
            assert faults(sharing.linked_data(one)) == [], changes
    assert "description" not in sharing.linked_data(event)

    db.session.commit()
    visitor.get(event.path)
    assert faults(data(visitor)) == []
    assert meta(visitor, "description")


def test_control_empty_descriptions_and_invalid_currencies_are_detected(event):
    found = sharing.linked_data(event) | {
        "description": "",
        "location": {"@type": "Place", "name": "Hall"},
    }
    found["offers"] = found["offers"] | {"priceCurrency": "XXX", "price": 5}

    wrong = [
        "Event.description is ''",
        "Event.location has no address",
        "Event.offers.priceCurrency is 'XXX'",
    ]
    assert sorted(faults(found)) == wrong


@pytest.mark.parametrize(
    ("audience", "visibility"),
    [("everyone", OPEN), ("link", OPEN), ("group", OPEN), ("group", SECRET)],
)
def test_only_public_events_are_indexed_and_no_metadata_has_the_online_link(
    ana, ben, browser, visitor, audience, visibility
):
    group = factories.group(
        ana, ben, visibility=visibility, **({"join_policy": INVITE} if visibility == SECRET else {})
    )
    event = factories.event(ana, group, audience=audience, online_url=ROOM, venue="Hall")
    pictures.put(event, ana, images.encoded())
    db.session.commit()
    for page in (visitor, browser(ben)):
        if page.get(event.path).status_code == 404:
            assert audience == "group"
            continue
        assert "secret-room" not in page.text
        assert "secret-room" not in str(page.page)
        if page is not visitor:  # machines never sign in
            assert not page.page.select('meta[property^="og:"], script[type="application/ld+json"]')
            continue
        is_for_all = audience == "everyone"
        assert bool(page.page.select('script[type="application/ld+json"]')) is is_for_all
        assert meta(page, "robots") == (None if is_for_all else "noindex")
        assert (meta(page, "og:image") is not None) is (audience != "group")


@pytest.mark.parametrize(
    ("audience", "words"),
    [
        ("everyone", "even without an account"),
        ("link", "The event isn’t listed anywhere"),
        ("group", "Only members of"),
    ],
)
def test_the_share_section_says_who_can_use_the_link(ana, ben, browser, audience, words):
    event = factories.event(ana, factories.group(ana, ben), audience=audience)
    page = browser(ben)
    page.get(event.path)

    part = page.page.select_one("section[aria-labelledby=share]")
    assert part.select_one("input")["value"] == f"http://127.0.0.1:8000{event.path}"
    assert words in part.get_text()


def test_drafts_and_hidden_events_cannot_be_shared(ana, browser, visitor):
    page = browser(ana)
    for values in ({"state": DRAFT}, {"hidden_at": clock.now()}):
        event = factories.event(ana, **values)
        page.get(event.path)
        assert not page.page.select("section[aria-labelledby=share]")
        assert meta(page, "og:url") is None
        assert visitor.get(event.path).status_code == 404


def test_the_event_page_shows_directions_and_topic(ana, visitor):
    topic = Category(slug="music", name="Music")
    db.session.add(topic)
    db.session.flush()
    event = factories.event(ana, directions="Ring the **second** bell", category_id=topic.id)

    visitor.get(event.path)

    assert visitor.page.select_one("section[aria-labelledby=way] strong").get_text() == "second"
    assert visitor.page.select_one('a[href="/events?category=music"]').get_text() == "Music"
