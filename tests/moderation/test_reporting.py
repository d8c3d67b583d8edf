"""Reporting: who can, what a case contains, and what no one learns."""

import pytest
import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from tests import factories
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.groups.models import INVITE, SECRET
from webapp.mail.models import OutgoingEmail
from webapp.moderation import reports
from webapp.moderation.models import MEMBER, PERSON, VISITOR, Report, ReportAddress
from webapp.moderation.reportable_types import THINGS
from webapp.notifications.models import Notification
from webapp.people import reads as profiles

from .reporting import cases, judged, lines, reported


def test_a_visitor_can_report_an_event_and_gets_an_email_back(visitor, event, mo, emails):
    visitor.get("/events/watches")
    assert not visitor.page.find("form", method="post")
    visitor.get(visitor.page.select_one("a[href^='/reports/event/']")["href"])
    assert "Cheap watches" in visitor.text
    visitor.submit(rule="spam", text="It sells watches.", email="Vera@Example.org ")

    assert "Thank you" in visitor.text
    (case,) = cases()
    assert (case.kind, case.label, case.group_id, case.author_id, case.reporters) == (
        *("event", "Cheap watches", event.group_id, event.owner_id),
        1,
    )
    assert case.snapshot == "Cheap watches\n\nBuy here"
    (row,) = db.session.scalars(sa.select(Report))
    assert (row.user_id, row.reporter_kind, row.rule, row.text) == (
        None,
        VISITOR,
        "spam",
        "It sells watches.",
    )
    sent = {email["To"]: email for email in emails()}
    assert sent["vera@example.org"]["Subject"] == "Your report has arrived"
    assert (
        "watches" not in sent["vera@example.org"].as_string()
    )  # so that nobody can send text through us
    assert lines(mo, "report.arrived") == ["Something was reported in River walkers"]

    judged(case, "dismissed", mo)
    assert [email["Subject"] for email in emails() if email["To"] == "vera@example.org"] == [
        "Your report has arrived",
        "Your report was reviewed",
    ]


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Choose what fits best."),
        ({"rule": "other"}, "Say briefly what’s wrong."),
        ({"rule": "nonsense"}, "Choose one from the list"),
        ({"rule": "spam", "email": "nobody"}, "Enter a full email address"),
        ({"rule": "spam", "text": "a" * 2001}, "2000"),
    ],
)
def test_missing_values_are_reported_at_their_fields(visitor, event, values, sentence):
    path = f"/reports/event/{event.id}"
    visitor.get(path)
    visitor.submit(**values)

    assert visitor.answer.status_code == 422
    assert sentence in visitor.text
    assert cases() == []


@pytest.mark.any_database
def test_a_bots_report_is_accepted_and_ignored(visitor, event):
    visitor.get(f"/reports/event/{event.id}")
    visitor.submit(rule="spam", homepage="https://machine.example.org", email="vera@example.org")

    assert "Thank you" in visitor.text
    assert cases() == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutgoingEmail)) == 0


@pytest.mark.any_database
def test_five_reports_an_hour_are_accepted_from_one_ip_address(visitor, ana):
    path = f"/reports/event/{factories.event(ana).id}"

    assert [visitor.post(path, {"rule": "spam"}).status_code for _ in range(6)] == [303] * 5 + [429]


@pytest.mark.any_database
def test_emails_to_one_address_are_limited_across_senders(app, browser, ana, event):
    statuses = []
    for number in range(6):
        tab = browser()
        tab.client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
        statuses.append(
            tab.post(
                f"/reports/event/{event.id}", {"rule": "spam", "email": "vera@example.org"}
            ).status_code
        )

    assert statuses == [303] * 5 + [429]


@pytest.mark.any_database
def test_things_a_person_cannot_see_cannot_be_reported(browser, visitor, ana, ben, cem):
    secret = factories.group(ana, name="Quiet", visibility=SECRET, join_policy=INVITE)
    inside = factories.event(ana, secret, audience="group")
    draft, gone = (
        factories.event(ana, state="draft"),
        factories.event(ana, deleted_at=ana.created_at),
    )
    hidden = factories.user("Hid", "Den", profile_visibility="nobody")
    paths = [f"/reports/event/{one.id}" for one in (inside, draft, gone)]
    paths += [
        f"/reports/group/{secret.id}",
        f"/reports/person/{hidden.id}",
        f"/reports/nothing/{ana.id}",
        f"/reports/event/{ana.id}",
    ]

    for tab in (visitor, browser(cem)):
        for path in paths:
            assert tab.get(path).status_code == 404, path
            assert tab.post(path, {"rule": "spam"}).status_code == 404, path
            assert tab.get(f"{path}/thanks").status_code == 404, path
    assert cases() == []


def test_many_reports_make_one_case_and_notify_moderators_once_until_viewed(
    event, ana, cem, dia, mo
):
    for person in (cem, dia, None, None):
        reported("event", event, person, "hate")

    (case,) = cases()
    assert case.reporters == 4
    assert len(lines(mo, "report.arrived")) == 1
    db.session.execute(
        sa.update(Notification).where(Notification.user_id == mo.id).values(read_at=case.created_at)
    )
    reported("event", event, factories.user("Another"))
    assert len(lines(mo, "report.arrived")) == 2
    assert len(lines(ana, "report.arrived")) == 1


def test_a_second_report_by_the_same_person_is_added_to_the_first(browser, event, cem):
    tab = browser(cem)
    tab.get(f"/reports/event/{event.id}")
    tab.submit(rule="spam", text="First.")
    tab.get(f"/reports/event/{event.id}")
    assert "You’ve already reported this" in tab.text
    tab.submit(rule="illegal", text="Second.")
    assert "Added to your report." in tab.text

    (case,) = cases()
    (row,) = db.session.scalars(sa.select(Report))
    assert (case.reporters, row.rule, row.text) == (1, "illegal", "First.\n\nSecond.")
    tab.get("/account/reports")
    assert "Second." in tab.text
    assert "Waiting for review" in tab.text


def test_the_text_added_to_a_report_is_limited(event, cem):
    for number in range(2):
        reported("event", event, cem, text=str(number) * 2000)
    with pytest.raises(UserError, match="a lot"):
        reported("event", event, cem, text="9" * 2000)


def test_a_report_after_the_decision_opens_a_new_case(event, cem, mo):
    first = judged(reported("event", event, cem), "dismissed", mo)
    second = reported("event", event, cem)

    assert first.id != second.id
    assert [case.state for case in cases()] == ["closed", "open"]


@pytest.mark.any_database
def test_people_cannot_report_their_own_things(browser, event, ben):
    tab = browser(ben)
    tab.get(f"/reports/event/{event.id}")
    assert "This is yours" in tab.text
    assert tab.post(f"/reports/event/{event.id}", {"rule": "spam"}).status_code == 422
    assert cases() == []


def test_a_person_is_reported_in_a_chosen_shared_group(browser, group, ben, cem, mo, dia):
    factories.membership(group, cem)
    tab = browser(cem)
    tab.get(f"/reports/person/{ben.id}")
    assert [
        option.get_text() for option in tab.page.find("select", id="place").find_all("option")
    ] == [
        "River walkers",
        "Somewhere else on the site",
    ]
    tab.submit(rule="harassment", place=str(group.id))
    assert "You can also block Ben Okafor" in tab.text
    tab.get(f"/reports/person/{ben.id}")
    tab.submit(rule="harassment", place="")

    inside, outside = cases()
    assert (inside.group_id, outside.group_id) == (group.id, None)
    assert len(lines(mo, "report.arrived")) == 1
    assert lines(dia, "report.raised") == ["Something was reported to the site’s admins"]
    assert lines(mo, "report.raised") == []


@pytest.mark.any_database
def test_a_report_about_a_person_ignores_a_group_they_do_not_share(browser, group, ben, cem):
    ben.profile_visibility = "everyone"
    db.session.commit()
    tab = browser(cem)
    tab.get(f"/reports/person/{ben.id}")
    tab.post(f"/reports/person/{ben.id}", {"rule": "spam", "place": str(group.id)})

    assert [case.group_id for case in cases()] == [None]


def test_a_report_about_a_group_notifies_site_admins_and_not_the_group(
    browser, group, ana, mo, cem, dia
):
    reported("group", group, cem, "illegal")

    assert len(lines(dia, "report.raised")) == 1
    assert lines(ana, "report.arrived") == lines(mo, "report.arrived") == []
    tab = browser(ana)
    tab.get(f"/groups/{group.slug}/manage/reports")
    assert "Nothing to review" in tab.text


def test_a_report_about_a_secret_group_contains_only_its_name(ana, ben):
    secret = factories.group(
        ana,
        ben,
        name="Quiet",
        summary="Whispers",
        description="Hush",
        visibility=SECRET,
        join_policy=INVITE,
    )

    assert reported("group", secret, ben).snapshot == "Quiet"


@pytest.mark.parametrize("role", ["ana", "mo", "oda", "dia"])
def test_no_one_sees_who_reported(request, browser, group, event, ben, cem, role):
    reader = request.getfixturevalue(role)
    factories.membership(group, cem)
    case = reported("event", event, cem, text="Words of mine")
    at = "/admin/reports" if role == "dia" else f"/groups/{group.slug}/manage/reports"
    tab = browser(reader)
    tab.get(f"{at}/{case.id}")

    if role != "dia":
        assert "Words of mine" in tab.text
        assert "A member of the group" in tab.text
    assert "Cem" not in tab.text
    tab = browser(ben)  # the person whom it is about
    for path in ("/inbox", "/account/reports", "/events/watches"):
        tab.get(path)
        assert "Words of mine" not in tab.text
    assert tab.get(f"{at}/{case.id}").status_code in (403, 404)


def test_moderators_see_reporters_only_as_member_person_or_visitor(group, event, ana, cem, ben):
    factories.membership(group, cem)
    for person in (cem, factories.user("Stranger"), None):
        reported("event", event, person)

    rows = db.session.scalars(sa.select(Report.reporter_kind).order_by(Report.created_at)).all()
    assert rows == [MEMBER, PERSON, VISITOR]


@pytest.mark.any_database
def test_a_signed_in_reporters_email_field_is_ignored(browser, event, cem):
    browser(cem).post(f"/reports/event/{event.id}", {"rule": "spam", "email": "vera@example.org"})

    assert len(cases()) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ReportAddress)) == 0


@pytest.mark.any_database
def test_everything_reportable_is_fully_defined(app, event, group, ben, ana):
    things = {"event": event, "group": group, "person": ben}

    for name, thing in things.items():
        what = THINGS[name]
        assert what.name == name
        assert what.load(ana, thing.id) == what.find(thing.id) == thing
        assert what.label(thing)
        assert what.url(thing).startswith("/")
        assert what.excerpt(thing)
        assert (what.hide is None) == (what.unhide is None)
        with pytest.raises(NotFound):
            what.load(ana, factories.event(ben, state="draft").id)
    assert reports.own_report(THINGS["event"], event.id, ana) is None


def test_a_case_does_not_reveal_a_hidden_profile(group, ana, ben, cem):
    for person, profile_visibility in ((ben, "nobody"), (cem, "everyone")):
        person.profile_visibility = profile_visibility
        profile = profiles.profile_of(person)
        profile.bio = "I live by the weir."
        db.session.add(profile)
    db.session.commit()

    assert reported("person", ben, ana, group=group).snapshot == f"{ben.name}, @{ben.handle}"
    assert (
        reported("person", cem, ana).snapshot == f"{cem.name}, @{cem.handle}\n\nI live by the weir."
    )
