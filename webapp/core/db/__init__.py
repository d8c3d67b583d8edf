"""The database: sessions, keyset pagination, ids, idempotent forms and migrations."""
