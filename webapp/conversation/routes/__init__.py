"""The pages of conversations."""

from . import removals, replies, thread_state, threads

BLUEPRINTS = [threads.bp, replies.bp, removals.bp, thread_state.moderation_bp, thread_state.bp]
