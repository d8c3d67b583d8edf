"""Appearance and language settings: they apply to every page and email from the next one on."""

from datetime import UTC, datetime

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from wtforms import SelectField

from tests import factories
from tests.browser_like import Browser
from webapp import create_app
from webapp.accounts import navigation, settings
from webapp.core import i18n
from webapp.core.extensions import db
from webapp.core.http.forms import Form, TimeZone
from webapp.core.jobs import queue
from webapp.mail import outbox

PATH = "/account/settings"
PAGES = [
    "/",
    "/events",
    "/groups",
    "/votes",
    "/inbox",
    "/account",
    "/account/sign-ins",
    "/roles",
    PATH,
]


def looks(page):
    """Return the attributes of the last page's root element, except language and direction."""
    return {name: value for name, value in page.page.html.attrs.items() if name.startswith("data-")}


def test_settings_apply_to_every_page_from_the_next_one_on(browser, ana):
    here, other_tab, elsewhere = browser(ana), None, browser(ana)
    other_tab = Browser(here.client)
    other_tab.get("/events")
    assert looks(other_tab) == {}

    here.get(PATH)
    here.submit(PATH, zone="Asia/Kolkata", theme="dark", accent="bluebell", text_size="large")

    assert "Settings saved." in here.text
    wanted = {"data-theme": "dark", "data-accent": "bluebell", "data-text": "large"}
    assert looks(here) == wanted
    for page in (other_tab, elsewhere):
        for path in PAGES:
            page.get(path)
            assert looks(page) == wanted, path
            assert page.page.find("meta", attrs={"name": "color-scheme"})["content"] == "dark"


def test_settings_are_saved_and_shown_again(browser, ana):
    page = browser(ana)
    page.get(PATH)
    page.submit(
        PATH,
        zone="America/Sao_Paulo",
        clock="12",
        theme="light",
        accent="gorse",
        text_size="large",
    )

    db.session.refresh(ana)
    kept = settings.current_settings(ana)
    assert kept == ("America/Sao_Paulo", "en", "12", "light", "gorse", "large")
    page.get(PATH)
    assert page.page.find("option", selected=True)["value"] == "America/Sao_Paulo"
    chosen = {box["name"]: box["value"] for box in page.page.find_all("input", checked=True)}
    assert chosen == {"clock": "12", "theme": "light", "accent": "gorse", "text_size": "large"}

    page.submit(PATH, theme="", accent="meadow", text_size="normal")
    assert looks(page) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "Mars/Olympus"},
        {"locale": "tlh"},
        {"locale": "en@12"},
        {"clock": "13"},
        {"theme": "neon"},
        {"accent": '"><b>'},
        {"text_size": "huge"},
    ],
)
def test_unknown_values_are_refused_and_nothing_changes(browser, ana, wrong):
    page = browser(ana)
    page.get(PATH)
    before = settings.current_settings(ana)

    page.submit(PATH, **{"theme": "dark", **wrong})

    assert page.answer.status_code == 422
    assert page.page.find(attrs={"aria-invalid": "true"})
    db.session.refresh(ana)
    assert settings.current_settings(ana) == before


def test_times_are_in_the_chosen_zone_on_pages_and_in_emails(browser, emails, ana, ben):
    group = factories.group(ana, ben)
    starts_at = datetime(2030, 1, 12, 18, 0, tzinfo=UTC)
    event = factories.event(ana, group, starts_at=starts_at, zone="UTC", capacity=1)
    page = browser(ben)
    page.get(PATH)
    for clock, wanted in (("24", "23:30"), ("12", "11:30 PM")):
        page.get(PATH)
        page.submit(PATH, zone="Asia/Kolkata", clock=clock)

        page.get(f"/events/{event.slug}")
        assert wanted in page.text
        assert page.page.html["lang"] == "en"
        db.session.refresh(ben)
        outbox.enqueue_email(
            "events/published", to=ben.email, locale=ben.locale, user=ben.id, event=event.id
        )
        db.session.commit()
        email = emails()[-1]
        assert wanted in email.get_body(("plain",)).get_content()
        assert '<html lang="en"' in email.get_body(("html",)).get_content()


def test_error_pages_use_the_readers_appearance(browser, ana, visitor):
    page = browser(ana)
    page.get(PATH)
    page.submit(PATH, theme="dark", accent="clay")

    wanted = {"data-theme": "dark", "data-accent": "clay"}
    for path in (
        "/events/no-such-event",
        "/no-such-page",
    ):  # no route handles the second, so it doesn't ask who is reading
        assert page.get(path).status_code == 404
        assert looks(page) == wanted
        assert "Set-Cookie" not in page.answer.headers
        visitor.get(path)
        assert looks(visitor) == {}
    page.get("/account")
    page.submit("/sign-out")
    page.get("/no-such-page")
    assert looks(page) == {}


def test_visitors_follow_their_system_and_get_no_cookie(visitor):
    for path in ("/", "/events", "/groups", "/sign-in"):
        visitor.get(path)
        assert looks(visitor) == {}
        assert visitor.page.find("meta", attrs={"name": "color-scheme"})["content"] == "light dark"
    visitor.get("/events")
    assert "Set-Cookie" not in visitor.answer.headers


def test_time_zones_are_listed_by_place(browser, ana):
    page = browser(ana)
    page.get(PATH)

    options = {
        option["value"]: (option.get_text(), option.parent["label"])
        for option in page.page.select("#zone option")
    }

    assert options["Europe/Lisbon"] == ("Lisbon", "Europe")
    assert options["America/Argentina/Buenos_Aires"] == ("Buenos Aires, Argentina", "America")
    assert not {"Asia/Calcutta", "America/Buenos_Aires"} & options.keys()
    assert options["UTC"] == ("UTC", "UTC")
    assert len(options) > 400


def test_a_time_zone_with_an_old_name_stays_selected(browser, ana):
    ana.zone = "Asia/Calcutta"
    db.session.commit()
    page = browser(ana)
    page.get(PATH)

    assert page.page.select_one("#zone option[selected]")["value"] == "Asia/Calcutta"


@pytest.mark.parametrize("zone", ["Europe/Lisbon", "UTC", "", 'none"<'])
def test_the_time_zone_field_renders_like_a_normal_select(app, zone):
    class ZoneForm(Form):
        zone = TimeZone()

    with app.test_request_context():
        drawn, usual = ZoneForm(data={"zone": zone}).zone, ZoneForm(data={"zone": zone}).zone
        html = drawn(**{"aria-describedby": "hint"})

        assert html == SelectField.__call__(usual, **{"aria-describedby": "hint"})
        assert html.count("selected") == (zone in {"Europe/Lisbon", "UTC"})


def test_every_account_page_links_to_the_others(app, browser, ana):
    page = browser(ana)
    known = [
        place.endpoint for place in navigation.ACCOUNT_PAGES if place.endpoint in app.view_functions
    ]
    assert {
        "account.show",
        "settings.edit",
        "preferences.edit",
        "security.show",
        "sign_ins.index",
    } <= set(known)
    adapter = app.url_map.bind("")
    for endpoint in known:
        page.get(adapter.build(endpoint))
        links = page.page.find("nav", class_="places").find_all("a")
        assert [adapter.match(link["href"], "GET")[0] for link in links] == known
        (current,) = [link for link in links if link.get("aria-current")]
        assert adapter.match(current["href"], "GET")[0] == endpoint
        assert current["aria-current"] == "page"


@pytest.fixture
def bilingual(tmp_path, database_url, monkeypatch):
    """An application on the same database with a German catalogue installed."""
    catalogue = Catalog(locale="de")
    catalogue.add("Settings", "Einstellungen")
    catalogue.add("Your password was changed", "Dein Passwort ist ein anderes")
    folder = tmp_path / "translations" / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    made = create_app(
        DATABASE_URL=database_url,
        INSTANCE=str(tmp_path / "instance"),
        SITE_URL="http://127.0.0.1:8000",
        SECRET_KEY="a key for tests only, long enough and plain",
        REDIS_URL="",
        MAIL_SERVER="",
        TESTING=True,
        BABEL_TRANSLATION_DIRECTORIES=str(tmp_path / "translations"),
    )
    yield made
    made.extensions["queue"].clear()


def test_an_installed_language_can_be_chosen_for_pages_and_emails(bilingual, browser, ana):
    with bilingual.app_context():
        assert i18n.installed() == ("en", "de")
        assert [i18n.name_of(code) for code in i18n.installed()] == ["English", "Deutsch"]
    page = Browser.of(bilingual, ana)
    page.get(PATH)
    page.submit(PATH, locale="de")
    assert page.page.html["lang"] == "de"
    assert page.page.h1.get_text() == "Einstellungen"
    db.session.refresh(ana)

    outbox.enqueue_email("accounts/password_changed", to=ana.email, locale=ana.locale, user=ana.id)
    db.session.commit()
    with bilingual.app_context():
        queue.JOBS["mail.sweep"]()
    queue.drain(bilingual, raising=True)

    (email,) = [email.message for email in bilingual.extensions["mailbox"].newest()]
    assert email["Subject"] == "Dein Passwort ist ein anderes"
    # without the catalogue everything is in English
    plain = browser(ana)
    plain.get(PATH)
    assert (plain.page.html["lang"], plain.page.h1.get_text()) == ("en", "Settings")
