"""The checks of `flask doctor`, one file for each part of the site.

None of them changes anything or shows a secret.
"""
