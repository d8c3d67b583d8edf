"""Requests that no browser of ours makes: answered with a page of ours, never with an error of
ours.
"""

import pytest

from tests import factories

ODD = ["http://[", "http://[::1", "//", "\\", "javascript:alert(1)"]


@pytest.mark.parametrize("address", ODD)
def test_a_page_before_that_is_no_address_leads_to_the_sign_in_all_the_same(visitor, address):
    answer = visitor.get("/inbox", headers={"HX-Request": "true", "HX-Current-URL": address})
    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"].startswith("/sign-in?next=")

    answer = visitor.post("/groups", headers={"Referer": address})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize(
    "address", ["/events/river%00side/removal/done", "/admin/people/river%00side/refusal"]
)
def test_an_address_that_no_column_holds_is_not_there(browser, dia, address):
    assert browser(dia).get(address).status_code in (400, 404)


@pytest.mark.parametrize("age", ["-1", "9" * 400, "9" * 5000, "²", ""])
def test_a_stream_opened_by_a_page_of_any_age_is_a_stream(browser, context, ana, age):
    group = factories.group(ana)
    answer = browser(ana).get(f"/live?t=group:{group.id}&age={age}", buffered=False)
    assert answer.status_code == 200
    answer.close()
