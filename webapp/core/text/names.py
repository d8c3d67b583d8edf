"""What a name may contain: any script's letters, but no addresses, symbols or heaps of marks."""

import re
import unicodedata

from flask_babel import gettext as _

#: Punctuation of people's names: O’Neil, Gal·la, J.-P., “Siva a/l Raman”, !Nqate, Ana & Ben.
_PUNCTUATION = frozenset("'.,·・/&!\"´`")
#: Categories of signs that no name has: brackets, symbols (emoji too), enclosing marks, underlines,
#: private use. Unassigned ones may be letters of a newer Unicode.
_FOREIGN = frozenset({"Ps", "Pe", "So", "Sm", "Sc", "Sk", "Me", "Pc", "Po", "Co"})
#: Marks on one letter; Tibetan needs four.
MOST_MARKS = 4
#: Two words joined by a dot, unless they look like initials: “evil.example” and “T.ME/x”, not
#: “K.Raman”.
_ADDRESS = re.compile(
    r"://|\bwww\.|\w@\w|\w\w[.。]\w\w|[^\s.][.。][a-z][a-z]"
    r"|\w[.。](?:\w{2,30}/|(?i:com|info|net|org)\b)"
)

#: Languages in which the family name usually comes first.
_FAMILY_NAME_FIRST = frozenset({"hu", "ja", "km", "ko", "vi", "zh"})


def full_name(first_name: str, last_name: str, family_name_first: bool) -> str:
    """Return both names in this order, or the only one."""
    both = (last_name, first_name) if family_name_first else (first_name, last_name)
    return " ".join(filter(None, both))


def puts_family_name_first(language: str) -> bool:
    """Whether to propose this order to people who read that language."""
    return language.lower().replace("_", "-").partition("-")[0] in _FAMILY_NAME_FIRST


def has_address(text: str) -> bool:
    """Whether the text contains what may be a domain, a URL or an email address."""
    return _ADDRESS.search(unicodedata.normalize("NFKC", text)) is not None


def problem(name: str) -> str | None:
    """Return why a person can't be called this, as a sentence; None if they can."""
    if has_address(name):
        return _(
            "A name can’t contain a web or email address. Put a space after each dot, as in "
            "“St. John”."
        )
    for sign in name:
        if unicodedata.category(sign) in _FOREIGN and sign not in _PUNCTUATION:
            return _(
                "A name can’t contain “%(sign)s”. Use letters, spaces, hyphens and apostrophes.",
                sign=sign,
            )
    if has_many_marks(name):
        return _("Use fewer accents on each character.")
    if not any(unicodedata.category(sign)[0] in "LC" for sign in name):
        return _("Enter a name, not only digits or signs.")
    return None


def has_many_marks(text: str) -> bool:
    """Whether marks are heaped on one letter, so that they cover the lines around it."""
    run = 0
    for sign in unicodedata.normalize("NFC", text):
        run = run + 1 if unicodedata.category(sign) == "Mn" else 0
        if run > MOST_MARKS:
            return True
    return False
