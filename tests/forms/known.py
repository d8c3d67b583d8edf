"""Values for fields to which no general rule applies, and forms that are refused, with reasons."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from tests.voting.kinds import titles

from .reading import Form

#: A value: text, several texts, or a function of the form. "@role" is that person's handle; "@code"
#: and "@key" come from the scene.
Value = str | tuple[str, ...] | Callable[[Form], str]
DATES = ("2031-07-01T10:00", "2031-07-02T10:00")
MARKS = {"reason": "Because.", "mark-1": "1", "choice": ""}


def moved(field: str, by: timedelta, length: int = 16) -> Callable[[Form], str]:
    """Return a function that enters the time of another field plus `by`."""

    def entered(form: Form) -> str:
        said = (form.values.get(field) or [""])[0] or "2031-05-01T10:00"
        return (datetime.fromisoformat(said) + by).isoformat()[:length]

    return entered


def options(form: Form) -> str:
    """Return options of a vote, as many of three as its kind allows."""
    kind = parse_qs(urlsplit(str(form.tag["action"])).query)["kind"][0]
    return "\n".join(titles(kind, ("Tea", "Coffee", "Water")))


NOTHING, A_DAY = timedelta(), timedelta(days=1)
PLAN: Mapping[str, Value] = {
    "rsvp_deadline": moved("starts", -A_DAY),
    "first_day": moved("starts", NOTHING, 10),
    "last_day": moved("ends", NOTHING, 10),
}
#: Values that are entered although the form marks the field as optional: endpoint -> field ->
#: value.
NEEDED: Mapping[str, Mapping[str, Value]] = {
    "ballot_keys.read": {"key": "@key"},
    "ballot_keys.update": MARKS,
    "ballots.create": MARKS,
    "cases.decide": {"rule": "spam"},
    "host_announcements.create": {"body": "And a plate."},
    "host_announcements.read": {"tabs": ""},
    "check_in.create": {"code": "@code"},
    "event_hosts.create": {"handle": "@moderator"},
    "event_invitations.create": {"also": ""},
    "event_invitations.read": {"addresses": "ines@example.org"},
    "event_members.create": {"who": ""},
    "event_shifts.give": {"who": "@owner"},
    "host_answers.create": {"who": "@stranger"},
    "invitation_pages.accept": {"affirms": ""},
    "invitees.update": {"who": ""},
    "join_requests.create": {"affirms": ""},
    "email_invitations.create": {"also": ""},
    "email_invitations.read": {"addresses": "ines@example.org"},
    "memberships.create": {"affirms": ""},
    "secret_ballots.create": MARKS,
    "sign_ins.create": {"name": "@member"},
    "site_cases.decide": {"rule": "spam"},
    "site_decisions.create": {"rule": "spam"},
    "votes.create": {
        "opens": moved("closes", -A_DAY),
        "dates": DATES,
        "dates_fold": ("", "0", ""),
        "options": options,
    },
    "votes.update": {"dates": DATES, "opens": "2031-05-01T10:00"},
}
#: Values for fields that are filled in only by some ways: endpoint -> field -> value.
WANTED: Mapping[str, Mapping[str, Value]] = {
    "agenda_planning.create": {"ends": moved("starts", timedelta(minutes=30))},
    "blocks.index": {"who": "@organizer"},
    "event_tasks.create": {"who": "@owner"},
    "event_tasks.update": {"who": "@owner"},
    "events.create": PLAN,
    "events.update": PLAN,
    "profile.update": {"links": "https://example.org"},
    "join_questions.create": {"options": "Kayak\nCanoe"},
    "join_questions.update": {"options": "Kayak\nCanoe"},
    "speakers.create": {"handle": "@member", "links": "https://example.org"},
    "speakers.update": {"handle": "@member", "links": "https://example.org"},
    "votes.create": {"choices_min": "1", "choices_max": "2"},
    "votes.update": {"choices_min": "1", "choices_max": "2"},
}


class Refused(NamedTuple):
    """Forms that lead to this endpoint, filled in like this, are refused with this sentence, for
    this reason.
    """

    endpoint: str
    fill: str
    sentence: str
    reason: str

    def is_met(self, sent: Any, problem: str) -> bool:
        """Whether this submission was expected to be refused with this problem."""
        return (
            sent.endpoint == self.endpoint
            and sent.fill.startswith(self.fill)
            and self.sentence in problem
        )


REFUSED = [
    Refused(
        "agenda_planning.create",
        "",
        "is speaking at “Saving seed” at that time",
        "someone else's session is at that time",
    ),
    Refused(
        "agenda_planning.unpublish",
        "",
        "People have chosen sessions",
        "they would lose what they chose",
    ),
    Refused("ballot_keys.read", "", "This isn’t a valid key", "only who has voted knows a key"),
    Refused("ballots.create", "in full", "You used more dots", "every field has a number"),
    Refused(
        "ballots.create",
        "mark-",
        "Choose something, or abstain",
        "the only mark is taken away",
    ),
    Refused(
        "account_deletions.create",
        "",
        "You’re the only owner of some groups",
        "a group needs an owner",
    ),
    Refused("account_deletions.create", "", "You’re the only admin", "a site needs an admin"),
    Refused(
        "event_members.create",
        "button =",
        "Choose at least one person to invite",
        "nobody was found, or nobody is left",
    ),
    Refused("volunteering.claim", "", "You already have", "nobody is in two shifts at once"),
    Refused("event_tickets.delete", "", "Set its capacity to 0 instead", "people have that ticket"),
    Refused(
        "groups.create",
        "visibility=",
        "Choose another way to join",
        "the two go together",
    ),
    Refused(
        "groups.update",
        "visibility=",
        "Choose another way to join",
        "the two go together",
    ),
    Refused(
        "invitation_pages.accept",
        "",
        "Read the code of conduct",
        "the answer shows it, with its box",
    ),
    Refused("members.update", "", "A group needs an owner", "the only owner is one of the list"),
    Refused(
        "secret_ballots.create",
        "in full",
        "You used more dots than you have",
        "every field has a number",
    ),
    Refused("secret_ballots.create", "mark-", "Choose something, or abstain", "the same"),
    Refused(
        "site_decisions.create", "rule=", "Choose the rule that was broken", "nothing is chosen"
    ),
    Refused("speakers.delete", "", "Remove them there first", "the speaker has a session"),
    Refused("invitees.update", "button =", "Tick at least one person", "nobody was found"),
    Refused(
        "invitees.update",
        "button =",
        "No one else could vote",
        "it asks first; the two buttons of the question answer it",
    ),
    Refused("votes.create", "as shown", "No one else could vote", "the same"),
    Refused(
        "votes.create", "electorate=attended", "No one has attended yet", "the event has not begun"
    ),
]
#: Forms that no page of the walk shows, or that are never accepted there, each with its reason.
NOT_SENT: Mapping[str, str] = {
    "errors/_kept.html 1": "only a failure shows it; tests/security/test_words_typed.py sends it",
    "home/_found.html 1": "only for people without a group; tests/home/test_member.py sends it",
}
