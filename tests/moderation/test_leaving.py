"""What remains of a case when someone leaves the site: the case, without them."""

import sqlalchemy as sa

from webapp.core.extensions import db
from webapp.moderation import erasing
from webapp.moderation.models import Report, ReportAddress

from .reporting import cases, judged, reported


def erased(user):
    erasing.erase(user)
    db.session.commit()


def test_an_open_case_keeps_an_erased_reporters_text_anonymously(event, cem, mo):
    reported("event", event, cem, text="He sells watches.")
    erased(cem)

    (row,) = db.session.scalars(sa.select(Report))
    assert (row.user_id, row.text, row.case.reporters, row.case.state) == (
        None,
        "He sells watches.",
        1,
        "open",
    )


def test_a_closed_case_loses_an_erased_reporters_text(event, cem, mo):
    judged(reported("event", event, cem, text="He sells watches."), "dismissed", mo)
    erased(cem)

    assert db.session.scalars(sa.select(Report.text)).all() == [""]


def test_cases_about_an_erased_person_are_closed_and_anonymized(event, ben, cem):
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


def test_erasure_deletes_the_email_address_of_earlier_visitor_reports(event, cem, ben):
    reported("event", event, None, address=(cem.email, "en"))
    reported("event", event, None, address=("vera@example.org", "en"))
    erased(cem)

    assert db.session.scalars(sa.select(ReportAddress.email)).all() == ["vera@example.org"]
