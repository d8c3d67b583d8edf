"""Text: Markdown, search, slugs and CSV."""
