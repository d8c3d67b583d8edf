"""Notifications about one's own data."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _, lazy_gettext as _l

from ..core.time import clock
from ..notifications.notification_types import SITE, notification
from .models import DataExport


def _kept(reader: Any, ids: Collection[UUID]) -> sa.Select[Any]:
    """Archives that can still be downloaded."""
    it = DataExport
    return sa.select(it.user_id).where(it.user_id.in_(ids), it.expires_at > clock.now())


@notification(
    "export.ready",
    SITE,
    _l("The data archive you asked for is ready"),
    _l("Your data is ready"),
    holds=_kept,
)
def _ready() -> str:
    return _("Your data archive is ready to download")


@notification(
    "export.failed",
    SITE,
    _l("The data archive you asked for couldn’t be created"),
    _l("Export failed"),
)
def _failed() -> str:
    return _("Your data archive couldn’t be created")
