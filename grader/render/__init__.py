"""A report as something to read: text, HTML, JSON. Pure functions."""
