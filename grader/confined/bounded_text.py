"""The text of whatever a student's code has made, bounded; and how much is told of a submission at most."""

LIST_CAP = 64
"""At most so many statements that were skipped, functions or parameters are told of."""
_TEXT_CAP = 500


def bounded(value: object, cap: int = _TEXT_CAP) -> str:
    """Give the text of a value, at most `cap` characters, without what JSON cannot carry; never raises."""
    try:
        text = value if type(value) is str else str(value)
        return text[:cap].encode("utf-8", "replace").decode("utf-8")
    except BaseException:  # noqa: BLE001 - a student's __str__
        return "(its text cannot be read)"
