"""The site's logo: an admin uploads it, everyone sees it, and the default can be restored."""

from io import BytesIO
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine
from PIL import Image

from tests import images
from webapp.admin import settings
from webapp.core import site_settings
from webapp.core.extensions import db
from webapp.core.observability.audit import AuditEntry
from webapp.core.storage import pictures
from webapp.core.time import clock
from webapp.mail import email_check


@pytest.fixture
def tab(browser, dia):
    return browser(dia)


def send(tab, content=None, name="logo.png"):
    """Send the page's form as a browser does."""
    tab.get("/admin/settings")
    content = images.encoded(images.drawing((120, 60)), "PNG") if content is None else content
    return tab.submit("/admin/settings/logo", picture=(BytesIO(content), name))


def shown(tab, path="/"):
    tab.get(path)
    return tab.page.select_one(".brand img")


def id_of(place):
    return place.split("/")[2]


def kept(app, id):
    """Return the number of files of this logo."""
    return sum(UUID(id).hex in name for name in app.extensions["files"].names())


def test_everyone_sees_the_uncropped_logo_in_three_sizes(tab, visitor, browser, ana):
    visitor.get("/")
    assert shown(visitor) is None

    send(tab)
    assert "Logo saved for everyone." in tab.text

    for person in (visitor, browser(ana)):
        place = shown(person, "/events")["src"]
        assert person.page.select_one('link[rel="icon"]')["href"] == place
        answer = person.get(place)
        assert (answer.status_code, answer.mimetype) == (200, "image/png")
        opened = Image.open(BytesIO(answer.data))
        assert opened.size == (64, 64)
        assert opened.getpixel((32, 2))[3] == 0, "nothing is cut off: above it is nothing"
        for size in (192, 512):
            assert person.get(place.replace("/64", f"/{size}")).status_code == 200
        assert person.get(place.replace("/64", "/65")).status_code == 404
    icons = visitor.get("/site.webmanifest").json["icons"]
    assert [icon["src"] for icon in icons] == [
        place.replace("/64", "/192"),
        place.replace("/64", "/512"),
    ]


def test_emails_include_the_logo(tab, dia, emails):
    def logo():
        email_check.send(dia.email)
        db.session.commit()
        return next(part for part in emails()[-1].walk() if part["Content-ID"]).get_content()

    usual = logo()
    send(tab)
    own = logo()
    assert own != usual
    assert own == tab.get(shown(tab)["src"]).data
    tab.get("/admin/settings")
    tab.submit("/admin/settings/logo/removal")
    assert logo() == usual


def test_a_new_logo_replaces_it_and_removing_restores_the_default(tab, app):
    send(tab)
    first = shown(tab)["src"]
    send(tab, images.encoded(images.drawing((90, 90)), "PNG"))
    second = shown(tab)["src"]

    assert tab.get(first).status_code == 404
    assert tab.get(second).status_code == 200
    assert [kept(app, id) for id in map(id_of, (first, second))] == [0, 3]
    tab.get("/admin/settings")
    tab.submit("/admin/settings/logo/removal")
    assert "Logo removed." in tab.text
    assert shown(tab) is None
    assert tab.get(second).status_code == 404
    assert kept(app, id_of(second)) == 0
    entries = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "site.settled"))
    assert [entry.details["changed"] for entry in entries] == [["LOGO"]] * 3


def test_an_invalid_logo_is_refused_on_the_settings_page(tab):
    assert send(tab, b"<svg/>", "logo.svg").status_code == 422
    assert "We can’t read this picture" in tab.text
    assert tab.page.find(id="picture")["aria-invalid"] == "true"
    assert tab.page.find(id="site_name")["value"] == "Folkmoot"
    tab.get("/admin/settings")
    assert tab.submit("/admin/settings/logo").status_code == 422
    assert "Choose a picture." in tab.text


def test_uploading_a_logo_does_not_conflict_with_open_settings(tab, dia):
    tab.get("/admin/settings")
    settings.put_logo(images.encoded(), dia)
    db.session.commit()

    tab.submit("/admin/settings", site_name="Leith Commons")
    assert "Settings saved for everyone." in tab.text
    assert shown(tab) is not None


def test_the_files_of_the_current_logo_are_not_deleted(tab, app):
    send(tab)
    id = settings.logo()
    assert kept(app, str(id)) == 3
    with time_machine.travel(clock.now().replace(year=clock.now().year + 1)):
        assert not any(id.hex in name for name in pictures.stray())
        site_settings.write("LOGO", None)
        db.session.commit()
        pictures.sweep()
    assert kept(app, str(id)) == 0


def test_only_admins_can_upload_a_logo(browser, ana, visitor):
    for tab in (browser(ana), visitor):
        for path in ("/admin/settings/logo", "/admin/settings/logo/removal"):
            assert tab.post(path).status_code in {303, 403, 404}
        assert shown(tab) is None
