"""The labels of reasons, outcomes and steps."""

from flask_babel import gettext as _, lazy_gettext as _l

from . import models

RULES = {
    models.SPAM: _l("Spam"),
    models.HARASSMENT: _l("Harassment"),
    models.HATE: _l("Hate"),
    models.ILLEGAL: _l("Illegal"),
    models.PRIVACY: _l("Personal data"),
    models.OTHER: _l("Something else"),
}
RULE_HINTS = {
    models.SPAM: _l("Advertising, fraud, or the same thing over and over"),
    models.HARASSMENT: _l("Threats, insults, or not leaving someone alone"),
    models.HATE: _l("Attacks on people for who they are"),
    models.ILLEGAL: _l("Something the law forbids"),
    models.PRIVACY: _l("An address, picture or secret that isn’t theirs to share"),
    models.OTHER: _l("Tell us in your own words"),
}
RULE_ICONS = {
    models.SPAM: "mail",
    models.HARASSMENT: "talk",
    models.HATE: "cross",
    models.ILLEGAL: "warn",
    models.PRIVACY: "lock",
    models.OTHER: "help",
}
#: Outcome or step -> (kind of the chip, label).
OUTCOMES = {
    models.DISMISSED: ("", _l("Nothing was wrong")),
    models.HIDDEN: ("no", _l("Hidden")),
    models.WARNED: ("wait", _l("Warned")),
    models.REMOVED: ("no", _l("Removed from the group")),
    models.BANNED: ("no", _l("Banned from the group")),
    models.SUSPENDED: ("no", _l("Account closed")),
    models.LIFTED: ("yes", _l("Lifted")),
    models.GONE: ("", _l("The person has left the site")),
    models.ESCALATED: ("note", _l("Passed on to the site’s admins")),
    models.OBJECTION: ("wait", _l("Appeal")),
    models.UPHELD: ("", _l("Decision upheld")),
}
REPORTERS = {
    models.MEMBER: _l("A member of the group"),
    models.PERSON: _l("Someone with an account"),
    models.VISITOR: _l("A visitor"),
}


def decision(act: str, label: str) -> str:
    """Describe a decision to the person concerned; without a `label` it is about them and says
    “you”.
    """
    if not label:
        return {
            models.WARNED: _("You were warned"),
            models.REMOVED: _("You were removed from a group"),
            models.BANNED: _("You were banned from a group"),
            models.SUSPENDED: _("Your account was closed"),
            models.LIFTED: _("The decision about you was lifted"),
            models.UPHELD: _("The decision about you was upheld"),
        }[act]
    return {
        models.HIDDEN: _("“%(label)s” was hidden", label=label),
        models.WARNED: _("You were warned about “%(label)s”", label=label),
        models.REMOVED: _("You were removed from a group because of “%(label)s”", label=label),
        models.BANNED: _("You were banned from a group because of “%(label)s”", label=label),
        models.SUSPENDED: _("Your account was closed because of “%(label)s”", label=label),
        models.LIFTED: _("The decision about “%(label)s” was lifted", label=label),
        models.UPHELD: _("The decision about “%(label)s” was upheld", label=label),
    }[act]
