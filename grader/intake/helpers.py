"""Which of one student's files a file imports: they are handed in with it.

The text is searched, not parsed: an `import utils` in a comment adds a file too, which does no
harm. Python looks for a module in the folder of the file, and a project often starts from a folder
further up; so both are tried.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from grader.intake.sources import File

MOST = 32
"""Modules that are handed in with a file."""
_LONGEST = 1 << 18
"""Characters of each in which imports are looked for."""
_FROM = re.compile(
    r"\bfrom[ \t]+(?P<dots>\.*)(?P<module>[\w.]*)[ \t]+import\b[ \t(]*(?P<names>[\w, \t*]*)"
)
_IMPORT = re.compile(r"\bimport[ \t]+(?P<modules>[\w., \t]+)")
_RUN = re.compile(r"%run[ \t]+(?:-\w[ \t]+)*(?P<path>[\w./-]+)")
_PART = re.compile(r"\w[\w.-]*")
"""A folder, or a file, that can be made anywhere."""
_PACKAGE = "__init__"

Folder = tuple[str, ...]


class Helper(NamedTuple):
    """A module that is handed in with a file."""

    path: Folder
    """Below the folder that Python looks for modules in."""
    file: File

    @property
    def name(self) -> str:
        """Its path as text: `helpers/utils.py`."""
        return "/".join(self.path)


def helpers_of(
    main: File, files: Sequence[File], content: Callable[[File], bytes]
) -> tuple[Helper, ...]:
    """Return the modules among `files` that `main` imports, and those that these import."""
    search = _Search(main, files)
    found: dict[Folder, Helper] = {}
    waiting: list[tuple[Folder, File]] = [((), main)]
    while waiting and len(found) < MOST:
        where, file = waiting.pop(0)
        text = content(file)[:_LONGEST].decode("utf-8", "replace")
        for helper in search.imported(text, where):
            if helper.path not in found and len(found) < MOST:
                found[helper.path] = helper
                waiting.append((helper.path[:-1], helper.file))
    return tuple(found[path] for path in sorted(found))


class _Search:
    """The modules among one student's files, as Python finds them from the main file's folder."""

    def __init__(self, main: File, files: Sequence[File]) -> None:
        self._modules: dict[Folder, File] = {}
        folder = _folder(main)
        # The folder of the file first, then the ones above.
        for depth in range(len(folder), -1, -1):
            root = folder[:depth]
            for file in files:
                if file is main or _folder(file)[:depth] != root:
                    continue
                if file.name.endswith(".py"):
                    path = (*_folder(file)[depth:], file.name)
                    self._modules.setdefault(path, file)

    def imported(self, text: str, where: Folder) -> Iterator[Helper]:
        """Yield the modules that a text in the folder `where` imports."""
        for path in _RUN.finditer(text):
            yield from self._at(
                tuple(path["path"].removeprefix("./").split("/"))
            )
        for match in _IMPORT.finditer(text):
            for dotted in match["modules"].split(","):
                yield from self._module(
                    tuple(dotted.split(" as ")[0].strip().split("."))
                )
        for match in _FROM.finditer(text):
            yield from self._imported_from(match, where)

    def _imported_from(
        self, match: re.Match[str], where: Folder
    ) -> Iterator[Helper]:
        module = tuple(filter(None, match["module"].split(".")))
        dots = len(match["dots"])
        if dots:
            module = (*where[: len(where) - dots + 1], *module)
        yield from self._module(module)
        for name in match["names"].split(","):
            yield from self._module((*module, name.split(" as ")[0].strip()))

    def _module(self, dotted: Folder) -> Iterator[Helper]:
        """Yield the file of a module, and those of the packages that it is in."""
        for depth in range(1, len(dotted) + 1):
            yield from self._at((*dotted[:depth], f"{_PACKAGE}.py"))
        if dotted:
            yield from self._at((*dotted[:-1], f"{dotted[-1]}.py"))

    def _at(self, path: Folder) -> Iterator[Helper]:
        file = self._modules.get(path)
        if file is not None and all(map(_PART.fullmatch, path)):
            yield Helper(path, file)


def _folder(file: File) -> Folder:
    return file.parts[:-1]
