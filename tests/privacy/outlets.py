"""All places where a person's words may appear: pages, feeds, emails, other people's archives, and
files.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

import sqlalchemy as sa

from tests.browser_like import Browser
from webapp.core.extensions import db
from webapp.core.storage.files import files
from webapp.events.models import Event

from . import finding

_LINK = re.compile(r'(?:href|src)="(/[^"#]*)')
#: Pages without people's words, and other views of a page.
_NO_WORDS = re.compile(r"/(static|help|sign-|pictures|dev|health)|.*/qr\b|.*[?&](?!page=)")


def pages(app: Any, user: Any, most: int = 1, within: str = "/") -> dict[str, str]:
    """Return the text of each page that `user`, or a visitor, reaches by links: pages, calendars,
    feeds and lists, by path.

    That is each event's page, those outside of groups first, and of each route that they link to
    the first `most` pages, below `within`.
    """
    tab, found, seen = Browser.of(app, user), dict[str, str](), Counter[str]()
    events = db.session.scalars(
        sa.select(Event.slug).order_by(Event.group_id.is_not(None), Event.starts_at)
    ).all()
    db.session.rollback()
    addresses = app.url_map.bind("")
    waiting = [*(f"/events/{slug}" for slug in events), "/"] if within == "/" else [within]
    for path in waiting:
        answer = tab.get(path)
        found[path] = (
            answer.get_data(as_text=True)
            if answer.status_code == 200
            else answer.headers.get("Location", "")
        )
        for link in dict.fromkeys(_LINK.findall(found[path])):
            if link in waiting or _NO_WORDS.match(link) or not link.startswith(within):
                continue
            route = addresses.match(link.partition("?")[0])[0]
            seen[route] += 1
            if seen[route] <= most:
                waiting.append(link)
    return found


def all_of(
    app: Any, user: Any, emails: Callable[[], list[EmailMessage]], most: int
) -> Iterator[tuple[str, str]]:
    """Yield each place with its text: what `user` reads and exports, what visitors read, emails,
    and files.
    """
    for whose in (user, None):
        for path, text in pages(app, whose, most).items():
            yield f"{path} to {whose and whose.handle}", text
    for email in emails():
        said = [
            str(part.get_content())
            for part in email.walk()
            if part.get_content_maintype() == "text"
        ]
        yield f"email to {email['To']}", "\n".join([*map(str, email.values()), *said])
    archive = finding.archive_of(app, user)
    for name in archive.namelist():
        yield f"{name} in an archive", archive.read(name).decode("latin-1")
    for name in files().names():
        yield name, files().read(name).decode("latin-1")
