"""What a submission may not import, and what stands in for what is not installed."""

from collections.abc import Sequence
from importlib.machinery import ModuleSpec

from grader.confined.stand_ins import StandIns

_ALL_STAND_INS = StandIns(())
"""Made once, here: a worker that did so for itself would copy pages of the template for it."""


class Refusing:  # not an importlib.abc.MetaPathFinder, which takes 10 ms to import
    """Refuses to import the libraries that the exercise forbids, and says why."""

    def __init__(self, forbidden: Sequence[str]) -> None:
        self._forbidden = frozenset(forbidden)

    def find_spec(
        self,
        fullname: str,
        path: object = None,
        target: object = None,
    ) -> ModuleSpec | None:
        """Raise ImportError for a forbidden library; leave any other to the next finder."""
        del path, target
        library = fullname.partition(".")[0]
        if library in self._forbidden:
            advice = (
                "is not allowed in this exercise: write it yourself with NumPy"
            )
            raise ImportError(f"{library} {advice}", name=fullname)
        return None


class Finder(Refusing):
    """Refuses the forbidden libraries and the grader, and gives stand-ins for plots and the like.

    What the exercise lists as `real` is imported for real where it is installed.
    """

    def __init__(
        self, forbidden: Sequence[str], real: Sequence[str] = ()
    ) -> None:
        self._forbidden = frozenset(forbidden)
        self._stand_ins = StandIns(real) if real else _ALL_STAND_INS

    def find_spec(
        self,
        fullname: str,
        path: object = None,
        target: object = None,
    ) -> ModuleSpec | None:
        """Raise ImportError for what is refused; leave most others to the next finder.

        The grader counts as not installed. It may lie beside numpy, where a worker cannot read it,
        and code that tries `except ImportError` does not expect a PermissionError.
        """
        library = fullname.partition(".")[0]
        if library == "grader":
            raise ModuleNotFoundError(
                f"No module named {fullname!r}", name=fullname
            )
        super().find_spec(fullname, path, target)
        if library in self._stand_ins:
            return self._stand_ins.spec(fullname)
        return None
