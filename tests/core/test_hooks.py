"""The hooks between features: all subscribers, as a table."""

import pytest

from webapp.core import hooks

pytestmark = pytest.mark.any_database


def test_each_hook_has_exactly_the_expected_subscribers(app):
    listeners = {
        hook.name: sorted({f.__module__.removeprefix("webapp.") for f in hook.subscribers})
        for hook in hooks.OCCASIONS
    }

    assert listeners == {
        "email_verified": [
            "attendance.guests",
            "invitations.invited_sign_up",
            "notifications.notify",
        ],
        "email_changed": ["attendance.guests"],
        "user_approved": ["attendance.guests", "invitations.invited_sign_up"],
        "user_deactivated": [
            "attendance.leaving",
            "events.hosts",
            "groups.member_removal",
            "groups.ownership",
            "notifications",
            "voting.electorate.leavers",
        ],
        "user_returned": ["groups.member_removal", "voting.electorate.leavers"],
        "user_exported": [
            "accounts.exporting",
            "agenda.exporting",
            "attendance.exporting",
            "conversation.exporting",
            "event_files.exporting",
            "events.exporting",
            "groups.exporting",
            "invitations.exporting",
            "mail.personal_data",
            "moderation.exporting",
            "notifications.exporting",
            "people.exporting",
            "privacy.exports",
            "volunteering.exporting",
            "voting.exporting",
        ],
        "user_erased": [
            "accounts.blocks",
            "accounts.erasing",
            "agenda.erasing",
            "attendance.erasing",
            "conversation.erasing",
            "conversation.post_pictures",
            "events.erasing",
            "groups.member_removal",
            "invitations.leaving",
            "mail.personal_data",
            "moderation.erasing",
            "notifications.inbox",
            "notifications.preferences",
            "people.profiles",
            "privacy.exports",
            "volunteering.helping",
            "voting.erasing",
        ],
        "member_joined": ["invitations.leaving", "voting.electorate.leavers"],
        "member_left": [
            "attendance.leaving",
            "conversation.following",
            "invitations.leaving",
            "notifications",
            "voting.electorate.leavers",
        ],
        "group_edited": ["attendance.leaving"],
        "group_deleted": ["voting.electorate.leavers"],
        "group_restored": ["attendance.leaving"],
        "event_copied": [
            "agenda.moving",
            "attendance.registration.form",
            "events.pictures",
            "volunteering.helping",
        ],
        "event_changing": ["attendance.feedback"],
        "event_moved": [
            "agenda.moving",
            "attendance.feedback",
            "volunteering.helping",
            "voting.planning.votes",
        ],
        "event_reopened": ["agenda.bookings", "attendance.seats"],
        "event_resumed": ["agenda.bookings", "attendance.seats"],
        "event_closed": ["attendance.leaving"],
        "event_left": ["volunteering.helping"],
        "answer_shrank": ["agenda.bookings"],
        "event_emptied": ["agenda.erasing", "volunteering.helping"],
        "events_erased": ["event_files.uploads"],
        "offers_due": ["agenda.bookings"],
        "files_named": ["admin.settings", "events.sharing", "groups.sharing", "home.site_card"],
        "booking_changed": ["agenda.notices"],
        "event_settled": ["agenda.bookings"],
        "guest_claimed": ["agenda.bookings"],
        "guest_exported": ["agenda.exporting"],
        "guest_forgotten": ["agenda.bookings"],
        "digest_written": [
            "conversation.notifications",
            "events.notifications",
            "groups.notifications",
            "voting.notifications",
        ],
        "topic_removed": ["events.event_input", "people.profiles"],
    }


def test_each_hooks_name_is_that_of_its_variable():
    variables = {name: it for name, it in vars(hooks).items() if isinstance(it, hooks.Hook)}

    assert len(variables) > 20
    assert [name for name, hook in variables.items() if hook.name != name] == []


def test_subscribers_are_called_in_order_with_the_hooks_arguments():
    heard = []
    hook = hooks.Hook("door_opened", ("who",), "for this test")
    hook.subscribe(first := lambda who: heard.append(("first", who)))
    hook.subscribe(lambda who: heard.append(("second", who)))
    hook.subscribe(first)

    hook(who="Ana")

    assert heard == [("first", "Ana"), ("second", "Ana")]
    with pytest.raises(AssertionError):
        hook(someone="Ana")
