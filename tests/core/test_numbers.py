"""Numbers, amounts, dates and times, as people of many languages type them.

CLDR, by Babel, writes; we read.
"""

from datetime import date, datetime
from decimal import Decimal

import pytest
from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal
from wtforms.fields import DecimalField, IntegerField
from wtforms.fields.datetime import DateField, DateTimeField

from tests import factories
from tests.core.test_typed import fields_of_forms
from webapp.core.http.forms import CalendarDate, LocalDateTime
from webapp.core.http.number_fields import WholeNumber
from webapp.core.text.numbers import read_amount, read_number, read_whole_number
from webapp.core.time.typed_times import read_day, read_moment

pytestmark = pytest.mark.any_database

LANGUAGES = ("en", "de", "de_CH", "fr", "pl", "hi", "fa", "ar_EG", "ko", "bg")
languages = pytest.mark.parametrize("language", LANGUAGES)
SYSTEMS = ("latn", "default")
ENGLISH, GERMAN, FRENCH = map(Locale.parse, ("en", "de", "fr"))
DEVANAGARI = str.maketrans("0123456789", "०१२३४५६७८९")


@languages
@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("number", ["0", "7.5", "-1234.56", "1500", "12345678.25", "0.99"])
def test_numbers_are_read_as_each_language_writes_them(language, system, number):
    written = format_decimal(Decimal(number), locale=language, numbering_system=system)

    assert read_number(written, Locale.parse(language)) == Decimal(number)


@languages
@pytest.mark.parametrize("currency", ["EUR", "JPY", "INR", "CHF"])
def test_amounts_are_read_as_each_language_writes_them(language, currency):
    written = format_currency(Decimal("12345"), currency, locale=language)

    assert read_amount(written, currency, Locale.parse(language)) == 12345
    assert read_amount("7", currency, Locale.parse(language)) == 7


@languages
def test_days_and_times_are_read_as_each_language_writes_them(language):
    moment, locale = datetime(2027, 2, 27, 18, 5), Locale.parse(language)
    written = format_datetime(moment, "short", locale=language)

    assert read_moment(written, locale) == moment
    assert read_moment(written.translate(DEVANAGARI), locale) == moment
    assert read_moment("2027-02-27T18:05", locale) == moment
    assert read_day(format_date(moment, "short", locale=language), locale) == moment.date()


@pytest.mark.parametrize(
    ("typed", "locale", "read"),
    [
        ("7,50", ENGLISH, "7.50"),
        ("7.50", GERMAN, "7.50"),
        ("1.500", GERMAN, "1500"),
        ("1.500", ENGLISH, "1.500"),
        ("1,500", ENGLISH, "1500"),
        ("1,500", FRENCH, "1.500"),
        ("1.500,50", ENGLISH, "1500.50"),
        ("1\u2009500,5", GERMAN, "1500.5"),
        ("1’500.50", ENGLISH, "1500.50"),
        ("12,34,567", ENGLISH, "1234567"),
        ("٧٫٥٠", ENGLISH, "7.50"),
        ("१२", GERMAN, "12"),
        ("７．５", ENGLISH, "7.5"),
        ("\u200e−3", ENGLISH, "-3"),
        (" +5 ", ENGLISH, "5"),
        ("10,–", GERMAN, "10"),
        (".5", ENGLISH, "0.5"),
    ],
)
def test_a_number_that_can_be_read_in_one_way_is_read(typed, locale, read):
    number = read_number(typed, locale)

    assert (number, str(number)) == (Decimal(read), read)


@pytest.mark.parametrize(
    "typed",
    ["", " ", "x", "1e3", "1_000", "nan", "inf", "0x10", "½", "²", "10²", "1..5", "1.5.5", "1 50"]
    + ["1,2,3", "1,000,5", "5.", "--5", "5-", "9" * 60, "7.50 £", "٫", "1,0000,000"],
)
@pytest.mark.parametrize("locale", [ENGLISH, GERMAN])
def test_what_is_no_number_is_refused(typed, locale):
    assert read_number(typed, locale) is None
    assert read_amount(typed, "EUR", locale) is None


@pytest.mark.parametrize("typed", ["1.5", "1,5", "1.000", "1e3"])
def test_whole_numbers_are_not_rounded(typed):
    assert read_whole_number(typed, ENGLISH) is None


@pytest.mark.parametrize(
    "typed",
    ["3/4/2027", "31.02.2027", "0001-01-01T00:00", "2027", "27 2 2027 25:00", "2027-02-27T18:05Z"]
    + ["5 apples 2027-02-27", "27/2/2027 13:00 PM", "²/2/2027", ""]
    + ["9" * 25 + "-1-1", "2027-1-1 9:" + "9" * 25, "9" * 5000 + "-1-1"],
)
def test_what_could_be_two_days_or_none_is_refused(typed):
    days = {read_day(typed, ENGLISH), read_moment(typed, ENGLISH)}

    assert days <= {None, date(1, 1, 1), datetime(1, 1, 1)}


def test_every_number_and_time_that_people_type_is_read_this_way(app):
    numbers, times = IntegerField | DecimalField, DateField | DateTimeField
    kinds = {
        field.field_class
        for _form, _name, field in fields_of_forms(numbers | times)
        if "widget" not in field.kwargs and _name not in {"version", "number"}
    }

    assert kinds == {WholeNumber, LocalDateTime, CalendarDate}


def test_counts_are_typed_in_any_digits(browser, ana):
    group = factories.group(ana)
    page = browser(ana)
    page.get(f"/groups/{group.slug}/manage/events")
    page.submit("/manage/events", capacity="१\u00a0२००")

    page.get(f"/groups/{group.slug}/manage/events")
    assert page.page.find("input", attrs={"name": "capacity"})["value"] == "1200"
