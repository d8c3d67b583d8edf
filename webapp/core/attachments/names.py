"""What a file is called when it is taken home: as whoever brought it called it, with the ending of what it is."""

import re
import unicodedata

MOST = 80
_FORBIDDEN = re.compile(r'[<>:"/\\|?*%;]')


def called(name: str, ending: str) -> str:
    """One line without folders, signs that lead elsewhere or change how it reads, or another ending."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    clean = "".join(sign if sign.isprintable() and unicodedata.category(sign) != "Cf" else " " for sign in last)
    stem = re.sub(r"(\.[A-Za-z0-9]{1,5})+$", "", _FORBIDDEN.sub(" ", clean))
    return f"{' '.join(stem.split()).strip('. ')[:MOST] or 'file'}.{ending}"
