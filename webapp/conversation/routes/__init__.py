"""The pages of conversations."""

from . import pictures, removals, replies, threads

BLUEPRINTS = [
    threads.bp,
    replies.bp,
    pictures.bp,
    removals.bp,
    threads.moderation_bp,
    threads.following_bp,
]
