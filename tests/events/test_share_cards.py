"""Other sites show a picture with every link to a public page: one that was uploaded, or a card
that is drawn once and changes with what it shows.
"""

from datetime import timedelta
from io import BytesIO
from threading import BoundedSemaphore

import pytest
import time_machine
from PIL import Image

from tests import factories
from webapp.core import site_settings
from webapp.core.extensions import db
from webapp.core.storage import pictures
from webapp.core.storage.files import files
from webapp.core.time import clock
from webapp.core.ui import share_cards
from webapp.events import sharing
from webapp.events.models import CANCELLED, DRAFT
from webapp.groups import sharing as group_sharing
from webapp.groups.models import APPROVE, CLOSED, INVITE, OPEN, SECRET
from webapp.home import site_card

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.any_database]
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def cards(monkeypatch):
    """The cards that are drawn; most tests need no picture of them."""
    drawn = []
    files().delete(*files().names())

    def draw(card):
        drawn.append(card)
        return b"\x89PNG of " + card.title.encode()

    monkeypatch.setattr(share_cards, "draw", draw)
    return drawn


@pytest.fixture
def event(ana):
    """A public event of an open group, without a picture."""
    group = factories.group(ana, name="Garden", slug="garden", location="Leith", summary="We dig.")
    made = factories.event(ana, group, title="Seed swap", slug="seed-swap", venue="Mill Lane 4")
    db.session.commit()
    return made


def image(page, path):
    """The path of the picture that this page names, or None."""
    page.get(path)
    found = page.page.select_one('meta[property="og:image"]')
    return found and found["content"].removeprefix(SITE)


@pytest.mark.parametrize(
    "path", ["/", "/events", "/sign-up", "/events/seed-swap", "/groups/garden"]
)
def test_every_page_for_visitors_names_a_picture_that_they_can_load(event, visitor, path):
    answer = visitor.get(image(visitor, path))

    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert len(answer.data) < 300_000
    with Image.open(BytesIO(answer.data)) as drawn:
        assert (drawn.format, drawn.size) == ("PNG", (1200, 630))
        assert len(drawn.convert("RGB").getcolors(1 << 20)) > 20


@pytest.mark.parametrize(
    ("changes", "kicker", "place"),
    [
        ({}, "in Lisbon", "Mill Lane 4 · Garden"),
        (
            {"venue": "", "online_url": "https://rooms.example/secret"},
            "in Lisbon",
            "Online · Garden",
        ),
        ({"state": CANCELLED}, "Cancelled · ", "Mill Lane 4 · Garden"),
    ],
)
def test_a_card_says_title_date_with_its_zone_and_place(
    event, visitor, cards, changes, kicker, place
):
    for name, value in changes.items():
        setattr(event, name, value)
    db.session.commit()
    visitor.get(image(visitor, event.path))

    [card] = cards
    assert (card.title, card.site) == ("Seed swap", "Folkmoot")
    assert card.place.replace("\xa0", " ") == place
    assert kicker in card.kicker
    assert str(event.starts_wall.year) in card.kicker
    assert card.art == event.arts[0]


def test_cards_of_groups_and_of_the_site_say_their_names(event, visitor, cards):
    visitor.get(image(visitor, "/groups/garden"))
    visitor.get(image(visitor, "/"))

    assert [card[:3] for card in cards] == [
        ("Leith", "Garden", "We dig."),
        ("", "Folkmoot", "Groups, events and votes"),
    ]


def test_a_card_is_drawn_once_for_all_readers(event, ana, browser, visitor, cards):
    path = image(visitor, event.path)
    first, again, theirs = visitor.get(path), visitor.get(path), browser(ana).get(path)

    assert first.data == again.data == theirs.data
    assert len(cards) == 1
    assert "immutable" in first.headers["Cache-Control"]


def test_few_requests_wait_for_a_drawing(event, visitor, cards, monkeypatch):
    """Whoever asks for all cards at once leaves threads for others."""
    path = image(visitor, event.path)
    monkeypatch.setattr(pictures, "_places", BoundedSemaphore(1))

    with pictures._places:
        answer = visitor.get(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert not cards
    assert [visitor.get(path).status_code for _again in range(3)] == [200] * 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "Bulb swap"),
        ("venue", "Town hall"),
        ("starts_at", clock.now() + timedelta(days=3)),
        ("zone", "Asia/Tokyo"),
        ("state", CANCELLED),
        ("cover", "table"),
    ],
)
def test_what_changes_on_a_card_changes_its_url(event, visitor, cards, field, value):
    before = image(visitor, event.path)
    setattr(event, field, value)
    db.session.commit()
    after = image(visitor, event.path)

    assert after != before
    assert visitor.get(before).status_code == 404
    assert visitor.get(after).status_code == 200


@pytest.mark.parametrize(
    ("changes", "group_changes"),
    [
        ({"audience": "group"}, {}),
        ({"state": DRAFT}, {}),
        ({"hidden_at": clock.now()}, {}),
        ({"deleted_at": clock.now()}, {}),
        ({}, {"visibility": CLOSED, "join_policy": APPROVE}),
        ({}, {"visibility": SECRET, "join_policy": INVITE}),
    ],
)
def test_a_card_is_for_those_who_see_a_public_event(
    event, ana, browser, visitor, cards, changes, group_changes
):
    for row, values in ((event, changes), (event.group, group_changes)):
        for name, value in values.items():
            setattr(row, name, value)
    db.session.commit()
    path = f"{event.path}/picture/{sharing.card_id(event)}/1200"

    assert sharing.image_of(event) == ""
    assert visitor.get(path).status_code == browser(ana).get(path).status_code == 404
    assert cards == []


@pytest.mark.parametrize(("visibility", "status"), [(OPEN, 200), (CLOSED, 200), (SECRET, 404)])
def test_a_secret_group_has_no_card(event, ana, browser, visitor, cards, visibility, status):
    event.group.visibility, event.group.join_policy = visibility, INVITE
    db.session.commit()
    path = group_sharing.image_of(event.group).removeprefix(SITE)

    assert visitor.get(path).status_code == browser(ana).get(path).status_code == status


def test_other_sizes_and_ids_are_not_drawn(event, visitor, cards):
    path = image(visitor, event.path)
    other = f"/events/seed-swap/picture/{group_sharing.card_id(event.group)}/1200"

    for wrong in (path.replace("/1200", "/1600"), other, f"/picture/{event.id}/1200"):
        assert visitor.get(wrong).status_code == 404
    assert cards == []


def test_outdated_cards_are_deleted_after_a_day_and_current_ones_kept(event, visitor, cards):
    outdated = image(visitor, event.path)
    visitor.get(outdated)
    event.title = "Bulb swap"
    db.session.commit()
    current = [image(visitor, path) for path in (event.path, "/groups/garden", "/")]
    for path in current:
        visitor.get(path)
    assert len(files().names()) == 4

    with time_machine.travel(clock.now() + timedelta(days=2)):
        pictures.sweep()

    ids = {path.split("/")[-2].replace("-", "") for path in current}
    assert {name.removeprefix("pictures/").split("-")[0] for name in files().names()} == ids


def test_a_new_name_of_the_site_is_on_every_card(event, visitor, cards, monkeypatch):
    before = {sharing.card_id(event), group_sharing.card_id(event.group), site_card.card_id()}
    monkeypatch.setattr(site_settings, "value", lambda name: "Harbour")
    after = {sharing.card_id(event), group_sharing.card_id(event.group), site_card.card_id()}
    assert not before & after
