"""Uploaded files: where they are stored, pictures and attachments."""
