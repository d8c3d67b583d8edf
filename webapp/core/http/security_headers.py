"""Security headers of every answer, and which proxies are trusted."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

CSP = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; "
    "frame-ancestors 'none'; img-src 'self'; script-src 'self'; style-src 'self'"
)
STATIC_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": CSP,
}
HEADERS = {
    **STATIC_HEADERS,
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
    "interest-cohort=()",
}
#: Paths for monitoring inside the network, which uses plain http and an IP address.
FOR_MACHINES = ("/health", "/metrics")


def init_app(app: Flask) -> None:
    """Add the headers to every answer, errors too; trust X-Forwarded headers of TRUSTED_PROXIES
    proxies.
    """
    app.after_request(_harden)
    if app.config["SECURE"]:
        app.after_request(_only_https)
        app.before_request(_to_https)
    wsgi_app = _by_our_name(app.wsgi_app, urlsplit(app.config["SITE_URL"]).netloc)
    proxies = app.config["TRUSTED_PROXIES"]
    if proxies:
        wsgi_app = ProxyFix(wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)
    app.wsgi_app = wsgi_app  # type: ignore[method-assign]


def _by_our_name(
    application: Callable[..., Iterable[bytes]], name: str
) -> Callable[..., Iterable[bytes]]:
    """Use the site's name as the host for monitoring: Prometheus and load balancers can't set
    it.
    """

    def named(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(FOR_MACHINES):
            environ["HTTP_HOST"] = name
        return application(environ, start_response)

    return named


def _harden(response: Response) -> Response:
    has = {name.lower() for name, _value in response.headers}
    response.headers.extend([one for one in HEADERS.items() if one[0].lower() not in has])
    return response


def with_camera(response: Response) -> Response:
    """Allow the page to use the camera. Only the page that scans tickets does."""
    response.headers["Permissions-Policy"] = HEADERS["Permissions-Policy"].replace(
        "camera=()", "camera=(self)"
    )
    return response


def _only_https(response: Response) -> Response:
    response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response


def _to_https() -> Response | None:
    """Redirect plain http to https, except monitoring inside the network."""
    if request.is_secure or request.path.startswith(FOR_MACHINES):
        return None
    answer = Response(status=308)
    answer.headers["Location"] = request.url.replace("http://", "https://", 1)
    return answer
