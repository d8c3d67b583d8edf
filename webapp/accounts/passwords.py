"""Password rules, and changing passwords."""

import re
from collections.abc import Iterable
from functools import cache
from threading import Lock

import sqlalchemy as sa
from flask_babel import gettext as _

from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.observability import audit
from ..mail import outbox
from . import emailed_links, sign_ins, verifications
from .credentials import normalize
from .models import EmailedLink, SignIn, User

LEAST, PASSPHRASE, MOST = 8, 16, 256
#: A hundred million guesses: eight random characters pass; a word with a year and a symbol doesn't.
ENOUGH_GUESSES = 10**8
#: zxcvbn's work grows with the square of the length, and doubles with each kind of symbol that may
#: stand for a letter.
LOOKED_AT, LEET_KINDS = 72, 10
_LEET = "4@8({[<369!|1/0$5+7%2"
#: Famous passphrases, letters only.
FAMOUS = frozenset(
    [
        "correcthorsebatterystaple",
        "thequickbrownfox",
        "thequickbrownfoxjumpsoverthelazydog",
        "tobeornottobe",
        "tobeornottobethatisthequestion",
        "maytheforcebewithyou",
        "itwasthebestoftimes",
        "onceuponatime",
        "openthepodbaydoors",
        "loremipsumdolorsitamet",
        "iamyourfather",
        "winteriscoming",
        "allyourbasearebelongtous",
        "nevergonnagiveyouup",
        "callmeishmael",
        "inthebeginning",
        "thisismypassword",
        "ilovemymother",
        "letmeinplease",
        "thereisnospoon",
    ]
)
_one_at_a_time = Lock()

Problem = tuple[str, str]


def problems(password: str, inputs: Iterable[str] = ()) -> list[Problem]:
    """Return why the password isn't good enough, as (rule, message) pairs.

    `inputs` are the person's names and address. Lengths count characters of Unicode's form C.
    """
    password = normalize(password)
    found = [*_too_short_or_long(password), *_missing_kinds(password)]
    return found or _guessable(password, [text for text in inputs if text])


def _too_short_or_long(password: str) -> Iterable[Problem]:
    if len(password) < LEAST:
        yield "length", _("Use %(least)s characters or more.", least=LEAST)
    if len(password) > MOST:
        yield "most", _("Use %(most)s characters or fewer.", most=MOST)


def _missing_kinds(password: str) -> Iterable[Problem]:
    if len(password) >= PASSPHRASE:
        return
    kinds = [
        (str.isupper, _("a capital letter")),
        (str.islower, _("a lowercase letter")),
        (str.isdecimal, _("a digit")),
        (_is_special, _("a symbol such as ! or ?")),
    ]
    missing = [
        name for is_kind, name in kinds if not any(is_kind(character) for character in password)
    ]
    if missing:
        yield (
            "kinds",
            _(
                "Add %(kinds)s, or use a passphrase of %(long)s characters or more.",
                kinds=", ".join(missing),
                long=PASSPHRASE,
            ),
        )


def _is_special(character: str) -> bool:
    return not character.isalnum() and not character.isspace()


def _guessable(password: str, inputs: list[str]) -> list[Problem]:
    letters = "".join(character for character in password.casefold() if character.isalpha())
    if password.casefold() in _common() or letters in FAMOUS:
        return [
            (
                "common",
                _("This password is very common, so it’s easy to guess. Choose another one."),
            )
        ]
    if _guesses(password, _woven(inputs)) < ENOUGH_GUESSES:
        return [
            (
                "guessable",
                _("This password is too easy to guess. Add a word or two that no one expects."),
            )
        ]
    bare = _without(password, inputs)
    if bare != password and _guesses(bare, []) < ENOUGH_GUESSES:
        return [
            (
                "own",
                _("Your name and email address don’t count. Add something that isn’t about you."),
            )
        ]
    return []


@cache
def _common() -> frozenset[str]:
    # slow to import: only when a password is chosen
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])


def _guesses(password: str, inputs: list[str]) -> float:
    from zxcvbn import zxcvbn

    with _one_at_a_time:  # zxcvbn keeps the person's own words in a module variable
        return (
            float(zxcvbn(_fewer_signs(password[:LOOKED_AT]), inputs)["guesses"]) if password else 0
        )


def _fewer_signs(password: str) -> str:
    """Replace most symbols that may stand for letters, beyond a few kinds: each kind doubles
    zxcvbn's work.
    """
    signs = sorted(
        {sign for sign in password if sign in _LEET}, key=lambda sign: (not sign.isdigit(), sign)
    )[LEET_KINDS:]
    return password.translate({ord(sign): 0x0430 + number for number, sign in enumerate(signs)})


def _parts(inputs: list[str]) -> list[str]:
    """Return the words in the person's names and address."""
    return list(
        dict.fromkeys(
            part
            for text in inputs
            for part in re.split(r"[\W_]+", text.casefold())
            if len(part) > 2
        )
    )


def _woven(inputs: list[str]) -> list[str]:
    """Return the words, alone and in pairs, and the original texts."""
    parts = _parts(inputs)[:8]
    return [*parts, *(one + other for one in parts for other in parts if one != other), *inputs]


def _without(password: str, inputs: list[str]) -> str:
    for part in sorted(_parts(inputs), key=len, reverse=True):
        password = re.sub(re.escape(part), "", password, flags=re.IGNORECASE)
    return password


def change(user: User, password_hash: str, here: SignIn | None = None) -> None:
    """Set the new password, end other sign-ins and emailed links, and email the owner.

    `here` is the sign-in to keep: the browser in which the password was changed.
    """
    user.password_hash = password_hash
    user.renew_nonce()
    sign_ins.end_all(user, but=here)
    outbox.enqueue_email(
        "accounts/password_changed", to=user.email, locale=user.locale, user=user.id
    )
    audit.record("password.changed", by=user, subject=user)


def request_reset(email: str, came_for: str = "") -> None:
    """Email a link to the address if an account has it; it leads back to the page `came_for`.

    Whether to write is decided only when the email is. The same statements run for any address, so
    neither the answer nor its time depends on that.
    """
    user_id = db.session.scalar(sa.select(User.id).where(User.email == email))
    audit.record("password.forgotten", subject=User(id=user_id))
    if came_for:
        of_account = sa.update(User).where(User.email == email)
        db.session.execute(of_account.values(came_for=came_for))
    outbox.enqueue_email("accounts/forgotten", to=email)


def reset(link: EmailedLink, password_hash: str) -> User:
    """Set the new password, sign out everywhere, and confirm the address: its owner can read its
    email.

    Raises UserError if the link was used or has expired.
    """
    user = emailed_links.use(link)
    if user is None:
        raise UserError(_("This link doesn’t work."))
    change(user, password_hash)
    verifications.mark_verified(user)
    return user
