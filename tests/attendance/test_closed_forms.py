"""Locked and cancelled events explain themselves instead of showing forms that always refuse."""

from datetime import timedelta

import pytest
from werkzeug.routing import RequestRedirect

from tests import factories, sample_site, snapshots
from webapp.core.extensions import db
from webapp.events import planning
from webapp.events.models import DRAFT, Event

pytestmark = pytest.mark.any_database
#: What an event's hosts can send in both states.
ALWAYS = {
    *(
        "event_comments.delete",
        "event_comments.follow",
        "event_comments.lock",
        "event_files.delete",
        "event_files.update",
    ),
    *(
        "host_announcements.read",
        "event_copies.create",
        "event_hosts.withdraw",
        "guest_links.create",
        "event_removals.delete",
    ),
}
#: And for a locked event: it can be unlocked, and people can be notified and invited.
LOCKED = {
    *("event_locks.delete", "host_announcements.tell", "host_announcements.withdraw"),
    *(
        "event_invitations.create_for_members",
        "event_invitations.read",
        "event_members.create",
        "event_members.read",
    ),
}
#: And for a cancelled one: it can be resumed or deleted, and what concerns its end continues.
OFF = {
    *(
        "event_cancellations.delete",
        "event_removals.create",
        "event_comments.create",
        "event_comments.react",
        "event_uploads.create",
        "event_files_settings.update",
    ),
    *("volunteering.move", "volunteering.release", "event_hosts.create", "event_hosts.delete"),
}


def lock(event, by):
    planning.lock(event, by)


def cancel(event, by):
    planning.cancel(event, by, "Rain")


@pytest.mark.parametrize(("close", "allowed"), [(lock, ALWAYS | LOCKED), (cancel, ALWAYS | OFF)])
def test_no_page_shows_a_form_that_always_refuses(app, context, close, allowed):
    here = snapshots.sample_site_of(app, secret=False)
    close(db.session.get(Event, here.event.id), here.people["owner"])
    db.session.commit()
    found = {}

    for rule in sample_site.rules(app, "GET"):
        if rule.rule.startswith("/events/<slug>"):
            for endpoint in forms_on(app, here, rule):
                found.setdefault(endpoint, []).append(rule.endpoint)

    assert {endpoint: pages for endpoint, pages in found.items() if endpoint not in allowed} == {}
    assert set(found) == allowed


def finish(event):
    """Move the event to a year ago."""
    for name in ("starts_at", "ends_at", "starts_wall", "ends_wall", "rsvp_deadline"):
        if getattr(event, name) is not None:
            setattr(event, name, getattr(event, name) - timedelta(days=365))


@pytest.mark.parametrize("is_over", [True, False], ids=["over", "draft"])
def test_past_events_and_drafts_offer_no_invitation_form(app, context, is_over):
    here = snapshots.sample_site_of(app, secret=False)
    event = db.session.get(Event, here.event.id)
    if is_over:
        finish(event)
    else:
        event.state = DRAFT
    db.session.commit()
    invites = {"event_invitations", "event_members"}

    found = {
        endpoint
        for rule in sample_site.rules(app, "GET")
        if rule.endpoint.partition(".")[0] in invites
        for endpoint in forms_on(app, here, rule)
    }

    assert {one for one in found if one.partition(".")[0] in invites} == set()
    tab = here.browser(app, "owner")
    tab.get(f"{here.event.path}/manage/invitations/new")
    tab.follow()
    assert ("This event has ended" if is_over else "Publish the event first") in tab.text


def forms_on(app, here, rule):
    """Return the endpoints of the page's forms for changes."""
    tab = here.browser(app, "owner")
    answer = tab.get(here.path(rule))
    app.extensions["limits"].reset()
    if answer.status_code != 200 or answer.mimetype != "text/html":
        return
    urls = app.url_map.bind("127.0.0.1")
    for form in tab.forms:
        if str(form.get("method", "")).lower() == "post":
            for one in [form, *form.select("[formaction]")]:
                action = one.get("formaction") or one.get("action") or here.path(rule)
                try:
                    yield urls.match(action.partition("?")[0], method="POST")[0]
                except RequestRedirect:
                    continue


def test_a_locked_event_explains_it_and_can_be_unlocked_there(context, ana, browser):
    event = factories.event(ana, title="Eel count")
    planning.lock(event, ana)
    db.session.commit()
    host = browser(ana)

    host.get(f"{event.path}/edit")
    assert "This event is locked" in host.text
    assert host.page.find("input", id="title") is None
    host.submit("/lock/removal")
    assert "Unlocked." in host.text
    host.get(f"{event.path}/edit")
    assert host.page.find("input", id="title")["value"] == "Eel count"
