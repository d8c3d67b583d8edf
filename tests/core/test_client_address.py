"""One function determines a request's IP address, for limits, streams, the audit log and local
pages.
"""

import pytest

from webapp.core.http import client_address

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("2001:DB8:0:0::1", "2001:db8::2", True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("::1", "::2", True),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        # some proxies add the port, which differs for each connection
        ("192.0.2.7:1024", "192.0.2.7:65535", True),
        ("[2001:db8::1]:1024", "2001:db8::ffff:2", True),
        ("", "nonsense", False),
    ],
)
def test_addresses_of_one_household_count_as_one(one, other, same):
    assert (client_address.household(one) == client_address.household(other)) is same


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:1024", "192.0.2.7"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("", ""),
        ("x" * 50, "x" * 45),
    ],
)
def test_audit_log_stores_ip_addresses_in_canonical_form(app, sent, kept):
    with app.test_request_context(environ_base={"REMOTE_ADDR": sent}):
        assert client_address.exact() == kept


@pytest.mark.parametrize(
    ("proxies", "named", "here"),
    [(0, False, False), (0, True, False), (1, False, False), (1, True, True), (2, True, False)],
)
def test_proxied_requests_are_local_only_if_a_trusted_proxy_says_so(
    app, monkeypatch, proxies, named, here
):
    """If a trusted proxy sends no address, its own is used, which is this machine's."""
    monkeypatch.setitem(app.config, "TRUSTED_PROXIES", proxies)
    for header in client_address.FORWARDED:
        said = (
            {"X-Forwarded-For": "127.0.0.1" if named else ""}
            if named or header == "X-Forwarded-For"
            else {}
        )
        with app.test_request_context(
            headers={header: "127.0.0.1", **said}, environ_base={"REMOTE_ADDR": "127.0.0.1"}
        ):
            assert client_address.is_this_machine() is here, header
