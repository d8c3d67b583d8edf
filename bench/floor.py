"""The constant response that every row is compared to."""

PATH = "/bench-constant"
BODY = b"200 bytes that cost nothing. ".ljust(199, b".") + b"\n"
HEADERS = [("Content-Type", "text/plain"), ("Content-Length", str(len(BODY)))]
