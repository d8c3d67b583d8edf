"""What is left of a case when someone leaves the site: the case, without them."""

import sqlalchemy as sa

from webapp.core.extensions import db
from webapp.moderation import erasing
from webapp.moderation.models import Report, ReportAddress

from .reporting import cases, judged, reported


def erased(user):
    erasing.erase(user)
    db.session.commit()


def test_a_case_that_waits_keeps_what_was_said_without_whose_it_was(event, cem, mo):
    reported("event", event, cem, text="He sells watches.")
    erased(cem)

    (row,) = db.session.scalars(sa.select(Report))
    assert (row.user_id, row.text, row.case.reporters, row.case.state) == (
        None,
        "He sells watches.",
        1,
        "open",
    )


def test_what_they_said_in_a_case_that_is_over_is_gone(event, cem, mo):
    judged(reported("event", event, cem, text="He sells watches."), "dismissed", mo)
    erased(cem)

    assert db.session.scalars(sa.select(Report.text)).all() == [""]


def test_a_case_about_them_is_over_and_says_nothing_of_them(event, ben, cem):
    reported("event", event, cem, text="Ben again.")
    ben.profile_visibility = "everyone"
    reported("person", ben, cem)
    erased(ben)

    for case in cases():
        assert (case.state, case.outcome, case.label, case.snapshot, case.author_id) == (
            "closed",
            "gone",
            "",
            "",
            None,
        )
        assert case.thing_id != ben.id
    assert set(db.session.scalars(sa.select(Report.text))) == {""}


def test_an_address_that_they_left_as_a_visitor_goes_along(event, cem, ben):
    reported("event", event, None, address=(cem.email, "en"))
    reported("event", event, None, address=("vera@example.org", "en"))
    erased(cem)

    assert db.session.scalars(sa.select(ReportAddress.email)).all() == ["vera@example.org"]
