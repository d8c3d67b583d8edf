"""The database: sessions, keyset pages, ids, idempotent forms and migrations."""
