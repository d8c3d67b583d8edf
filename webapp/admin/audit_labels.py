"""Labels for the audit log: for things, and for what was done to them."""

from typing import Any

from flask_babel import lazy_gettext as _l

_GROUP = {
    "created": _l("created"),
    "edited": _l("changed"),
    "settled": _l("permissions changed"),
    "pictured": _l("picture changed"),
    "deleted": _l("deleted"),
    "restored": _l("restored"),
    "hidden": _l("hidden"),
    "shown": _l("shown again"),
    "approved": _l("name approved"),
}
_EVENT = {
    "published": _l("published"),
    "unpublished": _l("changed back to a draft"),
    "cancelled": _l("cancelled"),
    "resumed": _l("resumed"),
    "deleted": _l("deleted"),
    "restored": _l("restored"),
    "locked": _l("locked"),
    "unlocked": _l("unlocked"),
    "pictured": _l("picture changed"),
    "agenda_changed": _l("agenda changed"),
    "questions_changed": _l("questions changed"),
    "tickets_changed": _l("ticket types changed"),
    "hidden": _l("hidden"),
    "shown": _l("shown again"),
    "file_hidden": _l("picture or file hidden"),
    "file_shown": _l("picture or file shown again"),
    "file_removed": _l("picture or file removed"),
}
_VOTE = {
    "created": _l("created"),
    "edited": _l("changed"),
    "deleted": _l("deleted"),
    "cancelled": _l("cancelled"),
    "concluded": _l("outcome recorded"),
    "scheduled": _l("date applied to the event"),
    "hidden": _l("hidden"),
    "shown": _l("shown again"),
    "invited": _l("people invited"),
    "reminded": _l("people reminded"),
}
_CASE = {
    "dismissed": _l("dismissed"),
    "hidden": _l("decided: hidden"),
    "warned": _l("decided: warned"),
    "removed": _l("decided: removed from the group"),
    "banned": _l("decided: banned from the group"),
    "suspended": _l("decided: account closed"),
    "upheld": _l("decision upheld"),
    "lifted": _l("decision lifted"),
    "escalated": _l("passed on to admins"),
    "objected": _l("appealed"),
}
_ACCOUNT = {
    "created": _l("created"),
    "approved": _l("approved"),
    "declined": _l("declined"),
    "asked_again": _l("requested with an email address already in use"),
    "made_room": _l("deleted because someone else confirmed its email address"),
    "suspended": _l("closed"),
    "reopened": _l("reopened"),
    "left": _l("deletion requested"),
    "returned": _l("deletion cancelled"),
    "erased": _l("deleted for good"),
}
_CHANGED = {"changed": _l("changed")}
_ADDED = {"added": _l("added"), "removed": _l("removed")}

#: noun -> its label, and verb -> what was done to it
ACTS: dict[str, tuple[Any, dict[str, Any]]] = {
    "account": (_l("Account"), _ACCOUNT),
    "admin": (
        _l("Admin"),
        {
            "created": _l("role given on the command line"),
            "made": _l("role given"),
            "ended": _l("role removed"),
        },
    ),
    "sign_in": (
        _l("Sign-in"),
        {"opened": _l("succeeded"), "failed": _l("failed"), "ended": _l("ended")},
    ),
    "sign_ins": (_l("All sign-ins"), {"ended": _l("ended")}),
    "password_check": (_l("Password check"), {"failed": _l("failed")}),
    "access": (_l("Access"), {"refused": _l("refused")}),
    "password": (_l("Password"), {**_CHANGED, "forgotten": _l("reset requested")}),
    "email": (
        _l("Email address"),
        {
            **_CHANGED,
            "verified": _l("confirmed"),
            "asked": _l("change requested"),
            "withdrawn": _l("change cancelled"),
            "reminded": _l("confirmation email resent"),
        },
    ),
    "handle": (_l("Handle"), _CHANGED),
    "profile": (_l("Profile"), {"shown": _l("visibility changed")}),
    "terms": (_l("House rules"), {"agreed": _l("agreed to")}),
    "export": (_l("Copy of personal data"), {"asked": _l("requested")}),
    "site": (
        _l("Site"),
        {"settled": _l("settings changed"), "restored": _l("restored from a backup")},
    ),
    "announcement": (_l("Announcement"), {"made": _l("created"), "ended": _l("ended")}),
    "page": (_l("Legal page"), {"published": _l("published")}),
    "topic": (_l("Topic"), {**_ADDED, "renamed": _l("renamed")}),
    "news_source": (
        _l("News feed"),
        {**_ADDED, "renamed": _l("renamed"), "asked": _l("refreshed")},
    ),
    "job": (_l("Job"), {"retried": _l("retried"), "discarded": _l("discarded")}),
    "undelivered_email": (
        _l("Undelivered email"),
        {"retried": _l("resent"), "discarded": _l("discarded")},
    ),
    "case": (_l("Report"), _CASE),
    "groups": (
        _l("Permission to start groups"),
        {"allowed": _l("given"), "disallowed": _l("removed")},
    ),
    "group": (_l("Group"), _GROUP),
    "member": (
        _l("Member"),
        {
            "left": _l("left"),
            "removed": _l("removed"),
            "banned": _l("banned"),
            "unbanned": _l("ban lifted"),
            "role_changed": _l("role changed"),
        },
    ),
    "ban": (_l("Ban"), {"ended": _l("expired")}),
    "ownership": (
        _l("Ownership"),
        {
            "offered": _l("offered"),
            "accepted": _l("accepted"),
            "declined": _l("declined"),
            "withdrawn": _l("offer withdrawn"),
            "inherited": _l("passed on because the group had no other owner"),
        },
    ),
    "request": (
        _l("Request to join"),
        {"approved": _l("approved"), "declined": _l("declined"), "ignored": _l("ignored")},
    ),
    "invitation": (
        _l("Invitation"),
        {
            "sent": _l("sent"),
            "resent": _l("resent"),
            "accepted": _l("accepted"),
            "declined": _l("declined"),
            "refused": _l("blocked for good by the recipient"),
            "paused": _l("paused"),
            "resumed": _l("resumed"),
            "withdrawn": _l("withdrawn"),
        },
    ),
    "invitation_link": (_l("Invitation link"), {"made": _l("created")}),
    "questions": (_l("Application questions"), _CHANGED),
    "code": (_l("Code of conduct"), _CHANGED),
    "thread": (
        _l("Thread"),
        {
            "announced": _l("announced to everyone"),
            "pinned": _l("pinned"),
            "unpinned": _l("unpinned"),
            "locked": _l("locked"),
            "unlocked": _l("unlocked"),
            "removed": _l("removed"),
        },
    ),
    "reply": (
        _l("Reply"),
        {
            "edited": _l("changed"),
            "hidden": _l("hidden"),
            "shown": _l("shown again"),
            "removed": _l("removed"),
        },
    ),
    "event": (_l("Event"), _EVENT),
    "event_default": (_l("Event defaults"), _CHANGED),
    "event_invitation": (_l("Event invitations"), {"sent": _l("sent")}),
    "event_message": (_l("Message to attendees"), {"sent": _l("sent")}),
    "host": (
        _l("Host"),
        {
            "asked": _l("invited"),
            "named": _l("added"),
            "declined": _l("declined"),
            "removed": _l("removed"),
            "withdrawn": _l("invitation withdrawn"),
        },
    ),
    "rsvp": (
        _l("Answer"),
        {
            "approved": _l("approved"),
            "refused": _l("refused"),
            "for_other": _l("added for someone"),
        },
    ),
    "task": (_l("Task"), _ADDED),
    "shift": (_l("Shift"), _ADDED),
    "vote": (_l("Vote"), _VOTE),
    "vote_default": (_l("Vote defaults"), _CHANGED),
}


def noun_of(action: str) -> Any:
    """Return the label of the thing, or its name in the log if there is none."""
    noun = action.partition(".")[0]
    return ACTS[noun][0] if noun in ACTS else noun.replace("_", " ")


def verb_of(action: str) -> Any:
    """Return the label of the action, or its name in the log if there is none."""
    noun, _dot, verb = action.partition(".")
    return (
        ACTS[noun][1].get(verb, verb.replace("_", " ")) if noun in ACTS else verb.replace("_", " ")
    )


def is_known(action: str) -> bool:
    """Whether there is a label for the action, or for the noun alone."""
    noun, _dot, verb = action.partition(".")
    return noun in ACTS and (not verb or verb in ACTS[noun][1])
