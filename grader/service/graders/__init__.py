"""Warm graders, and who is next."""
