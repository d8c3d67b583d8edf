"""Which language and clock a reader gets."""

from datetime import UTC, datetime

import pytest
import time_machine
from babel import Locale
from babel.support import Translations
from flask_login import login_user

from tests import factories
from webapp.core import i18n
from webapp.core.extensions import db


@pytest.mark.parametrize(
    ("accepted", "locale"),
    [
        ("", "en"),
        ("en", "en"),
        ("en-GB,en-US;q=0.9", "en"),
        ("en-US,en;q=0.5", "en@12"),
        ("en-US;q=0.5,de-DE", "en"),
        ("hi-IN", "en@12"),
        ("xx-YY", "en"),
        ("*", "en"),
        ("en-US-u-hc-h23", "en"),
        ("%s" * 2000, "en"),
    ],
)
def test_the_clock_follows_the_first_region_in_accept_language(accepted, locale):
    assert i18n.best_for(accepted, ("en",)) == locale


@pytest.mark.parametrize("locale", ["en", "en@12", "pt_BR@12"])
def test_a_locale_consists_of_language_and_clock(locale):
    assert i18n.with_clock(i18n.language_of(locale), i18n.clock_of(locale)) == locale


def test_visitors_see_times_in_the_clock_of_their_region(visitor, ana):
    event = factories.event(ana, starts_at=datetime(2030, 1, 12, 18, tzinfo=UTC), zone="UTC")
    db.session.commit()
    for _again in range(2):  # the second time from the cached page
        for region, hour in (("en-GB", "18:00"), ("en-US", "6:00 PM")):
            visitor.get(event.path, headers={"Accept-Language": region})
            assert hour in visitor.text
            assert visitor.page.html["lang"] == "en"


def test_plural_forms_follow_the_number_and_the_language(app, monkeypatch):
    german = Translations()
    german._catalog = {("%(num)s seat", 0): "%(num)s Platz", ("%(num)s seat", 1): "%(num)s Plätze"}
    catalogues = {"en": Translations(), "de": german}
    for locale, catalogue in catalogues.items():
        monkeypatch.setitem(i18n.babel.domain_instance.loaded, Locale(locale), catalogue)
    line = app.jinja_env.from_string(
        "{% trans num=number %}{{ num }} seat{% pluralize %}{{ num }} seats{% endtrans %}"
    )
    with app.test_request_context():
        for locale, said in (("en", ["1 seat", "2 seats"]), ("de", ["1 Platz", "2 Plätze"])) * 2:
            with i18n.force_locale(locale):
                assert [line.render(number=number) for number in (1, 2)] == said


def test_commands_and_jobs_have_a_locale(app, context):
    assert i18n.locale_here() is None or str(i18n.locale_here()) == "en"


def test_memoized_strings_are_recomputed_for_another_reader_language_or_day(app, context, ana, ben):
    said = []

    @i18n.cached_text
    def day(moment):
        said.append(moment)
        return i18n.short_day(moment)

    ben.zone = "Pacific/Auckland"
    midnight = datetime(2031, 1, 1, tzinfo=UTC)
    for person, now, words in (
        (ana, datetime(2030, 12, 31, 23, 59, tzinfo=UTC), "Wed 1 Jan 2031"),
        (ana, midnight, "Wed 1 Jan"),
        (ben, midnight, "Wed 1 Jan"),
        (ben, datetime(2030, 12, 31, 10, 59, tzinfo=UTC), "Wed 1 Jan 2031"),
        (ben, datetime(2030, 12, 31, 11, tzinfo=UTC), "Wed 1 Jan"),
    ):
        with time_machine.travel(now, tick=False), app.test_request_context():
            login_user(person)
            assert [day(midnight), day(midnight)] == [words, words]
            with i18n.force_locale("en@12"):
                assert day(midnight) == words
    assert len(said) == 10
