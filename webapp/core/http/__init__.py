"""What a request meets: pages, errors, permissions, forms, security headers and limits."""
