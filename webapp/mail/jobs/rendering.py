"""From an email's row to the mail: its words are found, rendered in the reader's language and
put into an envelope.
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
from ..emails import context_of
from ..leases import LeasedEmail
from .plain_text import text_of

if TYPE_CHECKING:
    from css_inline import CSSInliner

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
    context = {**context, "language": held.locale.replace("_", "-")}
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
