"""Over https a form is judged by where the browser says that it came from, besides its token."""

import pytest

from tests.browser_like import values_of
from webapp.core.http import same_origin

pytestmark = pytest.mark.any_database
HERE, THERE = "https://127.0.0.1:8000", "https://elsewhere.example"
SITE = "Sec-Fetch-Site"
#: What browsers say of a page of ours.
OURS = [
    {},
    {"Origin": HERE},
    {"Origin": HERE, SITE: "same-origin"},
    {"Origin": HERE, SITE: "same-origin", "Referer": f"{HERE}/sign-in"},
    {SITE: "same-origin"},
    {SITE: "none"},
    {"Origin": "null", SITE: "same-origin"},
    {"Origin": "null"},
    {"Referer": f"{HERE}/sign-in"},
    {"Origin": "null", "Referer": f"{HERE}/sign-in"},
]
#: What they say of others: another site, a neighbour, our own site without encryption.
THEIRS = [
    {"Origin": THERE},
    {"Origin": THERE, SITE: "cross-site"},
    {"Origin": "http://127.0.0.1:8000"},
    {"Origin": "https://127.0.0.1:9000"},
    {SITE: "cross-site"},
    {SITE: "same-site"},
    {"Origin": HERE, SITE: "same-site"},
    {"Origin": THERE, SITE: "same-origin"},
    {"Origin": THERE, "Referer": f"{HERE}/sign-in"},
    {"Referer": f"{THERE}/"},
    {"Referer": "https://127.0.0.1:8000.elsewhere.example/"},
    {"Referer": "https://[broken"},
    {"Origin": "null", "Referer": f"{THERE}/"},
    {"Origin": "null", SITE: "cross-site"},
]


@pytest.fixture
def sent(app, visitor):
    """A function that sends the sign-in form without a password, with these headers."""
    client = app.test_client()

    def send(headers, base_url=HERE, **values):
        visitor.client, answer = client, client.get("/sign-in", base_url=base_url)
        visitor.answer = answer
        fields = values_of(visitor.forms[0]) | values
        visitor.answer = client.post("/sign-in", data=fields, headers=headers, base_url=base_url)
        return visitor.answer.status_code

    return send


@pytest.mark.parametrize("headers", OURS, ids=str)
def test_a_form_of_ours_is_accepted_whatever_the_browser_leaves_out(sent, headers):
    assert sent(headers) == 422, "the form is read"


@pytest.mark.parametrize("headers", THEIRS, ids=str)
def test_a_form_from_elsewhere_is_refused_and_told_why(sent, visitor, headers):
    assert sent(headers) == 400
    assert "This form came from another site" in visitor.text
    assert "cookies" not in visitor.text


@pytest.mark.parametrize("headers", OURS, ids=str)
def test_nothing_that_a_browser_says_replaces_the_token(sent, visitor, headers):
    for token in ("", "nonsense"):
        assert sent(headers, csrf_token=token) == 400
        assert "This form is too old" in visitor.text


@pytest.mark.parametrize("headers", THEIRS, ids=str)
def test_control_without_the_check_forms_from_elsewhere_are_accepted(sent, headers, monkeypatch):
    monkeypatch.setattr(same_origin, "_is_ours", lambda: True)
    assert sent(headers) == 422


def test_without_https_the_token_alone_decides(sent):
    """A proxy may have taken the encryption off without saying so."""
    assert sent({"Origin": HERE}, base_url="http://127.0.0.1:8000") == 422
