"""What stays as long as someone wants it, and where nothing speaks of a person."""

from flask_babel import lazy_gettext as _

#: What no clock clears away, by table: each with its reason.
KEPT = {
    "user": (
        _("Your account"),
        _(
            "As long as you have it, and 14 days more; then a row without a name stays, for those "
            "who need one."
        ),
    ),
    "profile": (
        _("What your page says"),
        _("Until you change it, as long as you have your account."),
    ),
    "interest": (
        _("What you are interested in"),
        _("Until you change it, as long as you have your account."),
    ),
    "group": (_("Groups"), _("Until someone who owns them deletes them.")),
    "group_slug": (
        _("Earlier addresses of a group"),
        _("As long as the group stands, so that old links lead to it."),
    ),
    "membership": (_("Who belongs to a group"), _("Until they leave or are removed.")),
    "join_request": (
        _("Requests to join a group, with what was answered to its questions"),
        _("Until they are answered or taken back."),
    ),
    "ownership_offer": (
        _("Offers to own a group"),
        _("Until they are answered or taken back, 14 days at most."),
    ),
    "invitation_use": (_("By which invitation someone came"), _("As long as the invitation.")),
    "invited_sign_up": (
        _("That you signed up by an invitation"),
        _("Until your address is confirmed; then you belong to the group."),
    ),
    "refused_address": (
        _("Addresses that want no invitation by mail"),
        _(
            "For good, as a fingerprint that nobody can read the address from: otherwise we could "
            "not keep the promise."
        ),
    ),
    "event_file": (
        _("Pictures and files that you brought to an event"),
        _("Until you or its hosts remove them; they go with the event, and with your account."),
    ),
    "preference": (_("How you want to hear of things"), _("As long as you have your account.")),
    "group_level": (_("How much you want to hear of a group"), _("Until you leave it.")),
    "block_or_mute": (
        _("Whom you muted or blocked"),
        _("Until you take it back, or one of you leaves the site."),
    ),
    "ban": (
        _("Who may not come back into a group"),
        _("Until its last day, where it has one, or until it is lifted."),
    ),
    "join_question": (
        _("What a group asks of people who would join"),
        _("Until those who look after it change it."),
    ),
    "event_default": (_("What a group’s events begin with"), _("As long as the group stands.")),
    "vote_default": (_("What a group’s votes begin with"), _("As long as the group stands.")),
    "group_day": (
        _("How many belonged to a group on a day"),
        _("As long as the group stands: numbers without names."),
    ),
    "event_day": (
        _("How many seats of an event were taken on a day"),
        _("As long as the event stands: numbers without names."),
    ),
    "event": (
        _("Events"),
        _("Until a host deletes them: what took place is part of a group’s memory."),
    ),
    "event_host": (_("Who runs an event"), _("As long as the event stands.")),
    "event_news": (
        _("What hosts wrote to those who answered"),
        _("As long as the event stands: it belongs to what took place."),
    ),
    "calendar_feed": (
        _("Secret addresses of calendars, and the day on which a program last read one"),
        _("Until you take it back, or leave its group."),
    ),
    "rsvp": (
        _("Answers to an event"),
        _("As long as the event stands, or until you take yours back."),
    ),
    "attendance": (
        _("How many of an answer came to an event, and when"),
        _("As long as the answer: whoever runs an event counts who came."),
    ),
    "feedback": (
        _("How someone found an event"),
        _(
            "As long as the event stands. You can change it for 14 days after the end; after "
            "that nothing leads to whoever gave"
            " it without a name."
        ),
    ),
    "event_question": (_("What hosts ask of those who come"), _("As long as the event stands.")),
    "event_option": (
        _("Ticket kinds, and choices in hosts’ questions"),
        _("As long as the event stands."),
    ),
    "event_task": (
        _("What there is to do for an event, and who does it"),
        _("As long as the event stands."),
    ),
    "event_shift": (_("Shifts of an event"), _("As long as the event stands.")),
    "shift_claim": (
        _("Who has a place in a shift"),
        _("Until they give it back, or as long as the event stands."),
    ),
    "rsvp_pick": (_("Which ticket or choice an answer has"), _("As long as the answer.")),
    "agenda_room": (_("The rooms of an event’s agenda"), _("As long as the event stands.")),
    "agenda_track": (_("The tracks of an event’s agenda"), _("As long as the event stands.")),
    "agenda_session": (_("The sessions of an event’s agenda"), _("As long as the event stands.")),
    "speaker": (
        _("Who speaks at an event, as its hosts wrote it down"),
        _("As long as the event stands, or until hosts delete it."),
    ),
    "event_slug": (
        _("Earlier addresses of an event"),
        _("As long as the event, so that its people find it there."),
    ),
    "session_speaker": (_("Who speaks at which session"), _("As long as the session.")),
    "session_booking": (
        _("Who has a seat in a session"),
        _("As long as the session, or until you give yours up."),
    ),
    "waitlist_step": (
        _("What happened in a waiting list"),
        _("As long as the event stands: whoever waited can see that it was fair."),
    ),
    "reply": (
        _("That you wrote something in a thread"),
        _("As long as the thread: what others answered needs its place."),
    ),
    "mention": (
        _("Where you are mentioned"),
        _("As long as the thread stands, or you have your account."),
    ),
    "thread_reader": (
        _("Which threads you follow, and how far you have read"),
        _("Until you leave the group."),
    ),
    "vote": (_("Votes"), _("Until they are deleted: a decision stands.")),
    "voter": (_("Who could vote"), _("As long as the vote stands: a result needs its roll.")),
    "ballot": (
        _("Ballots, and the reasons given with them"),
        _(
            "As long as the vote stands: a result can be counted again. Your reasons go with your "
            "account."
        ),
    ),
    "secret_roll": (
        _("Whether you voted in a secret vote"),
        _(
            "As long as the vote stands: the ballots are counted against it. Beside it stands "
            "neither what you chose nor when."
        ),
    ),
    "secret_ballot": (
        _("Secret ballots"),
        _(
            "As long as the vote stands, and without a name. Those of a vote that is cancelled or "
            "deleted are gone at once."
        ),
    ),
    "vote_invitee": (
        _("Whom a vote among invited people was for"),
        _("As long as the vote stands, or you have your account."),
    ),
    "vote_outcome": (
        _("What was said to follow from a vote"),
        _("As long as the vote stands: a decision stands."),
    ),
    "report_case": (
        _("What was reported and waits to be judged"),
        _("Until someone has decided, and a year more."),
    ),
    "report": (
        _("Who reported something, and what they said"),
        _("As long as what was decided about it."),
    ),
    "case_step": (
        _("What was done about a report, and why"),
        _("As long as what was decided about it."),
    ),
    "audit_entry": (
        _("Who did what that concerns others"),
        _("As long as the site stands: such as who changed a role, without what was written."),
    ),
}

#: Tables in which nothing speaks of a person.
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
