"""Handling requests: pages, errors, permissions, forms, security headers and limits."""
