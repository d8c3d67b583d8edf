"""What a file is called when it is taken home: as whoever brought it called it, with the ending
of what it is.
"""

import re
import unicodedata

#: So long are names, and so much of one is looked at: who sends it chooses how long it is.
MOST, READ = 80, 320
_FORBIDDEN = re.compile(r'[<>:"/\\|?*%;]')
#: Endings begin with a letter: days and hours in a name are none.
_ENDINGS = re.compile(r"(\.[A-Za-z][A-Za-z0-9]{0,4})+$")


def called(name: str, ending: str) -> str:
    """One line without folders, signs that lead elsewhere or change how it reads, or another
    ending.
    """
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2][:READ])
    clean = "".join(
        sign if sign.isprintable() and unicodedata.category(sign) != "Cf" else " " for sign in last
    )
    stem = _ENDINGS.sub("", _FORBIDDEN.sub(" ", clean))
    return f"{' '.join(stem.split()).strip('. ')[:MOST].rstrip('. ') or 'file'}.{ending}"
