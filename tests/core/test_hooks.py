"""News that travels leftward: who listens to what, as a whole table."""

import pytest

from webapp.core import hooks

pytestmark = pytest.mark.any_database


def test_the_table_of_occasions_and_their_listeners(app):
    listeners = {
        hook.name: sorted({f.__module__.removeprefix("webapp.") for f in hook.subscribers})
        for hook in hooks.OCCASIONS
    }

    assert listeners == {
        "email_verified": [
            "events.taking_over",
            "invitations.invited_sign_up",
            "notifications.arrivals",
        ],
        "email_changed": ["events.taking_over"],
        "user_approved": ["events.taking_over", "invitations.invited_sign_up"],
        "user_deactivated": [
            "events.hosting",
            "events.leaving",
            "groups.member_removal",
            "groups.ownership",
            "notifications",
        ],
        "user_returned": ["groups.member_removal"],
        "user_exported": [
            *(
                "accounts.exporting",
                "conversation.exporting",
                "events.agenda.exporting",
                "events.exporting",
            ),
            *("groups.exporting", "invitations.exporting"),
            *(
                "mail.parting",
                "moderation.exporting",
                "notifications.exporting",
                "people.exporting",
                "privacy.exports",
            ),
            "voting.exporting",
        ],
        "user_erased": [
            *(
                "accounts.distances",
                "accounts.erasing",
                "conversation.following",
                "events.erasing",
                "groups.member_removal",
            ),
            *(
                "invitations.leaving",
                "mail.parting",
                "moderation.erasing",
                "notifications.inbox",
                "notifications.preferences",
            ),
            *("people.profiles", "privacy.exports", "voting.erasing"),
        ],
        "member_joined": ["invitations.leaving", "voting.electorate.leaving"],
        "member_left": [
            "conversation.following",
            "events.leaving",
            "invitations.leaving",
            "notifications",
            "voting.electorate.leaving",
        ],
        "group_edited": ["events.leaving"],
        "group_deleted": ["voting.electorate.leaving"],
        "group_restored": ["events.leaving"],
        "event_moved": ["events.agenda.moving", "voting.planning.votes"],
        "event_reopened": ["events.agenda.bookings"],
        "event_resumed": ["events.agenda.bookings"],
        "answer_shrank": ["events.agenda.bookings"],
        "event_copied": [
            "events.agenda.moving",
            "events.asked",
            "events.helping",
            "events.pictures",
        ],
        "topic_removed": ["events.topics", "people.profiles"],
    }


def test_listeners_are_called_in_order_with_what_the_occasion_carries():
    heard = []
    hook = hooks.Hook("door_opened", ("who",), "for this test")
    hook.subscribe(first := lambda who: heard.append(("first", who)))
    hook.subscribe(lambda who: heard.append(("second", who)))
    hook.subscribe(first)

    hook(who="Ana")

    assert heard == [("first", "Ana"), ("second", "Ana")]
    with pytest.raises(AssertionError):
        hook(somebody="Ana")
