"""Known wrong answers to `convolve(image, kernel)`, executable: a grid of habits that combine.

A wrong answer is a plan, made of one alternative per stage; the first of each stage is right. An
alternative is a function from a plan to a plan, or to None where the two do not go together. Its
name with dashes is the misconception's id, and its docstring the hint that a student reads: first a
question, which takes nothing for proven, then the cause. Two underscores in a name separate the
variants of one misconception; a variant needs no hint of its own.

    start(shapes)
      -> SHAPING: which windows there are, and where their values are written
      -> NUMBERS: what becomes of one window
      -> finish: the plan carried out on real arrays
      -> VALUES: what becomes of each number afterwards

A plan knows shapes and no numbers, so `shape` and `blank` (the cells that nothing is written to)
are known before anything is computed. That is how diagnosis finds its way through some hundred
thousand combinations in milliseconds.

`WHOLE` has the misconceptions that are not a step of a computation. Each is a function that shows
it, with the evidence that proves it. The grader's `catalogue` module lists the kinds of evidence,
and says what it expects of this file.
"""

# ruff: noqa: ARG001 - the members of VALUES take the same arguments, even if they need none

# ruff: noqa: PLR2004 - two windows, two axes

from operator import add, sub
from typing import NamedTuple

import numpy as np


class Plan(NamedTuple):
    """How an answer is computed; pairs are (rows, columns)."""

    image: tuple  # shape
    kernel: tuple  # shape
    turn: object  # kernel -> kernel
    mode: str | None  # of np.pad
    pad: tuple  # ((before, after), (before, after))
    first: tuple  # where the first window starts, in the padded image
    count: tuple  # how many windows
    step: tuple  # from window to window
    canvas: tuple  # shape of the array that is written to
    corner: tuple  # where in it the first value goes
    spread: tuple  # from value to value
    on_image: bool  # the canvas starts as a copy of the image, not as zeros
    reduce: object  # (windows, kernel) -> one value per window
    gather: object  # values -> values, where they depend on one another
    form: object  # canvas -> result


def start(image, kernel):
    """Plan the right answer for an image and a kernel of these shapes."""
    fits = (image[0] - kernel[0] + 1, image[1] - kernel[1] + 1)
    return Plan(
        image=image,
        kernel=kernel,
        turn=as_given,
        mode=None,
        pad=((0, 0), (0, 0)),
        first=(0, 0),
        count=fits,
        step=(1, 1),
        canvas=fits,
        corner=(0, 0),
        spread=(1, 1),
        on_image=False,
        reduce=product_sum,
        gather=each_alone,
        form=as_it_is,
    )


def shape(plan):
    """Return the shape of the result."""
    if plan.form is as_it_is:
        return plan.canvas
    return np.shape(plan.form(np.broadcast_to(np.False_, plan.canvas)))


def blank(plan):
    """Return a boolean array, true for the cells of the result that are always 0."""
    mask = np.full(plan.canvas, not plan.on_image)
    mask[_cells(plan)] = False
    return plan.form(mask)


def finish(plan, image, kernel, memory):
    """Carry out a plan; `memory` keeps what plans for the same arguments share."""
    key = (plan.turn, plan.mode, plan.pad, plan.reduce)
    if key not in memory:
        memory[key] = plan.reduce(
            _windows(plan, image, memory), plan.turn(kernel)
        )
    taken = tuple(map(_places, plan.first, plan.count, plan.step))
    values = plan.gather(memory[key][taken])
    if plan.canvas == plan.count:
        return plan.form(values)
    canvas = np.zeros(plan.canvas, values.dtype)
    if plan.on_image:
        canvas = image.astype(float)
    canvas[_cells(plan)] = values
    return plan.form(canvas)


def _cells(plan):
    """Return the cells of the canvas that are written to."""
    return tuple(map(_places, plan.corner, plan.count, plan.spread))


def _places(start, count, step):
    """Return a slice of `count` places."""
    return slice(
        start, start + (count - 1) * step + 1 if count else start, step
    )


def _windows(plan, image, memory):
    key = (plan.mode, plan.pad)
    if key not in memory:
        source = _surrounded(image, plan) if plan.mode else image
        memory[key] = _views(np.ascontiguousarray(source), plan.kernel)
    return memory[key]


def _views(source, size):
    """Return the windows of an array as `sliding_window_view` does, in a twentieth of its time."""
    places = tuple(map(sub, source.shape, size))
    if min(places) < 0:
        raise ValueError("the window is larger than the array")
    count = tuple(place + 1 for place in places)
    return np.ndarray(
        (*count, *size), source.dtype, source, strides=source.strides * 2
    )


def _surrounded(image, plan):
    if plan.mode != "constant":
        return np.pad(image, plan.pad, mode=plan.mode)
    # Most plans pad with zeros, and np.pad takes ten times as long for them.
    (above, below), (left, right) = plan.pad
    rows, columns = image.shape
    source = np.zeros(
        (above + rows + below, left + columns + right), image.dtype
    )
    source[above : above + rows, left : left + columns] = image
    return source


# ---- SHAPING: placement


def where_it_fits(plan):
    """Place the kernel where it lies completely inside the image."""
    return plan


def _padded(plan, mode, share):
    """Pad so that each pixel has a window; `share` of the padding goes before the image."""
    before = [int((k - 1) * share) for k in plan.kernel]
    border = tuple(
        (n, k - 1 - n) for n, k in zip(before, plan.kernel, strict=True)
    )
    return plan._replace(
        mode=mode, pad=border, count=plan.image, canvas=plan.image
    )


def _only_valid_size(plan, skip=0):
    """Keep as many windows of a padded plan as the right answer has."""
    fits = _fitting(plan)
    return plan._replace(first=(skip, skip), count=fits, canvas=fits)


def _fitting(plan):
    """Return the number of places where the kernel fits."""
    return tuple(
        i - k + 1 for i, k in zip(plan.image, plan.kernel, strict=True)
    )


def _touching(plan):
    """Return the number of places where the kernel touches the image."""
    return tuple(
        i + k - 1 for i, k in zip(plan.image, plan.kernel, strict=True)
    )


def same_padding(plan):
    """Where did the border around the right values come from: on which pixels does the kernel lie
    there?

    You put zeros around the image, and the kernel was placed on them too.

    Here it is placed only where it lies completely inside the image, without any padding, so the
    result is smaller than the image.
    """
    return _padded(plan, "constant", 0.5)


def same_padding__cropped(plan):
    """Pad, and return the right size: the windows start one row and column too early."""
    return _only_valid_size(_padded(plan, "constant", 0.5))


def same_padding__padded_size(plan):
    """Pad, and write the values into an array of the padded size."""
    same = _padded(plan, "constant", 0.5)
    size = tuple(
        i + k - 1 for i, k in zip(plan.image, plan.kernel, strict=True)
    )
    return same._replace(
        canvas=size, corner=tuple(before for before, _ in same.pad)
    )


def same_padding__padded_size_corner(plan):
    """Pad, and write the values into an array of the padded size, from the top left."""
    size = same_padding__padded_size(plan).canvas
    return _padded(plan, "constant", 0.5)._replace(canvas=size)


def windows_run_short(plan):
    """How far do your loops go: which is the last row in which the whole kernel still fits?

    You place windows where the kernel does not fit any more: beyond the edge of the image there are
    no pixels, so a window there is smaller than the kernel, or what it lacks counts as 0.

    Place the kernel only where it lies completely inside the image.
    """
    return _padded(plan, "constant", 0)


def windows_run_short__one_less(plan):
    """Place a window at every pixel but those of the last row and column."""
    fewer = tuple(n - 1 for n in plan.image)
    cut = windows_run_short(plan)
    return cut._replace(count=fewer, canvas=fewer)


def double_padding(plan):
    """Which pixels does your very first window cover?

    Your windows begin two rows above the image and two columns to its left, where there is nothing
    but zeros: everything is shifted.

    No zeros are needed at all: place the kernel only where it lies completely inside the image.
    """
    return _padded(plan, "constant", 1)


def double_padding__cropped(plan):
    """Pad twice as much, and return the right size."""
    return _only_valid_size(_padded(plan, "constant", 1))


def edge_padding(plan):
    """On which pixels does your first window lie, and are all of them in the image that you were
    given?

    You repeated the pixels of the border around the image, and the kernel was placed on them too.

    No pixel has to be invented here: place the kernel only where it lies completely inside the
    image.
    """
    return _padded(plan, "edge", 0.5)


def edge_padding__padded_size(plan):
    """Repeat the border, and write the values into an array of the padded size."""
    padded = same_padding__padded_size(plan)
    return padded._replace(mode="edge")


def reflect_padding(plan):
    """On which pixels does your first window lie, and are all of them in the image that you were
    given?

    You mirrored the image at its border, and the kernel was placed on the mirrored pixels too.

    No pixel has to be invented here: place the kernel only where it lies completely inside the
    image.
    """
    return _padded(plan, "reflect", 0.5)


def wrap_around(plan):
    """Which indices does your window use at the edges of the image? Does one of them become
    negative, or too large?

    Pixels from the opposite side of the image leak into your sums.

    In NumPy the index -1 is no error: it means "the last one". An index that runs out of the image,
    a remainder (%) or a Fourier transform joins the left side to the right side.
    """
    return _padded(plan, "wrap", 0.5)


def wrap_around__after(plan):
    """Take the index modulo the size: windows at the end continue at the beginning."""
    return _padded(plan, "wrap", 0)


def wrap_around__before(plan):
    """Go back from each pixel, as in image[i - a, j - b]: negative indices count from the end."""
    return _padded(plan, "wrap", 1)


def wrap_around__cropped(plan):
    """Start one row and column before the image, and return the right size."""
    return _only_valid_size(_padded(plan, "wrap", 0.5))


def wrap_around__before_cropped(plan):
    """Go back from each pixel, and return the right size."""
    return _only_valid_size(_padded(plan, "wrap", 1))


def wrap_around__before_centred(plan):
    """Multiply Fourier transforms, and cut off the border on all sides."""
    return _only_valid_size(_padded(plan, "wrap", 1), skip=1)


def full_padding(plan):
    """How many of the pixels under the kernel does your first window have?

    The kernel was also placed where it only touches the image.

    Place it only where it lies completely inside; then the result is smaller than the image.
    """
    count = _touching(plan)
    border = tuple((k - 1, k - 1) for k in plan.kernel)
    return plan._replace(mode="constant", pad=border, count=count, canvas=count)


def border_zero(plan):
    """How large is the array that you fill, and to which place of it do you write first?

    You write the right values into an array that is too big, so a border of zeros stays around
    them.

    Give the result one place for each place where the kernel fits, and write the first value to [0,
    0].
    """
    return plan._replace(
        canvas=plan.image, corner=tuple(k // 2 for k in plan.kernel)
    )


def border_image(plan):
    """What is in your result before you write to it, and to which place do you write first?

    Your result begins as a copy of the image, and its border still has the image's pixels.

    Make a new array that has one place for each place where the kernel fits, and write the first
    value to [0, 0].
    """
    return border_zero(plan)._replace(on_image=True)


def top_left(plan):
    """How large is the array that you fill, and how many values do you write into it?

    The array that you return is as big as the image, and its last rows and columns hold no results.

    Give it the size that it needs: one place for each place where the kernel fits.
    """
    return plan._replace(canvas=plan.image)


def top_left__on_image(plan):
    """Write the values into the image, or into a copy of it, from the top left."""
    return plan._replace(canvas=plan.image, on_image=True)


PLACEMENT = (
    where_it_fits,
    same_padding,
    same_padding__cropped,
    same_padding__padded_size,
    same_padding__padded_size_corner,
    windows_run_short,
    windows_run_short__one_less,
    double_padding,
    double_padding__cropped,
    edge_padding,
    edge_padding__padded_size,
    reflect_padding,
    wrap_around,
    wrap_around__after,
    wrap_around__before,
    wrap_around__cropped,
    wrap_around__before_cropped,
    wrap_around__before_centred,
    full_padding,
    border_zero,
    border_image,
    top_left,
    top_left__on_image,
)

# ---- SHAPING: where the loops end


def to_the_end(plan):
    """Use every window that there is."""
    return plan


def _fewer(plan, less, first=(0, 0), *, smaller):
    """Leave out `less` windows per axis, `first` of them at the start.

    The result gets smaller, or keeps empty cells.
    """
    count = tuple(map(sub, plan.count, less))
    if min(count) < 1:
        return None
    if plan.on_image and (smaller or (less, first) != ((1, 1), (0, 0))):
        return None
    fewer = plan._replace(first=tuple(map(add, plan.first, first)), count=count)
    if smaller:
        return fewer._replace(canvas=tuple(map(sub, plan.canvas, less)))
    return fewer._replace(corner=tuple(map(add, plan.corner, first)))


def off_by_one(plan):
    """Write down the first pixel of each place where the kernel fits into one row of this image:
    which is the last, and does your `range` reach it?

    Your result is off by one: a row or a column of values is missing, stayed empty, or is one too
    many.

    The kernel also fits at the very edge, and no further. Remember that `range` leaves out its end.
    """
    # An array of the image's size keeps its size, and the missing values stay empty.
    return _fewer(plan, (1, 1), smaller=plan.canvas == plan.count)


def off_by_one__last_empty(plan):
    """Stop one early, in an array of the right size."""
    return _fewer(plan, (1, 1), smaller=False)


def off_by_one__rows(plan):
    """Stop one row early, in a smaller array."""
    return _fewer(plan, (1, 0), smaller=True)


def off_by_one__columns(plan):
    """Stop one column early, in a smaller array."""
    return _fewer(plan, (0, 1), smaller=True)


def off_by_one__last_row_empty(plan):
    """Stop one row early, in an array of the right size."""
    return _fewer(plan, (1, 0), smaller=False)


def off_by_one__last_column_empty(plan):
    """Stop one column early, in an array of the right size."""
    return _fewer(plan, (0, 1), smaller=False)


def off_by_one__first(plan):
    """Start one late, in a smaller array."""
    return _fewer(plan, (1, 1), (1, 1), smaller=True)


def off_by_one__first_empty(plan):
    """Start one late, in an array of the right size: its first row and column stay empty."""
    return _fewer(plan, (1, 1), (1, 1), smaller=False)


def off_by_one__shifted(plan):
    """Start one late, and write from [0, 0] on: the last row and column stay empty."""
    late = _fewer(plan, (1, 1), (1, 1), smaller=False)
    return late and late._replace(corner=plan.corner)


def off_by_one__both_ends(plan):
    """Start one late and stop one early, in an array of the right size."""
    if min(plan.count) <= 2:
        return None
    return _fewer(plan, (2, 2), (1, 1), smaller=False)


def off_by_one__too_big(plan):
    """Make the array one row and column too big."""
    if plan.on_image:
        return None
    return plan._replace(canvas=tuple(n + 1 for n in plan.canvas))


def off_by_one__too_big_inside(plan):
    """Make the array one row and column too big, and leave its first row and column empty."""
    bigger = off_by_one__too_big(plan)
    return bigger and bigger._replace(corner=tuple(n + 1 for n in plan.corner))


def off_by_one__twice(plan):
    """Subtract the size of the kernel twice: pad, and end the loops as without padding."""
    return _fewer(plan, tuple(k - 1 for k in plan.kernel), smaller=False)


LIMITS = (
    to_the_end,
    off_by_one,
    off_by_one__last_empty,
    off_by_one__rows,
    off_by_one__columns,
    off_by_one__last_row_empty,
    off_by_one__last_column_empty,
    off_by_one__first,
    off_by_one__first_empty,
    off_by_one__shifted,
    off_by_one__both_ends,
    off_by_one__too_big,
    off_by_one__too_big_inside,
    off_by_one__twice,
)

# ---- SHAPING: stride


def one_by_one(plan):
    """Move the window by one pixel each time."""
    return plan


def _strided(plan, step, *, canvas, spread):
    count = tuple(
        (n - 1) // s + 1 for n, s in zip(plan.count, step, strict=True)
    )
    if plan.on_image or min(plan.count) < 1 or count == plan.count:
        return None
    if canvas is None:
        if plan.canvas != plan.count:
            return None
        canvas = count
    return plan._replace(count=count, step=step, canvas=canvas, spread=spread)


def stride_of_kernel_size(plan):
    """By how many pixels does your window move from one place to the next?

    Your window jumps by its own width, so that the patches lie side by side.

    Move it by one pixel each time: neighbouring patches overlap.
    """
    return _strided(plan, plan.kernel, canvas=None, spread=(1, 1))


def stride_of_kernel_size__spread(plan):
    """Jump, and write each value where its window starts, with zeros in between."""
    return _strided(plan, plan.kernel, canvas=plan.canvas, spread=plan.kernel)


def stride_of_kernel_size__crowded(plan):
    """Jump, and write the values side by side into an array for all of them."""
    return _strided(plan, plan.kernel, canvas=plan.canvas, spread=(1, 1))


def stride_two(plan):
    """By how many pixels does your window move from one place to the next?

    Your window moves by two pixels, so every second row and column of results is missing.

    Move it by one pixel each time.
    """
    return _strided(plan, (2, 2), canvas=None, spread=(1, 1))


def stride_two__spread(plan):
    """Move by two, and write each value where its window starts, with zeros in between."""
    return _strided(plan, (2, 2), canvas=plan.canvas, spread=(2, 2))


def stride_two__crowded(plan):
    """Move by two, and write the values side by side into an array for all of them."""
    return _strided(plan, (2, 2), canvas=plan.canvas, spread=(1, 1))


def stride_two__half_size(plan):
    """Move by two, in an array of half the image's size."""
    half = tuple(n // 2 for n in plan.image)
    return _strided(plan, (2, 2), canvas=half, spread=(1, 1))


STRIDE = (
    one_by_one,
    stride_of_kernel_size,
    stride_of_kernel_size__spread,
    stride_of_kernel_size__crowded,
    stride_two,
    stride_two__spread,
    stride_two__crowded,
    stride_two__half_size,
)

# ---- SHAPING: what is written at all


def all_values(plan):
    """Write every value."""
    return plan


def _only(plan, count, **changes):
    """Write only the first `count` values."""
    if min(plan.count) < 1 or plan.on_image:
        return None
    return plan._replace(count=count, **changes)


def return_inside_loop(plan):
    """How far is your `return` indented, and how often do your loops go round before it?

    Your function comes back before it is finished: only the first value, or the first row, was
    computed.

    Inside a loop, `return` ends the whole function in the first round.
    """
    return _only(plan, (1, 1))


def return_inside_loop__first_row(plan):
    """Return at the end of the first row."""
    return _only(plan, (1, plan.count[1]))


def return_inside_loop__first_column(plan):
    """Return at the end of the first column, where columns are the outer loop."""
    return _only(plan, (plan.count[0], 1))


def return_inside_loop__one_row(plan):
    """Collect rows, and return after the first."""
    row = (1, plan.count[1])
    return _only(plan, row, canvas=row, corner=(0, 0))


def return_inside_loop__one_value(plan):
    """Collect values, and return after the first."""
    return _only(plan, (1, 1), canvas=(1, 1), corner=(0, 0))


def return_inside_loop__number(plan):
    """Return the first value itself."""
    return _only_number(plan)


def return_inside_loop__number_of_one(plan):
    """Return the first product itself."""
    return _only_number(plan, reduce=_first_product)


def return_inside_loop__number_of_a_row(plan):
    """Return the sum of the first row of products."""
    return _only_number(plan, reduce=_first_products)


def return_inside_loop__first_product(plan):
    """Return inside the innermost loop, after one product."""
    return _only(plan, (1, 1), reduce=_first_product)


def return_inside_loop__first_products(plan):
    """Return after the first row of the kernel."""
    return _only(plan, (1, 1), reduce=_first_products)


def _only_number(plan, **changes):
    return _only(
        plan, (1, 1), canvas=(1, 1), corner=(0, 0), form=_number, **changes
    )


def _number(canvas):
    return canvas[0, 0]


def _first_product(windows, kernel):
    return windows[..., 0, 0] * kernel[0, 0]


def _first_products(windows, kernel):
    return windows[..., 0, :] @ kernel[0]


def zero_output(plan):
    """Which line of yours writes into the result, and what stands on its right side?

    Every value of your result is 0: nothing from the image gets into it.

    Check what you write, where, and that it comes from the image and not from the empty result.
    """
    return None if plan.on_image else plan._replace(count=(0, 0))


def zero_output__of_image_size(plan):
    """Return zeros, as many as the image has pixels."""
    return _blank_canvas(plan, plan.image)


def zero_output__one_smaller(plan):
    """Return zeros, one row and column too few."""
    return _blank_canvas(plan, tuple(n - 1 for n in plan.count))


def zero_output__one_bigger(plan):
    """Return zeros, one row and column too many."""
    return _blank_canvas(plan, tuple(n + 1 for n in plan.count))


def zero_output__of_kernel_size(plan):
    """Return zeros, as many as the kernel has weights."""
    return _blank_canvas(plan, plan.kernel)


def zero_output__full(plan):
    """Return zeros, as many as a fully padded result has."""
    return _blank_canvas(plan, _touching(plan))


def _blank_canvas(plan, canvas):
    if not _of_right_size(plan):
        return None
    return plan._replace(count=(0, 0), canvas=canvas)


def _of_right_size(plan):
    return plan.mode is None and plan.canvas == plan.count == _fitting(plan)


def returns_image(plan):
    """Where in your code is a pixel multiplied by a weight, and where are the products added?

    You return pixels of the image as they were, not sums of products.

    Each value of the result must come from a whole patch and the kernel.
    """
    if not _of_right_size(plan):
        return None
    return _padded(plan, "constant", 0.5)._replace(reduce=_middle)


def returns_image__middle(plan):
    """Return the image without its border."""
    return plan._replace(reduce=_middle) if _of_right_size(plan) else None


def returns_image__corner(plan):
    """Return the top left of the image, in the right size."""
    return plan._replace(reduce=_corner) if _of_right_size(plan) else None


def returns_image__padded(plan):
    """Return the image with the zeros around it."""
    if not _of_right_size(plan):
        return None
    return full_padding(plan)._replace(reduce=_middle)


def _middle(windows, kernel):
    return windows[..., kernel.shape[0] // 2, kernel.shape[1] // 2]


def _corner(windows, kernel):
    return windows[..., 0, 0]


WRITTEN = (
    all_values,
    return_inside_loop,
    return_inside_loop__first_row,
    return_inside_loop__first_column,
    return_inside_loop__one_row,
    return_inside_loop__one_value,
    return_inside_loop__number,
    return_inside_loop__number_of_one,
    return_inside_loop__number_of_a_row,
    return_inside_loop__first_product,
    return_inside_loop__first_products,
    zero_output,
    zero_output__of_image_size,
    zero_output__one_smaller,
    zero_output__one_bigger,
    zero_output__of_kernel_size,
    zero_output__full,
    returns_image,
    returns_image__middle,
    returns_image__corner,
    returns_image__padded,
)

# ---- SHAPING: form


def as_it_is(canvas):
    """Return the array as it was filled."""
    return canvas


def rows_first(plan):
    """Index the result by row, then by column."""
    return plan


def output_transposed(plan):
    """Which comes first when you write into the result: the row or the column?

    Rows and columns of your result are exchanged.

    The row index comes first everywhere: image[row, column], result[row, column], and shape is
    (rows, columns).
    """
    return plan._replace(form=np.transpose) if plan.form is as_it_is else None


def image_transposed(plan):
    """Which comes first when you read the image: the row or the column?

    Your numbers come out as if rows and columns of the image had been exchanged first.

    The row index comes first everywhere: image[row, column], and shape is (rows, columns).
    """
    if plan.form is not as_it_is or plan.kernel[0] != plan.kernel[1]:
        return None
    if plan.reduce is not product_sum or min(plan.count) < 1:
        return None
    return plan._replace(form=np.transpose, turn=np.transpose)


def two_axes(plan):
    """Return a matrix."""
    return plan


def _formed(plan, form):
    if plan.form is as_it_is:
        return plan._replace(form=form)
    if plan.form is np.transpose:
        return plan._replace(form=_AFTER_TRANSPOSING[form])
    return None


def extra_axis(plan):
    """What is the `shape` of the array that you return, and which of its axes should not be there?

    Your result has an axis too many: it should have rows and columns, nothing more.

    The image has no colour axis and there is no batch here.
    """
    return _formed(plan, _axis_last)


def extra_axis__first(plan):
    """Return (1, H, W)."""
    return _formed(plan, _axis_first)


def extra_axis__three_channels(plan):
    """Return the same values in three channels."""
    return _formed(plan, _three_channels)


def extra_axis__one_of_three(plan):
    """Return three channels, the last two of them zero."""
    return _formed(plan, _one_of_three)


def extra_axis__batch(plan):
    """Return (1, H, W, 1)."""
    return _formed(plan, _axis_first_and_last)


def extra_axis__batch_and_channel(plan):
    """Return (1, 1, H, W)."""
    return _formed(plan, _two_axes_first)


def returns_list__flat(plan):
    """Append every value to one list."""
    return _formed(plan, _flat_list)


def _axis_last(canvas):
    return canvas[:, :, None]


def _axis_first(canvas):
    return canvas[None]


def _three_channels(canvas):
    return np.stack([canvas] * 3, axis=-1)


def _one_of_three(canvas):
    # A boolean canvas says where the result is 0.
    empty = np.full_like(canvas, canvas.dtype == bool)
    return np.stack([canvas, empty, empty], axis=-1)


def _axis_first_and_last(canvas):
    return canvas[None, :, :, None]


def _two_axes_first(canvas):
    return canvas[None, None]


def _flat_list(canvas):
    return canvas.ravel().tolist()


def _transposed_then(form):
    return lambda canvas: form(canvas.T)


# One function object for each form, so that two plans that do the same are equal.
_FORMS = (
    _axis_last,
    _axis_first,
    _three_channels,
    _one_of_three,
    _axis_first_and_last,
    _two_axes_first,
    _flat_list,
)
_AFTER_TRANSPOSING = {form: _transposed_then(form) for form in _FORMS}

ROWS_AND_COLUMNS = (rows_first, output_transposed, image_transposed)
AXES = (
    two_axes,
    extra_axis,
    extra_axis__first,
    extra_axis__three_channels,
    extra_axis__one_of_three,
    extra_axis__batch,
    extra_axis__batch_and_channel,
    returns_list__flat,
)

SHAPING = (PLACEMENT, LIMITS, STRIDE, WRITTEN, ROWS_AND_COLUMNS, AXES)

# ---- NUMBERS: orientation


def as_given(kernel):
    """Take the kernel as it was given."""
    return kernel


def not_turned(plan):
    """Lay the kernel on the image as it was given."""
    return plan


def _turned(plan, turn):
    uses_kernel = plan.reduce not in {_middle, _corner} and min(plan.count) > 0
    if plan.turn is not as_given:
        return None
    return plan._replace(turn=turn) if uses_kernel else None


def _half_turn(kernel):
    return kernel[::-1, ::-1]


def _upside_down(kernel):
    return kernel[::-1]


def _mirrored(kernel):
    return kernel[:, ::-1]


def kernel_flipped(plan):
    """Which weight of the kernel does your code multiply with the top left pixel of a window?

    Your numbers come out as if the kernel had been turned by 180 degrees first.

    That is how mathematics defines a convolution. In deep learning the kernel is laid on the image
    exactly as it is given: its top left weight belongs to the top left pixel of the patch.
    """
    return _turned(plan, _half_turn)


def kernel_flipped_vertically(plan):
    """Which row of weights does your code multiply with the first row of a window?

    Your numbers come out as if the kernel had been turned upside down first.

    Lay it on the image exactly as it is given: its first row of weights belongs to the first row of
    the patch.
    """
    return _turned(plan, _upside_down)


def kernel_flipped_horizontally(plan):
    """Which column of weights does your code multiply with the left column of a window?

    Your numbers come out as if the kernel had been mirrored, left to right, first.

    Lay it on the image exactly as it is given: its left column of weights belongs to the left
    column of the patch.
    """
    return _turned(plan, _mirrored)


def kernel_transposed(plan):
    """Which weight does your code multiply with the pixel in the first row and second column of a
    window?

    Your numbers come out as if rows and columns of the kernel (or of the patch) had been exchanged.

    The weight in row a, column b belongs to the pixel in row a, column b of the patch.
    """
    return (
        _turned(plan, np.transpose)
        if plan.kernel[0] == plan.kernel[1]
        else None
    )


ORIENTATION = (
    not_turned,
    kernel_flipped,
    kernel_flipped_vertically,
    kernel_flipped_horizontally,
    kernel_transposed,
)

# ---- NUMBERS: arithmetic


def product_sum(windows, kernel):
    """Multiply place by place, then add."""
    return np.einsum("ijab,ab->ij", windows, kernel)


def each_alone(values):
    """Let every value stand for itself."""
    return values


def multiply_and_add(plan):
    """Add up the products of each window."""
    return plan


def _reduced(plan, reduce):
    adds_products = plan.reduce is product_sum and min(plan.count) > 0
    return plan._replace(reduce=reduce) if adds_products else None


def matrix_product(plan):
    """How is one window multiplied by the kernel in your code: place by place?

    You used the matrix product (`@`, np.dot, np.matmul), which multiplies rows by columns.

    Here each pixel of the patch is multiplied by the weight in the same place, and the products are
    added.
    """
    return _reduced(plan, _matrix_product)


def matrix_product__kernel_first(plan):
    """Multiply kernel @ patch."""
    return _reduced(plan, _matrix_product_kernel_first)


def matrix_product__corner(plan):
    """Keep only the first value of the matrix product."""
    return _reduced(plan, _matrix_product_corner)


def _matrix_product_corner(windows, kernel):
    return windows[..., 0, :] @ kernel[:, 0]


def matrix_product__middle(plan):
    """Keep only the value in the middle of the matrix product."""
    return _reduced(plan, _matrix_product_middle)


def _matrix_product_middle(windows, kernel):
    return (
        windows[..., kernel.shape[0] // 2, :] @ kernel[:, kernel.shape[1] // 2]
    )


def _matrix_product(windows, kernel):
    return (windows @ kernel).sum(axis=(2, 3))


def _matrix_product_kernel_first(windows, kernel):
    return (kernel @ windows).sum(axis=(2, 3))


def max_instead_of_sum(plan):
    """What do you do with the products of one window?

    Of each patch you keep the largest product. All products have to be added.
    """
    return _reduced(plan, _max_product)


def _max_product(windows, kernel):
    return (windows * kernel).max(axis=(2, 3))


def last_product_only(plan):
    """What happens to the product from before when the next one is computed?

    Each value is only the last product of its patch, or the last row or column of products: those
    before it are not in it.

    All products of a patch have to be added up: compare `=` and `+=`.
    """
    return _reduced(plan, _last_product)


def last_product_only__row(plan):
    """Replace the sum of each row of the patch with the sum of the next."""
    return _reduced(plan, _last_row)


def last_product_only__column(plan):
    """Replace the sum of each column of the patch with the sum of the next."""
    return _reduced(plan, _last_column)


def first_product_only(plan):
    """How often do your loops over the kernel go round for one value of the result?

    Each value is only the first product of its patch: the others are never added.

    Something ends your loops over the kernel after their first step.
    """
    return _reduced(plan, _first_product_of_each)


def first_row_only(plan):
    """How often do your loops over the kernel go round for one value of the result?

    Each value is only the sum over the first row of its patch (or over the first column): the
    others are never added.

    Something ends a loop over the kernel after its first step.
    """
    return _reduced(plan, _first_row_of_each)


def first_row_only__column(plan):
    """Add only the products of the first column, where columns are the outer loop."""
    return _reduced(plan, _first_column_of_each)


def _first_product_of_each(windows, kernel):
    return windows[..., 0, 0] * kernel[0, 0]


def _first_row_of_each(windows, kernel):
    return windows[..., 0, :] @ kernel[0]


def _first_column_of_each(windows, kernel):
    return windows[..., 0] @ kernel[:, 0]


def _last_product(windows, kernel):
    return windows[..., -1, -1] * kernel[-1, -1]


def _last_row(windows, kernel):
    return windows[..., -1, :] @ kernel[-1]


def _last_column(windows, kernel):
    return windows[..., -1] @ kernel[:, -1]


def accumulator_not_reset(plan):
    """Where does the sum begin at 0: before your loops, or for each position anew?

    Your values go on growing from one position to the next: each has the sums of earlier positions
    in it too.

    Each position needs a sum of its own that starts at 0.
    """
    return _gathered(plan, _running_sum)


def accumulator_not_reset__in_row(plan):
    """Set the sum to 0 at the start of each row."""
    return _gathered(plan, _running_sum_in_row)


def accumulator_not_reset__by_columns(plan):
    """Never set the sum to 0, with columns as the outer loop."""
    return _gathered(plan, _running_sum_by_columns)


def accumulator_not_reset__in_column(plan):
    """Set the sum to 0 at the start of each column."""
    return _gathered(plan, _running_sum_in_column)


def _gathered(plan, gather):
    if plan.reduce is not product_sum or max(plan.count) < 2:
        return None
    return plan._replace(gather=gather)


def _running_sum(values):
    return np.cumsum(values).reshape(values.shape)


def _running_sum_in_row(values):
    return np.cumsum(values, axis=1)


def _running_sum_by_columns(values):
    return np.cumsum(values.T).reshape(values.shape[::-1]).T


def _running_sum_in_column(values):
    return np.cumsum(values, axis=0)


def integer_result__each_step(plan):
    """Add up the products in an array of whole numbers: each step loses its fraction."""
    return _reduced(plan, _truncated_steps)


def integer_result__each_step_back(plan):
    """Likewise from the last weight to the first, as in `image[i - a, j - b] * kernel[a, b]`."""
    return _reduced(plan, _truncated_steps_back)


def integer_result__each_row(plan):
    """Add up the sums of the patch's rows in an array of whole numbers."""
    return _reduced(plan, _truncated_rows)


def integer_result__each_product(plan):
    """Truncate each product to a whole number, then add."""
    return _reduced(plan, _truncated_products)


def uint8_result__each_step(plan):
    """Add up the products in an array of uint8."""
    return _reduced(plan, _byte_steps)


def integer_image_only__each_step(plan):
    """Add up the products in an array of the image's dtype."""
    return _reduced(plan, _truncated_steps_of_integers)


def integer_image_only__each_step_back(plan):
    """Likewise from the last weight to the first."""
    return _reduced(plan, _truncated_steps_of_integers_back)


def _truncated_steps_back(windows, kernel):
    return _truncated_steps(windows[..., ::-1, ::-1], kernel[::-1, ::-1])


def _truncated_steps_of_integers_back(windows, kernel):
    return _truncated_steps_of_integers(
        windows[..., ::-1, ::-1], kernel[::-1, ::-1]
    )


def _truncated_steps(windows, kernel):
    total = np.zeros(windows.shape[:2])
    for a, b in np.ndindex(kernel.shape):
        total = np.trunc(total + windows[..., a, b] * kernel[a, b])
    return total


def _truncated_rows(windows, kernel):
    total = np.zeros(windows.shape[:2])
    for a in range(kernel.shape[0]):
        total = np.trunc(total + windows[..., a, :] @ kernel[a])
    return total


def _truncated_products(windows, kernel):
    return np.trunc(windows * kernel).sum(axis=(2, 3))


def _byte_steps(windows, kernel):
    total = np.zeros(windows.shape[:2])
    for a, b in np.ndindex(kernel.shape):
        total = np.trunc(total + windows[..., a, b] * kernel[a, b]) % 256
    return total.astype(np.uint8)


def _truncated_steps_of_integers(windows, kernel):
    if windows.dtype.kind in "iu":
        return _truncated_steps(windows, kernel)
    return product_sum(windows, kernel)


ARITHMETIC = (
    multiply_and_add,
    matrix_product,
    matrix_product__kernel_first,
    matrix_product__middle,
    matrix_product__corner,
    max_instead_of_sum,
    first_product_only,
    first_row_only,
    first_row_only__column,
    last_product_only,
    last_product_only__row,
    last_product_only__column,
    accumulator_not_reset,
    accumulator_not_reset__in_row,
    accumulator_not_reset__by_columns,
    accumulator_not_reset__in_column,
    integer_result__each_step,
    integer_result__each_step_back,
    integer_result__each_row,
    integer_result__each_product,
    uint8_result__each_step,
    integer_image_only__each_step,
    integer_image_only__each_step_back,
)

NUMBERS = (ORIENTATION, ARITHMETIC)

# ---- VALUES: (values, image, kernel) -> values, cell by cell


def unscaled(values, image, kernel):
    """Leave the values as they are."""
    return values


def rescaled(values, image, kernel):
    """What do you do with a sum after all products have been added?

    All your values have the same factor in them that does not belong there.

    Only multiply by the weights and add, each product once. Scaling is for showing a picture, not
    for computing it.
    """
    return values / 255


def mean_instead_of_sum(values, image, kernel):
    """What do you do with the products of one window: add them up, or something more?

    Each of your values is divided by the number of weights, as in a mean of the products.

    Only multiply and add.
    """
    return values / kernel.size


def divided_by_kernel_sum(values, image, kernel):
    """What do you do with a sum after all products have been added?

    Your values are divided by the sum of the kernel, with or without the signs of its weights. That
    is right for a blur only: here, only multiply and add.

    The weights of a kernel that finds edges add up to 0, and nothing can be divided by that.
    """
    return values / kernel.sum()


def divided_by_kernel_sum__absolute(values, image, kernel):
    """Divide by the sum of the absolute weights."""
    return values / np.abs(kernel).sum()


FACTOR = rescaled
"""Diagnosis reads the factor off the values."""


def with_their_signs(values, image, kernel):
    """Leave the values as they are."""
    return values


def in_any_range(values, image, kernel):
    """Leave the values as they are."""
    return values


def clipped(values, image, kernel):
    """What happens in your code to values below 0 and to large ones?

    You clip the result to a range, as for a picture: values that are too small or too big were cut
    off.

    The result is no picture. It may be negative, and it may be above 255: leave it as it is.
    """
    return np.clip(values, 0, 255)


def clipped__to_one(values, image, kernel):
    """Clip to 0 .. 1."""
    return np.clip(values, 0, 1)


def clipped__both_signs(values, image, kernel):
    """Clip to -1 .. 1."""
    return np.clip(values, -1, 1)


def clipped__above(values, image, kernel):
    """Cut off what is above 255."""
    return np.minimum(values, 255)


def clipped__to_image(values, image, kernel):
    """Clip to the range of the image's own values."""
    return np.clip(values, image.min(), image.max())


def negative_lost(values, image, kernel):
    """What happens in your code to a sum that is below 0?

    Your negative values have become 0.

    A result below 0 means something here (an edge from bright to dark, say): leave it. The ReLU is
    another layer.
    """
    return np.maximum(values, 0)


def absolute_value(values, image, kernel):
    """What happens in your code to a sum that is below 0?

    You take the absolute value: your negative values have become positive.

    The sign tells from which side an edge comes: leave it.
    """
    return np.abs(values)


def not_scaled_back(values, image, kernel):
    """Leave the values as they are."""
    return values


def rescaled__back(values, image, kernel):
    """Multiply by 255 after clipping."""
    return values * 255


def with_fractions(values, image, kernel):
    """Keep the fractions."""
    return values


def integer_result(values, image, kernel):
    """Print the `dtype` of the array that you return: can it hold fractions?

    The fractions of your values are lost: the result holds whole numbers only.

    Look for `dtype=int`, `int(...)`, `astype(int)`, `round` or `//`. The result has to be an array
    of floats.
    """
    return np.trunc(values).astype(np.int64)


def integer_result__rounded(values, image, kernel):
    """Round to the nearest whole number."""
    return np.rint(values)


def integer_result__floor(values, image, kernel):
    """Round down."""
    return np.floor(values)


def integer_result__ceiling(values, image, kernel):
    """Round up."""
    return np.ceil(values)


def uint8_result(values, image, kernel):
    """Print the `dtype` of the array that you return: can it hold fractions?

    Your result is of type uint8, which knows the whole numbers from 0 to 255 only.

    Negative values and values above 255 become something else in it, and fractions are lost. Use an
    array of floats; uint8 is for saving pictures.
    """
    return values.astype(np.uint8)


def uint8_result__remainder(values, image, kernel):
    """Truncate, then take the remainder by 256, as filling an array of uint8 does."""
    return (np.trunc(values) % 256).astype(np.uint8)


def uint8_result__rounded(values, image, kernel):
    """Round, then convert."""
    return (np.rint(values) % 256).astype(np.uint8)


def integer_image_only(values, image, kernel):
    """Print the `dtype` of your result for an image of whole numbers: where does it come from?

    Where the image holds whole numbers, the fractions of your values are lost; where it holds
    floats, they are not.

    `np.zeros_like(image)`, `image.copy()` and `dtype=image.dtype` take over the type of the image;
    the result has to be an array of floats always.
    """
    return values.astype(image.dtype)


SCALE = (
    unscaled,
    mean_instead_of_sum,
    divided_by_kernel_sum,
    divided_by_kernel_sum__absolute,
    rescaled,
)
SIGN = (with_their_signs, negative_lost, absolute_value)
RANGE = (
    in_any_range,
    clipped,
    clipped__to_one,
    clipped__both_signs,
    clipped__above,
    clipped__to_image,
)
SCALE_AGAIN = (not_scaled_back, rescaled__back)
WHOLE_NUMBERS = (
    with_fractions,
    integer_result,
    integer_result__rounded,
    integer_result__floor,
    integer_result__ceiling,
    uint8_result,
    uint8_result__remainder,
    uint8_result__rounded,
    integer_image_only,
)

VALUES = (SCALE, SIGN, RANGE, SCALE_AGAIN, WHOLE_NUMBERS)

# ---- ANSWERS: complete wrong answers that end in an exception, or that no plan can show


def _sum_of(image, kernel, row, column):
    """Return the sum of products where the window starts at this row and column."""
    rows, columns = kernel.shape
    return np.sum(image[row : row + rows, column : column + columns] * kernel)


def window_too_small(image, kernel):
    """Print the `shape` of each window: where is it not that of the kernel?

    Some window of yours is smaller than the kernel, so that the two cannot be multiplied place by
    place.

    A slice that runs over the edge of an array is cut short without an error, and a slice with a
    negative start may be empty.
    """
    result = np.zeros(image.shape)
    for i, j in np.ndindex(*image.shape):
        result[i, j] = _sum_of(image, kernel, i, j)
    return result


def window_too_small__below(image, kernel):
    """Likewise where columns are the outer loop: the first window that is cut is at the bottom."""
    result = np.zeros(image.shape)
    for j, i in np.ndindex(*image.shape[::-1]):
        result[i, j] = _sum_of(image, kernel, i, j)
    return result


def window_too_small__one_too_far(image, kernel):
    """Place one window too many in each row, where the image lacks a column."""
    rows, columns = (
        n - k + 2 for n, k in zip(image.shape, kernel.shape, strict=True)
    )
    return np.array(
        [
            [_sum_of(image, kernel, i, j) for j in range(columns)]
            for i in range(rows)
        ]
    )


def window_too_small__last_row(image, kernel):
    """Place one row of windows too many."""
    rows, columns = (
        n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True)
    )
    return np.array(
        [
            [_sum_of(image, kernel, i, j) for j in range(columns)]
            for i in range(rows + 1)
        ]
    )


def window_too_small__before(image, kernel):
    """Start a window before the image: with a negative start, the slice is empty."""
    above, left = (k // 2 for k in kernel.shape)
    result = np.zeros(image.shape)
    for i, j in np.ndindex(*image.shape):
        below, right = i + kernel.shape[0] - above, j + kernel.shape[1] - left
        patch = image[i - above : below, j - left : right]
        result[i, j] = np.sum(patch * kernel)
    return result


def windows_run_short__first_weights(image, kernel):
    """Cut the windows at the edge, and the kernel at its end, also where the start was cut off."""
    above, left = (k // 2 for k in kernel.shape)
    result = np.zeros(image.shape)
    for i, j in np.ndindex(*image.shape):
        below, right = i + kernel.shape[0] - above, j + kernel.shape[1] - left
        patch = image[max(i - above, 0) : below, max(j - left, 0) : right]
        result[i, j] = np.sum(
            patch * kernel[: patch.shape[0], : patch.shape[1]]
        )
    return result


def off_by_one__array_too_small(image, kernel):
    """Write all values into an array that is one row and column too small."""
    size = tuple(
        n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True)
    )
    result = np.zeros(tuple(n - 1 for n in size))
    for i, j in np.ndindex(*size):
        result[i, j] = _sum_of(image, kernel, i, j)
    return result


ANSWERS = (
    window_too_small,
    window_too_small__below,
    window_too_small__one_too_far,
    window_too_small__last_row,
    window_too_small__before,
    windows_run_short__first_weights,
    off_by_one__array_too_small,
)

# ---- WHOLE: function -> the evidence that proves it


def returns_none(image, kernel):
    """Which line of yours hands the result back to the caller?

    Nothing is handed back: the function ends without a `return` of the result.

    print and plt.show only show something, and a method that changes an array in its place gives
    back None.
    """
    rows, columns = kernel.shape
    result = np.zeros((image.shape[0] - rows + 1, image.shape[1] - columns + 1))
    for i, j in np.ndindex(*result.shape):
        result[i, j] = np.sum(image[i : i + rows, j : j + columns] * kernel)


def returns_list(image, kernel):
    """What does `type(...)` say about the value after your `return`?

    A list of rows looks like an array when it is printed, but it has no shape and cannot be
    computed with.

    Make an array of it at the very end, or fill an array from the start.
    """
    rows, columns = kernel.shape
    result = []
    for i in range(image.shape[0] - rows + 1):
        row = []
        for j in range(image.shape[1] - columns + 1):
            patch = image[i : i + rows, j : j + columns]
            row.append(float(np.sum(patch * kernel)))
        result.append(row)
    return result


def modifies_image(image, kernel):
    """Which line of yours writes into an argument: by `=` to a part of it, by `+=`, or by a method?

    An array is not copied when a function is called: what you write into it, the caller sees.

    Make a new array for what you compute, or work on `image.copy()`.
    """
    rows, columns = kernel.shape
    result = np.zeros((image.shape[0] - rows + 1, image.shape[1] - columns + 1))
    for i, j in np.ndindex(*result.shape):
        result[i, j] = np.sum(image[i : i + rows, j : j + columns] * kernel)
    image[: result.shape[0], : result.shape[1]] = result
    return result


def extra_arguments(image, kernel, stride, padding):
    """Which parameters has your function besides the two that it is called with?

    Your function needs more arguments than it is given: it is called as convolve(image, kernel).

    Leave the others out, or give each of them a default value.
    """
    rows = (image.shape[0] - kernel.shape[0]) // stride + 1
    columns = (image.shape[1] - kernel.shape[1]) // stride + 1
    return np.pad(np.zeros((rows, columns)), padding)


def arguments_swapped(kernel, image):
    """In which order does the first line of your function name the image and the kernel?

    Where you expect the image comes the kernel, and the other way round: the function is called as
    convolve(image, kernel), the image first.

    The same holds for every call of a function of your own.
    """
    rows, columns = kernel.shape
    result = np.zeros((image.shape[0] - rows + 1, image.shape[1] - columns + 1))
    for i, j in np.ndindex(*result.shape):
        result[i, j] = np.sum(image[i : i + rows, j : j + columns] * kernel)
    return result


def uint8_result__overflow(image, kernel):
    """Write numbers into an array of uint8 that it cannot hold."""
    rows, columns = kernel.shape
    size = image.shape[0] - rows + 1, image.shape[1] - columns + 1
    result = np.zeros(size, np.uint8)
    for i, j in np.ndindex(*size):
        result[i, j] = round(
            np.sum(image[i : i + rows, j : j + columns] * kernel)
        )
    return result


def wrong_name(image, kernel):
    """What is the name of your function, letter by letter?

    Your function has another name than the exercise asks for: it has to be called exactly
    `convolve`.
    """
    return returns_list(image, kernel)


def three_channels_only(image, kernel):
    """How many numbers does `image.shape` have here, and how many does your code expect?

    Your function expects an image with more axes, as one with colours has.

    Here image.shape has two numbers: rows and columns.
    """
    height, width, channels = image.shape
    rows, columns = kernel.shape
    return np.zeros((height - rows + 1, width - columns + 1, channels))


def uses_global(image, kernel):
    """Does every name in your function come from its arguments, or from a line inside it?

    Your function uses a variable that is none of its arguments and that it does not make itself.

    It may be there in your notebook, where another cell made it. Called with another image, the
    function has to get everything that it needs through its arguments.
    """
    rows, columns = kernel.shape
    height, width = picture.shape  # noqa: F821 - the variable from outside
    result = np.zeros((height - rows + 1, width - columns + 1))
    for i, j in np.ndindex(*result.shape):
        result[i, j] = np.sum(image[i : i + rows, j : j + columns] * kernel)
    return result


def square_only(image, kernel):
    """Take an image that is not square: where in your code does its number of rows stand, and where
    its number of columns?

    Rows and columns are mixed up somewhere, or one size is used for both: where the image is not
    square, your function gives something else than on squares.

    shape[0] is the number of rows, shape[1] the number of columns.
    """
    rows, columns = kernel.shape
    size = image.shape[0] - rows + 1
    result = np.zeros((size, size))
    for i, j in np.ndindex(size, size):
        result[i, j] = np.sum(image[i : i + rows, j : j + columns] * kernel)
    return result


def ignores_kernel(image, kernel):
    """In which line does the second argument of your function get into the result?

    Your result does not depend on the kernel: another kernel gives the same values.

    Use the weights that come in as the second argument, not numbers of your own.
    """
    rows, columns = kernel.shape
    result = np.zeros((image.shape[0] - rows + 1, image.shape[1] - columns + 1))
    for i, j in np.ndindex(*result.shape):
        result[i, j] = 8 * image[i + 1, j + 1] - np.sum(
            image[i : i + 3, j : j + 3]
        )
    return result


WHOLE = {
    returns_none: "returned None",
    returns_list: "returned a list",
    modifies_image: "changed an argument",
    extra_arguments: "needs more arguments",
    arguments_swapped: "exchanges the arguments",
    uint8_result__overflow: "stores more than uint8 holds",
    wrong_name: "another name",
    three_channels_only: "expects more axes",
    uses_global: "reads a global",
    square_only: "right where the first argument is square",
    ignores_kernel: "the same for another kernel",
}

# ---- Causes and effects

SIGNS = {
    return_inside_loop: ("return in a loop",),
    same_padding: ("padding",),
    edge_padding: ("padding",),
    reflect_padding: ("padding",),
    double_padding: ("padding",),
    full_padding: ("padding",),
    wrap_around: ("wrapping index", "fourier"),
    border_image: ("type of another array",),
    kernel_flipped: ("flip",),
    kernel_flipped_vertically: ("flip",),
    kernel_flipped_horizontally: ("flip",),
    kernel_transposed: ("transpose", "exchanged indices"),
    output_transposed: ("transpose", "exchanged indices"),
    image_transposed: ("transpose", "exchanged indices"),
    matrix_product: ("matrix product",),
    max_instead_of_sum: ("maximum",),
    last_product_only: ("replacing in a loop",),
    rescaled: ("division",),
    mean_instead_of_sum: ("division",),
    divided_by_kernel_sum: ("division",),
    clipped: ("limit",),
    negative_lost: ("limit",),
    absolute_value: ("absolute value",),
    integer_result: ("whole numbers",),
    uint8_result: ("whole numbers",),
    integer_image_only: ("type of another array",),
}
"""What the source has to show of a cause: one of these."""

EFFECTS = {
    return_inside_loop: """
        No more than the first value, or the first row, of your result was computed. Something ends
        your loops too early, or every round writes to the same place.
    """,
    same_padding: """
        Your values come out as if there were zeros around the image: the kernel was also placed
        where it hangs over the edge, and what is missing there counts as 0. Place it only where it
        lies completely inside the image.
    """,
    edge_padding: """
        Your values come out as if the pixels of the border were repeated around the image: the
        kernel was also placed where it hangs over the edge. Place it only where it lies completely
        inside the image; then the result is smaller than the image.
    """,
    reflect_padding: """
        Your values come out as if the image were mirrored at its border: the kernel was also placed
        where it hangs over the edge. Place it only where it lies completely inside the image; then
        the result is smaller than the image.
    """,
    matrix_product: """
        Your values come out as in a matrix product, which multiplies rows by columns. Here each
        pixel of the patch is multiplied by the weight in the same place, and the products are
        added.
    """,
    clipped: """
        Values that are too small or too big have become the end of a range. The result may be
        negative, and it may be above 255: leave it as it is.
    """,
    absolute_value: """
        Your negative values have become positive. The sign tells from which side an edge comes:
        leave it.
    """,
}
"""What a hint says where none of these signs is there: what the numbers show, and no cause."""

SUPPORT = {
    same_padding: ("limit", "fourier"),
    edge_padding: ("limit",),
    reflect_padding: ("limit", "absolute value"),
    double_padding: ("limit", "fourier"),
    full_padding: ("limit", "fourier", "adding to a part"),
    kernel_flipped: ("fourier", "adding to a part"),
}
"""Other ways to the same numbers: a condition skips what lies outside, a Fourier transform pads."""
