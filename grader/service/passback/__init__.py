"""Scores that are owed to a course platform are sent to it."""
