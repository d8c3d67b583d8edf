"""Drawn covers suit the hour and the topic, and differ on a page."""

from datetime import timedelta

import pytest

from tests import factories
from webapp.core.extensions import db
from webapp.core.time import clock, time_zones
from webapp.core.ui import artwork

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.any_database]


@pytest.fixture
def garden(ana):
    """A group with six events on coming days, all at 14:00 where they are."""
    group = factories.group(ana, slug="garden")
    tomorrow = time_zones.wall(clock.now(), "Europe/Lisbon").replace(
        hour=14, minute=0, second=0, microsecond=0
    )
    for days in range(1, 7):
        starts = time_zones.to_utc(tomorrow + timedelta(days=days), "Europe/Lisbon")
        factories.event(
            ana,
            group,
            title=f"Picnic {days}",
            starts_at=starts,
            ends_at=starts + timedelta(hours=2),
        )
    for number in range(7):
        factories.group(ana, slug=f"group-{number}", name=f"Group {number}")
    db.session.commit()
    return group


def covers(page):
    """Scene and light of each drawn cover in a list or a grid."""
    return [
        (svg.use["href"].partition("#")[2], frozenset(svg["class"]) - {"cover", "thumb", ""})
        for svg in page.select("main svg.cover:not(.banner)")
    ]


@pytest.mark.parametrize("path", ["/events", "/groups/garden", "/groups", "/events/mine", "/"])
def test_no_drawing_is_shown_twice_on_a_page(garden, ana, browser, visitor, monkeypatch, path):
    monkeypatch.setattr(artwork, "_number", lambda id: 7)
    page = browser(ana) if path == "/events/mine" else visitor
    page.get(path)
    shown = covers(page.page)
    assert len(shown) >= 5
    assert len(set(shown)) == len(shown)


def test_a_picnic_at_14_is_drawn_by_day(garden, visitor):
    visitor.get("/events")
    assert {light for _scene, lights in covers(visitor.page) for light in lights} <= {"river"}
