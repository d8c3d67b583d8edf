"""What is kept until someone deletes it, and tables without personal data."""

from flask_babel import lazy_gettext as _

#: Tables that no rule deletes from, each with its reason.
KEPT = {
    "user": (
        _("Your account"),
        _(
            "As long as you have it, plus 14 days. After that, a record without a name stays where "
            "others still need it."
        ),
    ),
    "profile": (
        _("Your profile"),
        _("Until you change it, or as long as you have your account."),
    ),
    "interest": (
        _("Your interests"),
        _("Until you change it, or as long as you have your account."),
    ),
    "group": (_("Groups"), _("Until an owner deletes them.")),
    "group_slug": (
        _("Previous links of a group"),
        _("As long as the group exists, so that old links still work."),
    ),
    "membership": (_("Members of a group"), _("Until they leave or are removed.")),
    "join_request": (
        _("Requests to join a group, with the answers to its questions"),
        _("Until they are answered or withdrawn."),
    ),
    "ownership_offer": (
        _("Offers to become an owner of a group"),
        _("Until they are answered or withdrawn, for up to 14 days."),
    ),
    "invitation_use": (_("Which invitation someone used"), _("As long as the invitation.")),
    "invited_sign_up": (
        _("The fact that you signed up through an invitation"),
        _("Until your email address is confirmed. Then you are a member of the group."),
    ),
    "refused_address": (
        _("Email addresses that opted out of invitations"),
        _(
            "For good, as a fingerprint that does not reveal the address. Otherwise we could "
            "not leave them out."
        ),
    ),
    "event_file": (
        _("Pictures and files that you uploaded to an event"),
        _(
            "Until you or its hosts remove them. They are deleted with the event, and with your "
            "account."
        ),
    ),
    "preference": (_("Your notification settings"), _("As long as you have your account.")),
    "group_level": (_("Your notification settings for a group"), _("Until you leave it.")),
    "block_or_mute": (
        _("People you muted or blocked"),
        _("Until you undo it, or one of you leaves the site."),
    ),
    "ban": (
        _("People banned from a group"),
        _("Until the ban expires or is lifted."),
    ),
    "join_question": (
        _("A group’s questions for new members"),
        _("Until the people who manage the group change them."),
    ),
    "event_default": (_("A group’s event defaults"), _("As long as the group exists.")),
    "vote_default": (_("A group’s vote defaults"), _("As long as the group exists.")),
    "group_day": (
        _("Number of members of a group on a day"),
        _("As long as the group exists. These are numbers without names."),
    ),
    "event_day": (
        _("Number of seats taken at an event on a day"),
        _("As long as the event exists. These are numbers without names."),
    ),
    "event": (
        _("Events"),
        _("Until a host deletes them. Past events are part of a group’s memory."),
    ),
    "event_host": (_("Hosts of an event"), _("As long as the event exists.")),
    "event_news": (
        _("Messages from hosts to people who answered"),
        _("As long as the event exists. They are part of its history."),
    ),
    "calendar_feed": (
        _("Private calendar links, and the day a program last used one"),
        _("Until you delete the link, or leave its group."),
    ),
    "rsvp": (
        _("Answers to an event"),
        _("As long as the event exists, or until you withdraw yours."),
    ),
    "attendance": (
        _("How many people came to an event with each answer, and when"),
        _("As long as the answer, so that hosts can count who came."),
    ),
    "feedback": (
        _("Feedback on an event"),
        _(
            "As long as the event exists. You can change it for 14 days after the end. After that, "
            "nothing links anonymous feedback to the person who gave it."
        ),
    ),
    "event_question": (_("Hosts’ questions to attendees"), _("As long as the event exists.")),
    "event_option": (
        _("Ticket types, and choices in hosts’ questions"),
        _("As long as the event exists."),
    ),
    "event_task": (
        _("Tasks of an event, and who does them"),
        _("As long as the event exists."),
    ),
    "event_shift": (_("Shifts of an event"), _("As long as the event exists.")),
    "shift_claim": (
        _("Who signed up for a shift"),
        _("Until they leave the shift, or as long as the event exists."),
    ),
    "rsvp_pick": (_("The ticket type or choices in an answer"), _("As long as the answer.")),
    "agenda_room": (_("Rooms in an event’s agenda"), _("As long as the event exists.")),
    "agenda_track": (_("Tracks in an event’s agenda"), _("As long as the event exists.")),
    "agenda_session": (_("Sessions in an event’s agenda"), _("As long as the event exists.")),
    "speaker": (
        _("Speakers at an event, as entered by its hosts"),
        _("As long as the event exists, or until hosts delete them."),
    ),
    "event_slug": (
        _("Previous links of an event"),
        _("As long as the event, so that old links still work."),
    ),
    "session_speaker": (_("Speakers of each session"), _("As long as the session.")),
    "session_booking": (
        _("Who has a seat in a session"),
        _("As long as the session, or until you give yours up."),
    ),
    "waitlist_step": (
        _("History of a waiting list"),
        _("As long as the event exists, so that people who waited can see that it was fair."),
    ),
    "reply": (
        _("The fact that you wrote something in a thread"),
        _("As long as the thread, because other people’s replies refer to it."),
    ),
    "mention": (
        _("Mentions of you"),
        _("As long as both the thread and your account exist."),
    ),
    "reply_picture": (
        _("Pictures in your posts"),
        _("As long as the post, at most until your account is deleted."),
    ),
    "reaction": (
        _("Your reactions to posts"),
        _("Until you remove them, or the post or your account is deleted."),
    ),
    "thread_reader": (
        _("Which threads you follow, and how far you have read"),
        _("Until you leave the group."),
    ),
    "vote": (
        _("Votes"),
        _(
            "Until they are deleted, so that decisions stay on record. If an option is your name, "
            "it stays."
        ),
    ),
    "voter": (
        _("Who could vote"),
        _("As long as the vote exists. A result needs its list of voters."),
    ),
    "ballot": (
        _("Ballots, and the reasons given with them"),
        _(
            "As long as the vote exists, so that the result can be counted again. Your reasons are "
            "deleted with your account."
        ),
    ),
    "secret_roll": (
        _("Whether you voted in a secret vote"),
        _(
            "As long as the vote exists, because the ballots are checked against it. Neither what "
            "you chose nor when you voted is recorded with it."
        ),
    ),
    "secret_ballot": (
        _("Secret ballots"),
        _(
            "As long as the vote exists, without a name. The ballots of a cancelled or deleted "
            "vote are deleted right away."
        ),
    ),
    "vote_invitee": (
        _("Who was invited to a vote"),
        _("As long as both the vote and your account exist."),
    ),
    "vote_outcome": (
        _("Outcome of a vote"),
        _("As long as the vote exists, so that decisions stay on record."),
    ),
    "report_case": (
        _("Reports waiting for a decision"),
        _("Until someone has decided, plus a year."),
    ),
    "report": (
        _("Who reported something, and what they wrote"),
        _("As long as the decision about it."),
    ),
    "case_step": (
        _("Actions taken on a report, and the reasons"),
        _("As long as the decision about it."),
    ),
    "audit_entry": (
        _("Audit log of actions that affect others"),
        _(
            "As long as the site exists. It records, for example, who changed a role, but not what "
            "anyone wrote."
        ),
    ),
}

#: Tables without personal data.
IMPERSONAL = {
    "news_source",
    "site_page",
    "site_setting",
    "category",
    "group_category",
    "option",
    "site_flag",
}
IMPERSONAL |= {"secret_link"}
