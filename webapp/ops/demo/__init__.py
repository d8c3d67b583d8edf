"""A realistic community for trying out Folkmoot, made by the features' own rules.

`data/` says what there is; `world` makes it, and lets the rules run at moments of the past. No
email is sent (`seeding.hush`).
"""
