"""A realistic community for trying out Folkmoot, made by the features' own rules where possible.

Rules can't create the past: `past` moves what they made back in time. No email is sent
(`seeding.hush`).
"""
