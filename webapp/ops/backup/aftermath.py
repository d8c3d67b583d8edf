"""What a restored site must not do: let in who had been signed out, follow links again, or send
mails a second time.
"""

from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ...accounts.models import MailedLink, SignIn
from ...core import clock
from ...core.audit import AuditEntry
from ...core.marks import Mark
from ...mail.leases import PAUSED
from ...mail.models import QUEUED, SENDING, Letter
from ..jobs import HEARTBEAT


class Aftermath(NamedTuple):
    """How many sign-ins ended, mailed links died, and letters wait for somebody to say whether
    they go.
    """

    sign_ins: int
    links: int
    letters: int


def settle(connection: sa.Connection, manifest: dict[str, Any]) -> Aftermath:
    """Everybody is signed out, mailed links are dead, mail is paused, and the audit log says
    what happened.
    """
    with Session(connection) as session:
        sign_ins, links = (_emptied(session, model) for model in (SignIn, MailedLink))
        letters = (
            session.scalar(sa.select(sa.func.count()).where(Letter.state.in_((QUEUED, SENDING))))
            or 0
        )
        session.execute(sa.delete(Mark).where(Mark.name.in_((PAUSED, HEARTBEAT))))
        session.add(Mark(name=PAUSED, at=clock.now(), note="restored"))
        details = {"made_at": manifest["made_at"], "revision": manifest["revision"]}
        session.add(AuditEntry(action="site.restored", details=details))
        session.flush()
    return Aftermath(sign_ins, links, letters)


def _emptied(session: Session, model: type) -> int:
    return session.execute(sa.delete(model)).rowcount  # type: ignore[attr-defined]
