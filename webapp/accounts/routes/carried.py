"""What a button of ours carries for somebody who is not signed in: their account, and that its
password was given.
"""

import uuid

from flask import request

from .. import reads
from ..models import User


def account_and_proof() -> tuple[User | None, str]:
    """The account that the form names, if there is one, and the proof that came with it: whether
    that is right is asked next.
    """
    try:
        account = uuid.UUID(request.form.get("account", ""))
    except ValueError:
        return None, ""
    return reads.with_id(account), request.form.get("proof", "")
