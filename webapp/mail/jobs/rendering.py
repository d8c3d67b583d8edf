"""Render an email from its row in the reader's language.

The text version is derived from the HTML.
"""

import re
from email import charset, policy
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formatdate, quote
from functools import cache, lru_cache
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit
from uuid import UUID

from flask import current_app
from flask_mail import Attachment, Message, sanitize_address, sanitize_subject
from markupsafe import Markup, escape

from ...config import ROOT
from ...core import site_settings
from ...core.http import links
from ...core.i18n import force_locale, language_of
from ...core.storage.files import StorageUnavailable, files
from ...core.storage.pictures import LOGO, name_of
from ...core.text.bidi import isolated
from ...core.text.strings import first_words
from ...core.text.typed import single_line
from ..addresses import on_the_wire
from ..emails import context_of
from ..leases import LeasedEmail

if TYPE_CHECKING:
    from css_inline import CSSInliner

_UTF8 = charset.Charset("utf-8")
_UTF8.body_encoding = charset.QP  # quoted-printable: any text passes any server


#: Fold headers only at the length that servers require: folding a long address would encode it so
#: that no provider could read it.
_UNFOLDED = policy.SMTP.clone(max_line_length=998)


#: The longest subject. Phones show about 35 letters; the heading takes about half of them.
LONGEST_SUBJECT, LONGEST_HEADING, LONGEST_PLACE = 78, 32, 24
#: The site's colour (static/css/tokens.css) on light and on dark background, for email programs.
ACCENTS = {
    "meadow": ("#215a3e", "#9bd9b0"),
    "river": ("#00577c", "#86cefa"),
    "loch": ("#005c5d", "#88d4d4"),
    "bluebell": ("#463b7e", "#c0b8ff"),
    "heather": ("#753368", "#f3a8e2"),
    "clay": ("#7e381b", "#fead8e"),
    "gorse": ("#614e06", "#d8c384"),
    "slate": ("#46515d", "#b8c6d4"),
}
LOGO_ID = "logo@folkmoot"  # as named in the layout


class Envelope(Message):
    """An email as text and HTML. The logo is attached, so that opening the email tells nobody."""

    def as_bytes(self) -> bytes:
        """Return the email as it is sent: texts, then attachments, with its headers."""
        whole = MIMEMultipart()
        texts = MIMEMultipart("alternative")
        texts.attach(MIMEText(self.body or "", "plain", _UTF8))  # type: ignore[arg-type]
        texts.attach(_with_logo(self.html or ""))
        whole.attach(texts)
        for name, value in self._headers().items():
            whole[name] = value
        for attachment in self.attachments:
            whole.attach(_attached(attachment))
        whole.policy = _UNFOLDED.clone(utf8=bool(self.mail_options))
        return whole.as_bytes()

    def as_string(self) -> str:
        """Return the same as text."""
        return self.as_bytes().decode()

    def _headers(self) -> dict[str, str]:
        headers = {
            "Subject": sanitize_subject(self.subject),
            "From": sanitize_address(self.sender),
            "To": ", ".join(map(str, self.recipients)),  # Flask-Mail can't encode every address
            "Date": formatdate(self.date, localtime=True),
            "Message-ID": self.msgId,
        }
        if self.reply_to:
            headers["Reply-To"] = sanitize_address(self.reply_to)
        return headers | (self.extra_headers or {})


def _with_logo(html: str) -> MIMEMultipart:
    whole = MIMEMultipart("related", type="text/html")
    whole.attach(MIMEText(html, "html", _UTF8))  # type: ignore[arg-type]
    whole.attach(_logo())
    return whole


def _attached(attachment: Attachment) -> MIMEBase:
    part = MIMEBase(*attachment.content_type.split("/"))
    part.set_payload(attachment.data)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=attachment.filename)
    return part


def written(held: LeasedEmail) -> Envelope | None:
    """Render the email; None if it is pointless by now. Every attempt has the same Message-ID.

    The context may contain `title` and `where` (the thing and its place, for the subject),
    `unsubscribe_url` (which must accept POST without sign-in, RFC 8058), `preferences_url`,
    `reply_to` (an address), `conversation` (an id by which email programs group emails) and
    `attachments`, a list of (file name, type, bytes).
    """
    with force_locale(held.locale):
        context = context_of(held.template, held.ids)
        return None if context is None else _envelope(held, context)


def _envelope(held: LeasedEmail, context: dict[str, Any]) -> Envelope:
    context = {**context, "language": language_of(held.locale).replace("_", "-")}
    template = current_app.jinja_env.get_template(f"emails/{held.template}.html")
    html = _with_whole_links(template.render(context))
    recipient = on_the_wire(one_line(held.address))
    reply_to = on_the_wire(one_line(context.get("reply_to") or ""))
    envelope = Envelope(
        subject=one_line(unescape(html.partition("<title>")[2].partition("</title>")[0])),
        recipients=[recipient],
        mail_options=[] if recipient.isascii() else ["SMTPUTF8"],
        sender=_sender(),
        body=text_of(html),
        html=_inliner(site_settings.value("ACCENT")).inline(html),
        reply_to=reply_to if reply_to.isascii() or not recipient.isascii() else None,
        attachments=[
            Attachment(one_line(name), kind, data)
            for name, kind, data in context.get("attachments", ())
        ],
        extra_headers=_headers(context),
    )
    envelope.msgId = _message_id(held.message_id)
    return envelope


#: A relative link, such as people write in Markdown: `[rules](/groups/x)`.
_RELATIVE = re.compile(r'(<a\s(?:[^<>]*?\s)?href=")(?!https?:|mailto:)([^"]*)', re.IGNORECASE)


def _with_whole_links(html: str) -> str:
    """Return the HTML with every link as a URL: in an email, there is no page to begin at."""
    site = links.absolute("/")
    return _RELATIVE.sub(lambda link: f"{link[1]}{escape(urljoin(site, unescape(link[2])))}", html)


def subject_line(heading: Markup, title: str = "", place: str = "") -> Markup:
    """Return a subject of what happened, to which thing, where: “New reply: Thursday ride (Harbour
    Cyclists)”.

    Every email's subject has this form, with at most LONGEST_SUBJECT letters.
    """
    said = first_words(one_line(heading.striptags()), LONGEST_HEADING if title else LONGEST_SUBJECT)
    where = f" ({isolated(first_words(one_line(place), LONGEST_PLACE))})" if place else ""
    if title:
        room = LONGEST_SUBJECT - len(said) - len(where) - len(isolated(title)) + len(title)
        said = f"{isolated(said)}: {isolated(first_words(one_line(title), room - len(': ')))}"
    said = isolated(said) if not title else said
    return escape(said + where if len(said + where) <= LONGEST_SUBJECT else said)


def _message_id(name: Any) -> str:
    return f"<{one_line(name)}@{urlsplit(current_app.config['SITE_URL']).hostname}>"


def one_line(text: Any) -> str:
    """Return the text without line breaks, which could inject headers."""
    return single_line(str(text)) or ""


def _sender() -> str:
    """Return the sender's name and address unencoded: Flask-Mail encodes them."""
    name, address = links.sender()
    return f'"{quote(one_line(name))}" <{one_line(address)}>'


def _headers(context: dict[str, Any]) -> dict[str, str]:
    headers = {"Auto-Submitted": "auto-generated"}
    if context.get("conversation"):
        headers["References"] = headers["In-Reply-To"] = _message_id(context["conversation"])
    if context.get("unsubscribe_url"):
        headers["List-Unsubscribe"] = f"<{one_line(context['unsubscribe_url'])}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _logo() -> MIMEImage:
    """Return the site's own logo, or the default if there is none or it can't be read."""
    try:
        return _image(site_settings.value("LOGO"))
    except (FileNotFoundError, StorageUnavailable):
        return _image("")


@lru_cache(maxsize=2)
def _image(id: str) -> MIMEImage:
    usual = ROOT / "static" / "icons" / "64.png"
    drawn = files().read(name_of(LOGO, UUID(id), 64)) if id else usual.read_bytes()
    image = MIMEImage(drawn, "png")
    image.add_header("Content-ID", f"<{LOGO_ID}>")
    image.add_header("Content-Disposition", "inline", filename="logo.png")
    return image


@cache
def _inliner(accent: str) -> "CSSInliner":
    from css_inline import CSSInliner  # slow to import: web workers don't need it

    css = (ROOT / "static" / "css" / "email.css").read_text()
    for usual, chosen in zip(
        ACCENTS["meadow"], ACCENTS.get(accent, ACCENTS["meadow"]), strict=True
    ):
        css = css.replace(usual, chosen)
    return CSSInliner(extra_css=css, load_remote_stylesheets=False, keep_at_rules=True)


_SPACE = re.compile(r"[ \t\r\n]+")
_BLOCKS = {"p", "div", "blockquote", "ul", "ol", "li", "pre", "tr", "main", "h1", "h2", "h3", "h4"}
_VOID = {"br", "hr", "img", "meta", "link"}


def text_of(html: str) -> str:
    """Return the text of an email's HTML, with the URL of each link.

    Left out: the head, the preview line, and the URL to copy, which the button already gave. The
    site's name moves from the top to the footer.
    """
    reader = _HtmlReader()
    reader.feed(html)
    reader.close()
    return reader.text + "\n"


def _bare(address: str) -> str:
    """Return a web or email address as people write it."""
    return unquote(address).removeprefix("https://").removeprefix("mailto:")


class _HtmlReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._open: list[tuple[str, str, str]] = []  # tag, class, URL
        self._line = ""  # the paragraph read so far
        # paragraphs of the same kind follow without an empty line
        self._kind = self._kind_before = ""
        self._bullet = self._site = ""
        self._numbers: list[int] = []  # of items so far, in each open list
        self._cells = 0  # so far, in a row of a table
        self._label_at = 0  # where the label of a link begins

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a paragraph, or remember where a link begins."""
        if tag == "br":
            self._line = self._line.rstrip(" ") + "\n"
        elif tag == "hr":
            self._end_paragraph()
            self._line = "* * *"
            self._end_paragraph()
        if tag in _VOID or tag == "bdi":  # its text is a part of what is around it
            return
        given = {name: value or "" for name, value in attrs}
        name = given.get("class", "")
        self._open.append((tag, name, given.get("href", "")))
        if tag == "a":
            self._label_at = len(self._line)
        elif tag in _BLOCKS and self._kind != "fact":
            self._end_paragraph()
        if name == "why":
            self._begin_foot()
        if tag in {"ul", "ol"}:
            self._numbers.append(int(given.get("start", 1)) - 1)
        elif tag == "tr":
            self._cells = 0
        elif tag in {"th", "td"}:
            self._line = f"{self._line.rstrip()} | " if self._cells else self._line
            self._cells += 1
        elif tag == "li" and self._numbers:
            self._numbers[-1] += 1
            is_numbered = "ol" in [one for one, *_ in self._open if one in {"ul", "ol"}][-1:]
            indent = "  " * (len(self._numbers) - 1)
            self._bullet = indent + (f"{self._numbers[-1]}. " if is_numbered else "- ")

    def handle_endtag(self, tag: str) -> None:
        """End a paragraph, or add a link's URL."""
        while tag in (opened for opened, *_ in self._open):
            opened, name, address = self._open.pop()
            self._end(opened, name, address)
            if opened == tag:
                return

    def close(self) -> None:
        """End the last paragraph."""
        super().close()
        self._end_paragraph()

    def _end(self, tag: str, name: str, address: str) -> None:
        if tag in {"ul", "ol"}:
            self._numbers.pop()
        if name == "url":
            self._line = ""
        elif name == "group":
            self._line = self._line.upper()
        elif name == "label":
            self._line, self._kind = f"{self._line.rstrip()}: ", "fact"
        elif tag == "a":
            self._line = self._with_address(address)
        elif tag == "tr":
            self._kind = "row"
        if tag in _BLOCKS and name != "label":
            self._end_paragraph(is_quoted=tag == "blockquote")

    def _with_address(self, address: str) -> str:
        before, label = self._line[: self._label_at], self._line[self._label_at :].strip()
        if _bare(label) == _bare(address):
            return self._line
        if self._is_within("why"):
            return f"{before.rstrip()}\n{label}: {address}"
        if before.strip():
            return f"{before}{label} ({address})"
        return f"{label.removesuffix('.')}: {address}"

    def handle_data(self, data: str) -> None:
        """Add to the paragraph; keep line breaks in quotes and code."""
        if self._is_within("from"):
            self._site += data.strip()
        elif self._is_within("head") or self._open[-1:] == [("p", "pre", "")]:
            return  # the preview line is such a paragraph, too
        elif self._is_within("why") and data.strip() == "·":
            return
        elif self._open and self._open[-1][0] in {"blockquote", "pre", "code"}:
            self._line += data
        else:
            words = _SPACE.sub(" ", data)
            self._line += words.lstrip(" ") if self._line[-1:] in {"", " ", "\n"} else words

    def _is_within(self, *names: str) -> bool:
        return any(tag in names or name in names for tag, name, _address in self._open)

    def _begin_foot(self) -> None:
        if self._site:
            self._line, self._kind = f"--\n{self._site}", "foot"
            self._end_paragraph()
            self._site = ""
        self._kind = "foot"

    def _end_paragraph(self, is_quoted: bool = False) -> None:
        lines = [line.rstrip() for line in self._line.strip().split("\n")]
        kind = "item" if self._bullet else self._kind
        self._line = self._kind = ""
        if lines == [""]:
            return
        lines[0] = self._bullet + lines[0]
        quotes = is_quoted + [tag for tag, *_ in self._open].count("blockquote")
        lines = [f"{'> ' * quotes}{line}".rstrip() for line in lines]
        gap = "\n" if kind and kind == self._kind_before else "\n\n"
        self.text += (gap if self.text else "") + "\n".join(lines)
        self._bullet, self._kind_before = "", kind
