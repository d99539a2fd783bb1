"""The first `cases.py` of a new exercise: a small and a larger input for each function."""

from collections.abc import Iterator

from grader.authoring.starting.kinds import WORDS
from grader.authoring.starting.placeholder import call
from grader.model import Target

_SIZES = {
    "drawn": ("small", "a small input"),
    "larger": ("larger", "a larger input"),
}


def cases_text(targets: tuple[Target, ...]) -> str:
    """Return the text of `cases.py` for these functions and classes."""
    blocks = [
        "\n".join(_case(target, size, alone=len(targets) == 1))
        for target in targets
        for size in _SIZES
    ]
    names = ", ".join(target.name for target in targets)
    head = [
        f'"""The hidden cases of {names}: one function for each row of the report.',
        "",
        "A docstring is the row's title, and each `yield` is one trial. Nothing is computed here:",
        "`student` notes what is to be asked of the student's code, and of the reference solution.",
        "Placeholder: draw what the statement promises, edges and unusual sizes too.",
        '"""',
        "",
        "import numpy as np",
    ]
    few = [
        name
        for block, name in zip(blocks, _case_names(targets), strict=True)
        if "rng." not in block and "rng)" not in block.partition(":")[2]
    ]
    if few:
        names = "".join(f'"{name}", ' for name in few).strip()
        blocks.append(
            "# Their inputs come again, of which `grader validate` would complain.\n"
            f"FEW_INPUTS = ({names})"
        )
    text = "\n\n\n".join(["\n".join(head), *blocks]) + "\n"
    if "WORDS" in text:
        words = f'WORDS = "{" ".join(WORDS)}".split()'
        text = text.replace(
            "import numpy as np", f"import numpy as np\n\n{words}", 1
        )
    return (
        text.replace("import numpy as np\n\n", "")
        if "np." not in text
        else text
    )


def _case_names(targets: tuple[Target, ...]) -> list[str]:
    alone = len(targets) == 1
    return [
        name if alone else f"{target.name.lower()}_{name}"
        for target in targets
        for name, _ in _SIZES.values()
    ]


def _case(target: Target, size: str, *, alone: bool) -> Iterator[str]:
    name, title = _SIZES[size]
    if not alone:
        name = f"{target.name.lower()}_{name}"
        title = f"{target.name}: {title}"
    yield f"def {name}(student, rng):"
    yield f'    "{title}"'
    made = call(f"student.{target.name}", target.parameters, size)
    if not target.is_class:
        yield f"    yield {made}"
        return
    yield f"    made = {made}"
    for method in target.methods:
        yield f"    yield {call(f'made.{method.name}', method.parameters, size)}"
