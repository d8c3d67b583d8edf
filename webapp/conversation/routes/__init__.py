"""The pages of conversations."""

from . import following, moderation, removals, replies, threads

BLUEPRINTS = [threads.bp, replies.bp, removals.bp, moderation.bp, following.bp]
