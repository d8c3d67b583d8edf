"""Who has been invited: some have come, some have not answered, one is a person of the demo, and
there are links.
"""

from datetime import timedelta

import sqlalchemy as sa

from ...core import clock
from ...core.extensions import db
from ...groups import reads
from ...groups.models import MEMBER, MODERATOR, OWNER
from ...invitations import accepting, emails, invite_links, inviting
from ...invitations.inviting import Invited
from ...invitations.models import GroupInvitation
from ...notifications.models import Notification
from . import people
from .communities import Groups
from .people import Cast

WORD = "We plant the bank below the bridge this autumn. Come and see whether it suits you."
#: by mail: group -> role, words, addresses
MAILED = {
    "river": (MEMBER, WORD, ["moana.tipene", "callum.reid", "ines.carvalho", "tama.walker"]),
    "cooperative": (
        MEMBER,
        "You asked about the yard: the assembly talks about it this month.",
        ["yuki-hasegawa"],
    ),
}
#: by link: group -> what it is called, role, how long, for how many
LINKS = {
    "river": [
        ("The poster in the library", MEMBER, "month", None),
        ("Helpers of the planting day", MODERATOR, "week", 5),
    ],
}


def create(cast: Cast, made: Groups) -> None:
    """The invitations stand, some of them since some days."""
    for key, (role, words, names) in MAILED.items():
        owner = reads.members(made[key], OWNER)[0]
        inviting.invite(
            made[key], owner, Invited([f"{name}@{people.DOMAIN}" for name in names], role, words)
        )
    for key, links in LINKS.items():
        owner = reads.members(made[key], OWNER)[0]
        for label, role, life, most in links:
            invite_links.make_link(made[key], owner, role, life, most, label)
    _tell()
    _answered(cast)
    _since()


def _tell() -> None:
    """Those with an account have a line in the inbox, as they have once the email is delivered:
    the demo's never is.
    """
    for one in db.session.scalars(
        sa.select(GroupInvitation).where(GroupInvitation.email.is_not(None))
    ).all():
        emails.sent(one.email or "", one.by.locale, str(one.id))


def _answered(cast: Cast) -> None:
    """One has declined, one mail is paused."""
    declined, paused = (_to(f"{name}@{people.DOMAIN}") for name in ("tama.walker", "callum.reid"))
    accepting.decline(declined, by=cast[people.ADMIN])
    invite_links.pause(paused, by=paused.by)


def _to(address: str) -> GroupInvitation:
    return db.session.scalars(
        sa.select(GroupInvitation).where(GroupInvitation.email == address)
    ).one()


def _since() -> None:
    """They were sent two days ago, and reached people then."""
    since = clock.now() - timedelta(days=2, hours=3)
    db.session.flush()
    db.session.execute(sa.update(GroupInvitation).values(created_at=since))
    db.session.execute(
        sa.update(GroupInvitation).where(GroupInvitation.sent_at.is_not(None)).values(sent_at=since)
    )
    db.session.execute(
        sa.update(Notification)
        .where(Notification.kind == "invitation.arrived")
        .values(created_at=since)
    )
