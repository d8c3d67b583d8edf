"""Tasks and figures of the admins' overview: disk, emails, backups and version."""

import shutil
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _, lazy_gettext as _l

from ..admin.navigation import AREA
from ..config import VERSION
from ..core.db import site_flags
from ..core.i18n import since
from ..core.time import clock
from ..core.ui.help import SITE
from ..core.ui.navigation import AreaFigure
from ..core.ui.to_do import TodoRule
from ..mail import status
from .backup import making
from .doctor.machine import volumes
from .doctor.work import OLD_BACKUP

GIGABYTE = 1024**3


def _has_no_backup(_user: Any) -> sa.ColumnElement[bool]:
    at = site_flags.last_set(making.DONE)
    return sa.or_(at.is_(None), at < clock.now() - OLD_BACKUP)


def _last_backup(_user: Any) -> sa.ScalarSelect[datetime]:
    return site_flags.last_set(making.DONE)


def _when(moment: datetime | None) -> str:
    return since(moment) if moment else _("Never")


def _disk(_user: Any) -> tuple[int, int]:
    """Return the bytes used and in total, of the volume with the least free space."""
    fullest = min((shutil.disk_usage(folder) for folder in volumes()), key=lambda one: one.free)
    return fullest.total - fullest.free, fullest.total


def _share(disk: tuple[int, int]) -> str:
    used, total = disk
    return _("%(share)s%%", share=round(100 * used / total))


def _size(disk: tuple[int, int]) -> str:
    used, total = (round(one / GIGABYTE) for one in disk)
    return _("%(used)s of %(total)s GB", used=used, total=total)


AREA.add_tasks(
    TodoRule(
        "backup",
        lambda _number: _("No backup in the last seven days"),
        _has_no_backup,
        "help.show",
        _l("See how"),
        hint=_l("Run “flask backup” every night, or ask the person who runs the server."),
        values=lambda _user: {"slug": SITE},
        rank=1,
    )
)
AREA.add_figures(
    AreaFigure("emails", _l("Emails sent today"), status.recently_sent_count),
    AreaFigure("backup", _l("Latest backup"), _last_backup, shows=_when),
    AreaFigure("disk", _l("Disk"), _disk, shows=_share, detail=_disk, says=_size),
    AreaFigure("version", _l("Version"), lambda _user: VERSION),
)
