"""What `flask doctor` looks at, a file for each part of the site.

Nothing here changes anything or shows a secret.
"""
