"""The pages of conversations."""

from . import removals, replies, threads

BLUEPRINTS = [threads.bp, replies.bp, removals.bp, threads.moderation_bp, threads.following_bp]
