"""What a request can make long is counted before it is parsed, on every route."""

import uuid
from urllib.parse import parse_qsl

import pytest
from werkzeug import formparser
from werkzeug.sansio import multipart

from tests import sample_site
from tests.browser_like import ORIGIN
from tests.test_walks import WITHOUT_TOKEN
from webapp.core.http import request_limits

pytestmark = pytest.mark.any_database

BOUNDARY = "x" * 8
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
URLENCODED = "application/x-www-form-urlencoded"
ONE_OF = {"page": "privacy", "pile": "jobs", "what": "removal"}


def form_of(*parts):
    """Return the body of a form with these headers of its parts."""
    bodies = "".join(f"--{BOUNDARY}\r\n{headers}\r\n\r\nx\r\n" for headers in parts)
    return (bodies + f"--{BOUNDARY}--\r\n").encode()


def named(name, more=""):
    return f'Content-Disposition: form-data; name="{name}"{more}'


LONG = request_limits.PART_HEADERS // 8
TOO_LONG = {
    "fields": (b"a=b&" * 5_000 + b"a=b", URLENCODED),
    "one field": (b"a=" + b"b" * 2 * 1024 * 1024, URLENCODED),
    "parts": (form_of(*map(named, range(50_000))), MULTIPART),
    "files": (form_of(*(named(n, '; filename="a"') for n in range(50_000))), MULTIPART),
    "headers of a part": (form_of(named("a") + "\r\nA: bcd" * LONG), MULTIPART),
    "continued headers": (form_of(named("a") + "\r\n bcdef" * LONG), MULTIPART),
    "parameters of a header": (form_of(named("a") + "; a=bcde" * LONG), MULTIPART),
    "headers of all parts": (form_of(*[named("a" * 400)] * 400), MULTIPART),
}


@pytest.fixture
def parsed(monkeypatch):
    """The sizes of all lists that were parsed, by what they consist of."""
    sizes = {"fields": [0], "bytes of headers": [0]}
    monkeypatch.setattr(formparser, "parse_qsl", lambda *args, **options: counted(*args, **options))
    whole = multipart.MultipartDecoder._parse_headers

    def counted(text, **options):
        found = parse_qsl(text, **options)
        sizes["fields"].append(len(found))
        return found

    def split(decoder, data):
        sizes["bytes of headers"][-1] += len(data)
        return whole(decoder, data)

    monkeypatch.setattr(multipart.MultipartDecoder, "_parse_headers", split)
    return sizes


def path_of(rule):
    return rule.build(
        {
            name: uuid.uuid4() if name.endswith("id") else ONE_OF.get(name, "x")
            for name in rule.arguments
        }
    )[1]


@pytest.mark.long(4)
def test_every_route_counts_the_fields_of_a_form_before_it_parses_them(app, visitor, parsed):
    data, kind = TOO_LONG["fields"]
    statuses = {
        rule.endpoint: visitor.client.post(
            path_of(rule), base_url=ORIGIN, data=data, content_type=kind
        ).status_code
        for rule in sample_site.rules(app, "POST")
    }

    assert len(statuses) > 150
    assert {name for name, status in statuses.items() if status != 413} <= set(WITHOUT_TOKEN)
    assert max(parsed["fields"]) == 0


@pytest.mark.parametrize("words", list(TOO_LONG))
@pytest.mark.parametrize("path", ["/sign-in", "/events", "/groups/x/conversation"])
def test_a_long_list_in_a_form_is_refused_before_it_is_parsed(visitor, parsed, path, words):
    """On a route for texts, for one file and for several files."""
    data, kind = TOO_LONG[words]
    answer = visitor.client.post(path, base_url=ORIGIN, data=data, content_type=kind)

    assert answer.status_code == 413
    assert "That’s too large" in answer.text
    assert max(parsed["fields"]) == 0
    assert parsed["bytes of headers"][-1] <= request_limits.PART_HEADERS


def test_the_longest_list_of_people_is_accepted(app, visitor, parsed):
    most = app.config["MAX_FORM_FIELDS"]
    token = visitor.csrf_token()
    data = f"csrf_token={token}".encode() + b"&who=b" * (most - 1)
    answer = visitor.client.post("/sign-in", base_url=ORIGIN, data=data, content_type=URLENCODED)

    assert answer.status_code == 422
    assert parsed["fields"] == [0, most]


LONG_HEADERS = {
    "URL": {"query_string": "a=b&" * 10_000},
    "cookies": {"headers": {"Cookie": "a=b; " * 8_000}},
    "languages": {"headers": {"Accept-Language": "en-GB, " * 6_000}},
    "addresses": {"headers": {"X-Forwarded-For": "192.0.2.1, " * 4_000}},
    "tags": {"headers": {"If-None-Match": '"abc", ' * 6_000}},
    "all together": {"headers": {f"X-{n}": "x" * 4_000 for n in range(10)}},
}


@pytest.mark.parametrize("what", list(LONG_HEADERS))
def test_long_headers_are_refused_before_anything_reads_them(app, monkeypatch, what):
    """Also before the cache of visitors' pages, which remembers languages and addresses."""
    opened = []
    monkeypatch.setattr(app.extensions["page_cache"], "has_session", opened.append)
    client = app.test_client(use_cookies=False)
    answer = client.get("/", base_url=ORIGIN, **LONG_HEADERS[what])

    assert (answer.status_code, opened) == (431, [])
    assert "too long" in answer.text
