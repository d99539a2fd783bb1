"""The name that was probably meant by one that is not there."""

from collections.abc import Iterable

from grader.submission.budget import SPELLING_STEPS, Budget, TooComplicated

_SIMILAR = 0.75
_LONGEST = 40
"""Longer names are not typed, so they are not mistyped."""


class Spelling:
    """Looks for similar names, as long as its steps last."""

    def __init__(self) -> None:
        self._budget = Budget(SPELLING_STEPS)

    def close_to(self, word: str, names: Iterable[str]) -> str | None:
        """Return the name that was probably meant: equal except for its case, else the closest."""
        if len(word) > _LONGEST:
            return None
        try:
            candidates = self._candidates(word, names)
        except TooComplicated:
            return None
        for name in candidates:
            if name.lower() == word.lower():
                return name
        if not candidates:
            return None
        import difflib  # slow to import, and seldom needed

        closest = difflib.get_close_matches(
            word, candidates, n=1, cutoff=_SIMILAR
        )
        return closest[0] if closest else None

    def _candidates(self, word: str, names: Iterable[str]) -> list[str]:
        """Return the names whose length alone does not rule them out."""
        found: dict[str, None] = {}
        for name in names:
            self._budget.spend()
            longer, shorter = (
                max(len(name), len(word)),
                min(len(name), len(word)),
            )
            if name != word and 2 * shorter >= _SIMILAR * (longer + shorter):
                self._budget.spend(longer * shorter)
                found[name] = None
        return list(found)
