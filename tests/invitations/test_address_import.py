"""What is recognized in a pasted list or a table, and what is reported of the rest."""

import pytest

from webapp.core.http.errors import UserError
from webapp.invitations import address_import

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("context")]


def read(text):
    return address_import.parse(address_import.lines_of(text))


def good(text):
    return [one.address for one in read(text).valid]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ana@example.org", ["ana@example.org"]),
        ("  Ana.Souza@Example.ORG. ", ["ana.souza@example.org"]),
        ("ana@example.org, ben@example.org;cem@example.org\tdia@example.org eve@example.org", 5),
        ("ana@example.org\r\nben@example.org\rcem@example.org", 3),
        ("Ana Souza <ana@example.org>", ["ana@example.org"]),
        (
            '"Souza, Ana" <ana@example.org>; "Okafor; Ben" <ben@example.org>',
            ["ana@example.org", "ben@example.org"],
        ),
        (
            "Souza, Ana <ana@example.org>, Okafor, Ben <ben@example.org>",
            ["ana@example.org", "ben@example.org"],
        ),
        ("Ana <ana@example.org> Ben <ben@example.org>", ["ana@example.org", "ben@example.org"]),
        (
            "„Souza, Ana“ ＜ana＠example.org＞；ben@example.org",
            ["ana@example.org", "ben@example.org"],
        ),
        ("mailto:ana@example.org?subject=Hello", ["ana@example.org"]),
        ("<mailto:ana@example.org>", ["ana@example.org"]),
        ("'ana@example.org' (Ana), [ben@example.org]", ["ana@example.org", "ben@example.org"]),
        ("To: ana@example.org, ben@example.org", ["ana@example.org", "ben@example.org"]),
        ("Ana\tSouza\tana@example.org\tLisbon", ["ana@example.org"]),
        (
            "ana@example.org\u200b,\u2068ben@example.org\u2069",
            ["ana@example.org", "ben@example.org"],
        ),
        ("jürgen@bücher.example", ["jürgen@bücher.example"]),
        ("ana@xn--bcher-kva.example", ["ana@bücher.example"]),
        ("ana+weir@example.org o'hara@example.org", ["ana+weir@example.org", "o'hara@example.org"]),
        ('an open " quote, ana@example.org', ["ana@example.org"]),
        ("", []),
    ],
)
def test_email_addresses_are_found_in_every_format(text, found):
    assert good(text) == found if isinstance(found, list) else len(good(text)) == found
    assert read(text).invalid == []


@pytest.mark.parametrize(
    ("text", "words", "reason"),
    [
        ("ana at example.org", "ana at example.org", "doesn’t contain an email address"),
        ("ana@@example.org", "ana@@example.org", "two @"),
        ("@example.org", "@example.org", "one side"),
        ("ana@", "ana@", "one side"),
        ("ana@localnet", "ana@localnet", "needs an ending"),
        ("an(a@example.org", "an(a@example.org", "isn’t allowed"),
        ("x" * 300, "x" * 79 + "…", "doesn’t contain an email address"),
    ],
)
def test_invalid_addresses_are_reported_with_line_and_reason(text, words, reason):
    (odd,) = read(f"ben@example.org\n\n{text}").invalid

    assert (odd.text, odd.line) == (words, 3)
    assert reason in odd.reason


def test_duplicate_addresses_are_found_once_in_every_spelling():
    found = read("ana@example.org\nANA@example.org, Ben <ben@example.org>\nana@EXAMPLE.org")

    assert [one.address for one in found.valid] == ["ana@example.org", "ben@example.org"]
    assert [(one.address, one.line) for one in found.duplicates] == [
        ("ana@example.org", 2),
        ("ana@example.org", 3),
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("hotmaill.com", "hotmail.com"),
    ],
)
def test_likely_typos_in_domains_are_flagged(typed, meant):
    (one,) = read(f"ana@{typed}").doubtful

    assert (one.address, one.meant) == (f"ana@{typed}", f"ana@{meant}")


@pytest.mark.parametrize(
    "domain", ["gmail.com", "gmx.de", "mail.com", "example.org", "web.de", "gmail.example.org"]
)
def test_other_domains_are_not_flagged(domain):
    assert read(f"ana@{domain}").doubtful == []


@pytest.mark.parametrize(
    "table",
    [
        "Name,Mail\nAna,ana@example.org\nBen,ben@example.org\n",
        'Name;Town;Mail\r\n"Souza; Ana";Lisbon;ana@example.org\r\nBen;;ben@example.org\r\n',
        "ana@example.org\tAna\nben@example.org\tBen\n",
        "sep=;\nMail;Name\nana@example.org;Ana\nben@example.org;Ben",
        "ana@example.org\nben@example.org",
        '"Mails"\n"ana@example.org; ben@example.org"\n',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_addresses_are_found_in_any_column_of_a_table(table, encoding):
    found = address_import.parse(address_import.pieces_of(table.encode(encoding)))

    assert [one.address for one in found.valid] == ["ana@example.org", "ben@example.org"]
    assert found.invalid == []
    assert all(one.in_file for one in found.valid)


def test_table_rows_without_an_address_are_reported():
    found = address_import.parse(
        address_import.pieces_of(b"Name,Mail\nAna,ana@example.org\nBen,\n,\nCem,cem@\n")
    )

    assert [(odd.text, odd.line, odd.in_file) for odd in found.invalid] == [
        ("Ben", 3, True),
        ("cem@", 5, True),
    ]


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04\x00\x00xl/workbook.xml\x00", b"\xff\xfe\x00\xd8", b"a" * 200_000]
)
def test_files_that_are_no_table_are_refused(content):
    with pytest.raises(UserError) as broken:
        address_import.pieces_of(content)

    assert broken.value.field == "file"


def test_a_table_with_too_many_rows_is_refused():
    with pytest.raises(UserError, match="5000"):
        address_import.pieces_of(b"x,y\n" * 5001)
