"""Text of whatever a student's code has made, cut to a length."""

LIST_CAP = 64
"""How many statements that were skipped, functions or parameters a worker reports."""
_TEXT_CAP = 500


def bounded(value: object, cap: int = _TEXT_CAP) -> str:
    """Return the text of a value, at most `cap` characters, all of which JSON can hold.

    Never raises: a student's own `__str__` may, and then the text says that it cannot be read.
    """
    try:
        text = value if type(value) is str else str(value)
        return text[:cap].encode("utf-8", "replace").decode("utf-8")
    except BaseException:  # noqa: BLE001 - a student's __str__
        return "(its text cannot be read)"
