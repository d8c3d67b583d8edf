"""The labels of reasons, outcomes and steps."""

from flask_babel import gettext as _, lazy_gettext as _l

from .models import (
    BANNED,
    DISMISSED,
    ESCALATED,
    GONE,
    HARASSMENT,
    HATE,
    HIDDEN,
    ILLEGAL,
    LIFTED,
    MEMBER,
    OBJECTION,
    OTHER,
    PERSON,
    PRIVACY,
    REMOVED,
    SPAM,
    SUSPENDED,
    UPHELD,
    VISITOR,
    WARNED,
)

RULES = {
    SPAM: _l("Spam"),
    HARASSMENT: _l("Harassment"),
    HATE: _l("Hate"),
    ILLEGAL: _l("Illegal"),
    PRIVACY: _l("Personal data"),
    OTHER: _l("Something else"),
}
RULE_HINTS = {
    SPAM: _l("Advertising, fraud, or the same thing over and over"),
    HARASSMENT: _l("Threats, insults, or not leaving someone alone"),
    HATE: _l("Attacks on people for who they are"),
    ILLEGAL: _l("Something the law forbids"),
    PRIVACY: _l("An address, picture or secret that isn’t theirs to share"),
    OTHER: _l("Tell us in your own words"),
}
RULE_ICONS = {
    SPAM: "mail",
    HARASSMENT: "talk",
    HATE: "cross",
    ILLEGAL: "warn",
    PRIVACY: "lock",
    OTHER: "help",
}
#: Outcome or step -> (kind of the chip, label).
OUTCOMES = {
    DISMISSED: ("", _l("Nothing was wrong")),
    HIDDEN: ("no", _l("Hidden")),
    WARNED: ("wait", _l("Warned")),
    REMOVED: ("no", _l("Removed from the group")),
    BANNED: ("no", _l("Banned from the group")),
    SUSPENDED: ("no", _l("Account closed")),
    LIFTED: ("yes", _l("Lifted")),
    GONE: ("", _l("The person has left the site")),
    ESCALATED: ("note", _l("Passed on to the site’s admins")),
    OBJECTION: ("wait", _l("Appeal")),
    UPHELD: ("", _l("Decision upheld")),
}
REPORTERS = {
    MEMBER: _l("A member of the group"),
    PERSON: _l("Someone with an account"),
    VISITOR: _l("A visitor"),
}


def decision(act: str, label: str) -> str:
    """Describe a decision to the person concerned; without a `label` it is about them and says
    “you”.
    """
    if not label:
        return {
            WARNED: _("You were warned"),
            REMOVED: _("You were removed from a group"),
            BANNED: _("You were banned from a group"),
            SUSPENDED: _("Your account was closed"),
            LIFTED: _("The decision about you was lifted"),
            UPHELD: _("The decision about you was upheld"),
        }[act]
    return {
        HIDDEN: _("“%(label)s” was hidden", label=label),
        WARNED: _("You were warned about “%(label)s”", label=label),
        REMOVED: _("You were removed from a group because of “%(label)s”", label=label),
        BANNED: _("You were banned from a group because of “%(label)s”", label=label),
        SUSPENDED: _("Your account was closed because of “%(label)s”", label=label),
        LIFTED: _("The decision about “%(label)s” was lifted", label=label),
        UPHELD: _("The decision about “%(label)s” was upheld", label=label),
    }[act]
