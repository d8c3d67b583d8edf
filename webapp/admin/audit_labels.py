"""What is in the audit log, in words: what it was done to, and what was done."""

from typing import Any

from flask_babel import lazy_gettext as _l

_GROUP = {
    "created": _l("started"),
    "edited": _l("changed"),
    "settled": _l("settled anew who may do what"),
    "pictured": _l("given another picture"),
    "deleted": _l("deleted"),
    "restored": _l("brought back"),
    "hidden": _l("hidden"),
    "shown": _l("shown again"),
}
_EVENT = {
    "published": _l("published"),
    "unpublished": _l("taken back into a draft"),
    "cancelled": _l("cancelled"),
    "resumed": _l("resumed"),
    "deleted": _l("deleted"),
    "restored": _l("brought back"),
    "locked": _l("locked"),
    "unlocked": _l("unlocked"),
    "pictured": _l("given another picture"),
    "agenda_changed": _l("given another agenda"),
    "questions_changed": _l("asks something else"),
    "tickets_changed": _l("has other tickets"),
    "hidden": _l("hidden"),
    "shown": _l("shown again"),
    "file_hidden": _l("a picture or file hidden"),
    "file_shown": _l("a picture or file shown again"),
    "file_removed": _l("a picture or file removed"),
}
_VOTE = {
    "created": _l("planned"),
    "edited": _l("changed"),
    "deleted": _l("deleted"),
    "cancelled": _l("called off"),
    "concluded": _l("said what follows"),
    "appointed": _l("its date given to the event"),
    "hidden": _l("hidden"),
    "shown": _l("shown again"),
    "invited": _l("people invited"),
    "reminded": _l("people reminded"),
}
_CASE = {
    "dismissed": _l("nothing was wrong"),
    "hidden": _l("decided: hidden"),
    "warned": _l("decided: warned"),
    "removed": _l("decided: removed from the group"),
    "banned": _l("decided: banned from the group"),
    "suspended": _l("decided: account closed"),
    "upheld": _l("the decision stands"),
    "lifted": _l("taken back"),
    "escalated": _l("passed on"),
    "objected": _l("objected to"),
}
_ACCOUNT = {
    "created": _l("made"),
    "approved": _l("let in"),
    "declined": _l("declined"),
    "asked_again": _l("asked for with an address that has one"),
    "made_room": _l("deleted unconfirmed, for another one’s address"),
    "suspended": _l("closed"),
    "reopened": _l("opened again"),
    "left": _l("its person is leaving"),
    "returned": _l("its person has come back"),
    "erased": _l("erased"),
}
_CHANGED = {"changed": _l("changed")}
_ADDED = {"added": _l("added"), "removed": _l("removed")}

#: noun -> what it is called, and verb -> what was done to it
ACTS: dict[str, tuple[Any, dict[str, Any]]] = {
    "account": (_l("Account"), _ACCOUNT),
    "admin": (
        _l("Admin"),
        {"created": _l("made on the command line"), "made": _l("made"), "ended": _l("ended")},
    ),
    "sign_in": (
        _l("Sign-in"),
        {"opened": _l("opened"), "failed": _l("failed"), "ended": _l("ended")},
    ),
    "sign_ins": (_l("All sign-ins"), {"ended": _l("ended")}),
    "proof": (_l("Password, asked again"), {"failed": _l("was wrong")}),
    "access": (_l("Access"), {"refused": _l("refused")}),
    "password": (_l("Password"), {**_CHANGED, "forgotten": _l("forgotten")}),
    "email": (
        _l("Email address"),
        {
            **_CHANGED,
            "verified": _l("confirmed"),
            "asked": _l("asked to be another one"),
            "withdrawn": _l("stays what it was"),
            "reminded": _l("the confirming mail sent again"),
        },
    ),
    "handle": (_l("Handle"), _CHANGED),
    "profile": (_l("Profile"), {"shown": _l("shown to others")}),
    "terms": (_l("House rules"), {"agreed": _l("agreed to")}),
    "export": (_l("Copy of one’s data"), {"asked": _l("asked for")}),
    "site": (_l("Settings of the site"), {"settled": _l("changed")}),
    "announcement": (_l("Announcement"), {"made": _l("made"), "ended": _l("ended")}),
    "page": (_l("Page of the site"), {"published": _l("published")}),
    "topic": (_l("Topic"), {**_ADDED, "renamed": _l("renamed")}),
    "news_source": (
        _l("Source of news"),
        {**_ADDED, "renamed": _l("renamed"), "asked": _l("asked anew")},
    ),
    "job": (_l("Job"), {"retried": _l("tried again"), "discarded": _l("discarded")}),
    "letter": (
        _l("Mail that was not delivered"),
        {"retried": _l("sent again"), "discarded": _l("discarded")},
    ),
    "case": (_l("Case"), _CASE),
    "groups": (
        _l("Starting groups"),
        {"allowed": _l("allowed to someone"), "disallowed": _l("no longer allowed to someone")},
    ),
    "group": (_l("Group"), _GROUP),
    "member": (
        _l("Member"),
        {
            "left": _l("left"),
            "removed": _l("removed"),
            "banned": _l("banned"),
            "unbanned": _l("ban lifted"),
            "role_changed": _l("given another role"),
        },
    ),
    "ban": (_l("Ban"), {"ended": _l("ended by itself")}),
    "ownership": (
        _l("Ownership"),
        {
            "offered": _l("offered"),
            "accepted": _l("accepted"),
            "declined": _l("declined"),
            "withdrawn": _l("no longer offered"),
            "inherited": _l("passed on, for nobody else owned the group"),
        },
    ),
    "request": (
        _l("Request to join"),
        {"approved": _l("approved"), "declined": _l("declined"), "ignored": _l("put aside")},
    ),
    "invitation": (
        _l("Invitation"),
        {
            "sent": _l("sent"),
            "resent": _l("sent again"),
            "accepted": _l("accepted"),
            "declined": _l("declined"),
            "refused": _l("refused for good"),
            "paused": _l("paused"),
            "resumed": _l("resumed"),
            "withdrawn": _l("taken back"),
        },
    ),
    "invitation_link": (_l("Invitation link"), {"made": _l("made")}),
    "questions": (_l("Questions for joining"), _CHANGED),
    "code": (_l("Code of conduct"), _CHANGED),
    "thread": (
        _l("Thread"),
        {
            "announced": _l("announced to all"),
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
    "event_default": (_l("What events begin with"), _CHANGED),
    "event_invitation": (_l("Invitations to an event"), {"sent": _l("sent")}),
    "event_message": (_l("Message to those who come"), {"sent": _l("sent")}),
    "host": (
        _l("Host"),
        {
            "asked": _l("asked"),
            "named": _l("named"),
            "declined": _l("declined"),
            "removed": _l("removed"),
            "withdrawn": _l("no longer asked"),
        },
    ),
    "rsvp": (
        _l("Answer"),
        {
            "approved": _l("approved"),
            "refused": _l("refused"),
            "for_other": _l("given for someone"),
        },
    ),
    "task": (_l("Task"), _ADDED),
    "shift": (_l("Shift"), _ADDED),
    "vote": (_l("Vote"), _VOTE),
    "vote_default": (_l("What votes begin with"), _CHANGED),
}


def noun_of(action: str) -> Any:
    """What was acted upon, in words; as the log has it where nobody has thought of words."""
    noun = action.partition(".")[0]
    return ACTS[noun][0] if noun in ACTS else noun.replace("_", " ")


def verb_of(action: str) -> Any:
    """What was done, likewise."""
    noun, _dot, verb = action.partition(".")
    return (
        ACTS[noun][1].get(verb, verb.replace("_", " ")) if noun in ACTS else verb.replace("_", " ")
    )


def is_known(action: str) -> bool:
    """Whether there are words for the act, or for the beginning of some."""
    noun, _dot, verb = action.partition(".")
    return noun in ACTS and (not verb or verb in ACTS[noun][1])
