"""The lessons, run from top to bottom in a real kernel."""

import ast
import html.parser
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader import Status, grade

ROOT = Path(__file__).parents[2]
LESSON = ROOT / "notebooks" / "convolution.ipynb"


def output(notebook: Any, cell_id: str) -> dict[str, Any]:
    """Return the data of the one output of a cell."""
    cell = next(cell for cell in notebook.cells if cell.id == cell_id)
    assert len(cell.outputs) == 1, cell.outputs
    return cell.outputs[0].get("data") or {"text/plain": cell.outputs[0].text}


class Tags(html.parser.HTMLParser):
    """All tags of a piece of HTML with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        """Keep every tag."""
        self.found.append((tag, dict(attrs)))


TOPICS = (
    "fully connected",
    "flatten",
    "inductive bias",
    "kernel",
    "patch",
    "dot product",
    "feature map",
    "flip",
    "cross-correlation",
    "linear",
    "shared",
    "similarity",
    "one dimension",
    "two-dimensional",
    "padding",
    "edges",
    "corners",
    "%%grade",
    "three steps",
    "gather",
    "trainable",
    "locally connected",
)
LAYER_TOPICS = (
    "stride",
    "padding",
    "frame of zeros",
    "channels",
    "feature map",
    "relu",
    "pooling",
    "weights",
    "not flipped",
)
FIGURES = {
    "convolution": (
        "flatten",
        "slide",
        "dot-product",
        "positions",
        "flip",
        "sees",
        "one-dimension",
    ),
    "convolutional-layer": ("stride", "padding", "size", "channels", "pool"),
}
PRINTED = {
    "convolution": {"count"},
    "convolutional-layer": {"frame", "piece", "shapes"},
}
EVERY_FIGURE = [(name, cell) for name in FIGURES for cell in FIGURES[name]]
EXERCISES = {
    "stride": "convolution-stride-padding",
    "channels": "convolution-channels",
    "pool": "max-pooling",
}
"""The exercises of the second lesson, by the ends of the ids of their cells."""


def read(name: str) -> Any:
    """Return a lesson by its name."""
    path = LESSON.with_name(f"{name}.ipynb")
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # nbformat's


def source_of(exercise: str) -> str:
    """Return the source of the stub of an exercise."""
    (stub,) = (ROOT / "exercises" / exercise).glob("*.py")
    return stub.read_text("utf-8")


def test_the_second_lesson_runs_with_its_stubs_and_says_kindly_what_is_missing(
    layer_lesson: Any, run: Callable[..., Any]
) -> None:
    """Nobody meets a traceback before having written a line."""
    done = run(layer_lesson)
    for end in EXERCISES:
        said = output(done, f"check-{end}")["text/plain"]
        assert "not changed the stub" in said
    assert "Once it" in output(done, "own")["text/plain"]


def test_with_right_solutions_every_example_of_the_second_lesson_passes(
    layer_lesson: Any, run: Callable[..., Any]
) -> None:
    """Three functions, of which two have one name: each check is about the one above it."""
    right = {
        f"exercise-{end}": (
            ROOT / "solutions" / exercise / "reference.py"
        ).read_text("utf-8")
        for end, exercise in EXERCISES.items()
    }
    done = run(layer_lesson, right)
    for end in EXERCISES:
        assert re.search(
            r"All \d cases passed", output(done, f"check-{end}")["text/plain"]
        )
    assert output(done, "own")["text/html"].count("<img") == 4


def test_the_exercise_cells_of_the_second_lesson_are_the_stubs(
    layer_lesson: Any,
) -> None:
    """A notebook and the file of an exercise start from the same function."""
    for end, exercise in EXERCISES.items():
        cell = next(
            each for each in layer_lesson.cells if each.id == f"exercise-{end}"
        )
        stub = ast.parse(source_of(exercise)).body[1:]  # without its docstring
        assert ast.dump(ast.parse(cell.source)) == ast.dump(
            ast.Module(stub, type_ignores=[])
        )


def test_with_the_stub_it_runs_without_an_error_and_says_kindly_what_is_missing(
    lesson: Any, run: Callable[..., Any]
) -> None:
    """Nobody meets a traceback before having written a line."""
    done = run(lesson)
    said = output(done, "check")["text/plain"]
    assert "stub" in said or "Replace this line with your code" in said
    assert "Traceback" not in said
    assert "Once it" in output(done, "own")["text/plain"]


def test_with_a_right_solution_every_example_passes(
    lesson: Any, run: Callable[..., Any], solutions: dict[str, str]
) -> None:
    """The check passes, and the last figure is drawn by the student's own function."""
    done = run(lesson, solutions["right"])
    assert "All 5 cases passed." in output(done, "check")["text/plain"]
    assert output(done, "own")["text/html"] == output(done, "sees")["text/html"]


def test_with_a_padded_solution_it_names_the_padding(
    lesson: Any, run: Callable[..., Any], solutions: dict[str, str]
) -> None:
    """The size, what it should be, and why; and the last figure says that it has to wait."""
    done = run(lesson, solutions["padded"])
    check = output(done, "check")
    assert "4x4" in check["text/plain"]
    assert "2x2" in check["text/plain"]
    assert 'check(..., hints="full")' in check["text/plain"]
    assert "You put zeros around the image" in check["text/html"]
    assert "does not return a 22x22 array" in output(done, "own")["text/plain"]


def test_the_exercise_cell_is_the_stub(
    lesson: Any, stub: str, function_of: Callable[[str], str]
) -> None:
    """The notebook and the file start from the same function."""
    cell = next(cell for cell in lesson.cells if cell.id == "exercise")
    assert function_of(cell.source) == function_of(stub)
    assert ast.dump(ast.parse(cell.source).body[0]) == ast.dump(
        ast.parse(stub).body[1]
    ), "the import is the same too"


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_the_saved_pictures_are_those_that_the_cells_draw(
    name: str, run: Callable[..., Any]
) -> None:
    """Whoever opens a lesson without running it sees what running it shows."""
    lesson = read(name)
    shown = {*FIGURES[name], *PRINTED[name]}
    assert shown <= {cell.id for cell in lesson.cells}
    done = run(lesson)
    for saved, fresh in zip(lesson.cells, done.cells, strict=True):
        if saved.id in shown:
            assert [
                one.get("data", one.get("text")) for one in saved.outputs
            ] == [one.get("data", one.get("text")) for one in fresh.outputs], (
                f"cell {saved.id!r} has changed: python docs/save_lesson.py"
            )


@pytest.mark.parametrize(("name", "cell"), EVERY_FIGURE)
def test_a_figure_needs_nothing_that_a_front_end_takes_away(
    name: str, cell: str
) -> None:
    """No script, no SVG, no ids, nothing from elsewhere; images and tables have words."""
    data = output(read(name), cell)
    tags = Tags(data["text/html"]).found
    assert not {"script", "svg", "iframe", "object", "link"} & {
        tag for tag, _ in tags
    }
    for tag, attributes in tags:
        assert "id" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        assert re.match(
            r"data:image/png;base64,",
            attributes.get("src") or "data:image/png;base64,",
        )
        if tag == "img":
            assert attributes["alt"]
        if tag == "input":
            assert attributes["aria-label"]
    assert data["text/html"].count("<table") == data["text/html"].count(
        "<caption"
    )
    assert "<figcaption" in data["text/html"]
    assert data["text/plain"].isascii()
    assert "<" not in data["text/plain"]


@pytest.mark.parametrize(("name", "cell"), EVERY_FIGURE)
def test_a_figure_takes_the_colours_of_the_page(name: str, cell: str) -> None:
    """Text has no colour of its own and backgrounds are translucent: any theme works."""
    styles = "; ".join(
        attributes.get("style") or ""
        for _, attributes in Tags(output(read(name), cell)["text/html"]).found
    )
    assert not re.search(r"(?<![-\w])color:", styles)
    for background in re.findall(r"background:([^;]+)", styles):
        assert background == "transparent" or re.fullmatch(
            r"rgba\(.*,0?\.[0-3]\d*\)", background
        ), background


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_the_students_own_cells_are_saved_without_output(name: str) -> None:
    """What the check says about the stub is nobody's picture."""
    lesson = read(name)
    assert all(
        not cell.outputs
        for cell in lesson.cells
        if cell.cell_type == "code"
        and cell.id.partition("-")[0] in {"setup", "exercise", "check", "own"}
    )
    assert all(
        cell.execution_count is None
        for cell in lesson.cells
        if cell.cell_type == "code"
    )


@pytest.mark.parametrize(
    ("name", "topics"),
    [("convolution", TOPICS), ("convolutional-layer", LAYER_TOPICS)],
)
def test_it_covers_what_it_promises(name: str, topics: tuple[str, ...]) -> None:
    """Every topic of a lesson has its words."""
    lesson = read(name)
    text = " ".join(
        cell.source for cell in lesson.cells if cell.cell_type == "markdown"
    ).lower()
    for word in topics:
        assert word in text, word


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_cells_have_lasting_names_and_no_traces_of_a_machine(name: str) -> None:
    """Ids are words, so that a tool can find a cell; no path, version or signature is saved."""
    lesson = read(name)
    assert all(re.fullmatch(r"[a-z-]+", cell.id) for cell in lesson.cells)
    assert set(lesson.metadata) == {"kernelspec", "language_info"}
    assert lesson.metadata.language_info == {"name": "python"}
    assert all(
        not cell.metadata or set(cell.metadata) == {"tags"}
        for cell in lesson.cells
    )


@pytest.mark.parametrize("magic", ["", "%%grade\n"])
def test_the_lesson_with_a_solution_is_itself_a_submission(
    lesson: Any, solutions: dict[str, str], tmp_path: Path, magic: str
) -> None:
    """It gets full marks where the grader cannot be imported, without notes about that."""
    cell = next(cell for cell in lesson.cells if cell.id == "exercise")
    cell.source = magic + solutions["right"].strip()
    path = tmp_path / "lesson.ipynb"
    nbformat.write(lesson, path)  # type: ignore[no-untyped-call]  # nbformat's
    report = grade(path, secret=b"lesson")
    assert (report.status, report.score) == (Status.GRADED, 4.0), report.message
    assert [note for note in report.notes if "skipped" in note] == []


def test_the_lesson_as_it_is_is_not_gradable() -> None:
    """Handing in the lesson untouched earns nothing, and one line says so."""
    report = grade(LESSON, secret=b"lesson")
    assert (report.status, report.score) == (Status.NOT_GRADABLE, 0.0)
    assert "not changed the stub" in report.message


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_what_a_lesson_asks_it_answers_on_a_click(name: str) -> None:
    """Each question that has one answer has it folded below, in elements that every page keeps."""
    text = "\n".join(cell.source for cell in read(name).cells)
    assert text.count("<details><summary>") == text.count("</details>") >= 3
    assert "does not bring edited cells\nback" in text


@pytest.mark.parametrize(
    ("name", "cell", "marked"),
    [
        ("convolution", "slide", "<b>1</b>"),
        ("convolutional-layer", "stride", "<b>1</b>"),
        ("convolutional-layer", "pool", "<b>4</b>"),
    ],
)
def test_the_window_is_marked_where_all_styles_are_taken_away(
    name: str, cell: str, marked: str
) -> None:
    """GitHub keeps `<b>` and `border`: what is orange elsewhere is bold there, in a grid."""
    html = output(read(name), cell)["text/html"]
    bare = re.sub(r'<style>.*?</style>| style="[^"]*"', "", html)
    assert "rgba" not in bare
    assert marked in bare
    assert bare.count('<table border="1">') == bare.count("<table")
