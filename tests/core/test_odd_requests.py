"""Requests that browsers don't make get a page, never a server error."""

import pytest

from tests import factories

ODD = ["http://[", "http://[::1", "//", "\\", "javascript:alert(1)"]


@pytest.mark.parametrize("address", ODD)
def test_an_invalid_previous_page_still_redirects_to_sign_in(visitor, address):
    answer = visitor.get("/inbox", headers={"HX-Request": "true", "HX-Current-URL": address})
    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"].startswith("/sign-in?next=")

    answer = visitor.post("/groups", headers={"Referer": address})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize(
    "address", ["/events/river%00side/removal/done", "/admin/people/river%00side/refusal"]
)
def test_a_path_no_column_can_store_is_refused_or_not_found(browser, dia, address):
    assert browser(dia).get(address).status_code in (400, 404)


@pytest.mark.parametrize(
    "disposition",
    ["form-data", "form-data; a=b", 'form-data; name="a', "form-data; filename=a", "", "; name=a"],
)
@pytest.mark.parametrize("path", ["/sign-in", "/events/x/files"])
def test_a_form_whose_parts_have_no_name_is_refused(visitor, path, disposition):
    body = f"--x\r\nContent-Disposition: {disposition}\r\n\r\na\r\n--x--\r\n"
    form = {"data": body, "content_type": "multipart/form-data; boundary=x"}
    assert visitor.client.post(path, **form).status_code in (400, 401)


@pytest.mark.parametrize("age", ["-1", "9" * 400, "9" * 5000, "²", ""])
def test_a_stream_opens_whatever_age_its_page_gives(browser, context, ana, age):
    group = factories.group(ana)
    answer = browser(ana).get(f"/live?t=group:{group.id}&age={age}", buffered=False)
    assert answer.status_code == 200
    answer.close()
