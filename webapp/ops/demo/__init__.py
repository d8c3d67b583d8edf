"""A believable community for trying Folkmoot out, made by the features' own verbs wherever they can
make it.

What the verbs cannot make is the past: `past` moves what they made back in time. No email goes out
(`quiet`).
"""
