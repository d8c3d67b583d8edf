"""From an email's row to the mail: its words are found, rendered in the reader's language and
put into an envelope. Its text is derived from its HTML: each email is written once.
"""

from email import charset, policy
from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from email.utils import quote
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale
from flask_mail import Attachment, Message
from markupsafe import Markup

from ...config import ROOT
from ...core.http import links
from ...core.http.forms import single_line
from ...core.i18n import language_of
from ..emails import context_of
from ..leases import LeasedEmail

if TYPE_CHECKING:
    from css_inline import CSSInliner
import re
from html.parser import HTMLParser

_UTF8 = charset.Charset("utf-8")
_UTF8.body_encoding = charset.QP  # lines of any length and any sign pass every server


#: Headers are folded where servers stop taking them and not before: a long address would be folded
#: into an encoded word, of which no provider makes an address again.
_UNFOLDED = policy.SMTP.clone(max_line_length=998)


class Envelope(Message):
    """A mail as text and HTML."""

    def _message(self) -> MIMEBase:
        message = super()._message()
        message.policy = _UNFOLDED
        return message

    def _mimetext(self, text: str | None, subtype: str = "plain") -> MIMEText:
        return MIMEText(text or "", subtype, _UTF8)  # type: ignore[arg-type]


def written(held: LeasedEmail) -> Envelope | None:
    """The mail, the same at every attempt but for its words; None when it has become pointless.

    An email function's context may hold `subject` (otherwise the text's heading), `unsubscribe_url`
    (which must answer a POST without a sign-in, RFC 8058), `preferences_url` (where all such mails
    are chosen), `reply_to` (an address) and `attachments`, a list of (file name, type, bytes).
    """
    with force_locale(held.locale):
        context = context_of(held.template, held.ids)
        return None if context is None else _envelope(held, context)


def _envelope(held: LeasedEmail, context: dict[str, Any]) -> Envelope:
    context = {**context, "language": language_of(held.locale).replace("_", "-")}
    template = current_app.jinja_env.get_template(f"emails/{held.template}.html")
    heading = "".join(template.blocks["heading"](template.new_context(context)))
    heading = Markup(heading).striptags()  # noqa: S704 -- only read
    html = template.render(context)
    envelope = Envelope(
        subject=one_line(context.get("subject") or heading),
        recipients=[one_line(held.address)],
        sender=_sender(),
        body=text_of(html),
        html=_inliner().inline(html),
        reply_to=one_line(context["reply_to"]) if context.get("reply_to") else None,
        attachments=[
            Attachment(one_line(name), kind, data)
            for name, kind, data in context.get("attachments", ())
        ],
        extra_headers=_headers(context),
    )
    envelope.msgId = f"<{held.message_id}@{urlsplit(current_app.config['SITE_URL']).hostname}>"
    return envelope


def one_line(text: Any) -> str:
    """The text without anything that could end a header and begin another."""
    return single_line(str(text)) or ""


def _sender() -> str:
    """Name and address as they are read: Flask-Mail writes the name's letters for the header,
    once.
    """
    name, address = links.sender()
    return f'"{quote(one_line(name))}" <{one_line(address)}>'


def _headers(context: dict[str, Any]) -> dict[str, str]:
    headers = {"Auto-Submitted": "auto-generated"}
    if context.get("unsubscribe_url"):
        headers["List-Unsubscribe"] = f"<{one_line(context['unsubscribe_url'])}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


@cache
def _inliner() -> "CSSInliner":
    from css_inline import CSSInliner  # no web worker needs it

    css = (ROOT / "static" / "css" / "email.css").read_text()
    return CSSInliner(extra_css=css, load_remote_stylesheets=False, keep_at_rules=True)


_SPACE = re.compile(r"[ \t\r\n]+")
_BLOCKS = {"p", "div", "blockquote", "ul", "ol", "li", "pre", "tr", "main", "h1", "h2", "h3", "h4"}
_VOID = {"br", "hr", "img", "meta", "link"}


def text_of(html: str) -> str:
    """Return what the HTML of an email says, with the address of each link.

    Not read: the head, the line beside the subject, and the address to copy, which the button has
    told. The site's name moves from the top to the foot.
    """
    reader = _HtmlReader()
    reader.feed(html)
    reader.close()
    return reader.text + "\n"


class _HtmlReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._open: list[tuple[str, str, str]] = []  # tag, class, address
        self._line = ""  # the paragraph as far as it was read
        self._kind = self._kind_before = ""  # paragraphs of one kind follow without an empty line
        self._bullet = self._site = ""
        self._numbers: list[int] = []  # of items so far, in each open list
        self._label_at = 0  # where the words of a link begin

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a paragraph, or remember where a link begins."""
        if tag == "br":
            self._line = self._line.rstrip(" ") + "\n"
        if tag in _VOID:
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
            self._numbers.append(0)
        elif tag == "li" and self._numbers:
            self._numbers[-1] += 1
            is_numbered = "ol" in [one for one, *_ in self._open if one in {"ul", "ol"}][-1:]
            self._bullet = f"{self._numbers[-1]}. " if is_numbered else "- "

    def handle_endtag(self, tag: str) -> None:
        """End a paragraph, or say where a link leads."""
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
        elif name == "about":
            self._line = self._line.upper()
        elif name == "label":
            self._line, self._kind = f"{self._line.rstrip()}: ", "fact"
        elif tag == "a":
            self._line = self._with_address(address)
        if tag in _BLOCKS and name != "label":
            self._end_paragraph(is_quoted=tag == "blockquote")

    def _with_address(self, address: str) -> str:
        before, label = self._line[: self._label_at], self._line[self._label_at :].strip()
        if label == address:
            return self._line
        if self._is_within("why"):
            return f"{before.rstrip()}\n{label}: {address}"
        return f"{before}{label} ({address})" if before.strip() else f"{label}: {address}"

    def handle_data(self, data: str) -> None:
        """Add to the paragraph; what people wrote without a form keeps its lines."""
        if self._is_within("from"):
            self._site += data.strip()
        elif self._is_within("head") or self._open[-1:] == [("p", "pre", "")]:
            return  # the line beside the subject is one, too
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
        if is_quoted or self._is_within("blockquote"):
            lines = [f"> {line}".rstrip() for line in lines]
        gap = "\n" if kind and kind == self._kind_before else "\n\n"
        self.text += (gap if self.text else "") + self._bullet + "\n".join(lines)
        self._bullet, self._kind_before = "", kind
