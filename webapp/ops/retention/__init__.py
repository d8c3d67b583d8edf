"""What is kept how long: one table that `flask purge`, the clock and the page
`/privacy/retention` read.
"""
