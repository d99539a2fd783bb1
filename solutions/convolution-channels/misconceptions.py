"""Known wrong answers to `convolve(image, kernels)`.

A function's name with dashes, up to two underscores, is the misconception's id; the docstring is
the hint.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def _windows(image, kernels):
    """Return the windows of each channel: (C, H', W', p, q)."""
    return sliding_window_view(
        np.asarray(image, float), kernels.shape[2:], axis=(1, 2)
    )


def _separate(image, kernels):
    """Return the feature map of each kernel and each channel, not summed: (K, C, H', W')."""
    return np.einsum("cijab,kcab->kcij", _windows(image, kernels), kernels)


def _right(image, kernels):
    return _separate(image, kernels).sum(axis=1)


def _flip(kernels):
    return kernels[:, :, ::-1, ::-1]


def _filled(maps, count, at):
    """Return `count` planes of zeros, of which one is filled."""
    result = np.zeros((count, *maps.shape))
    result[at] = maps
    return result


# ---- Channels


def channels_not_summed(image, kernels):
    """Over which axes do you add up the products, and what does the next channel do to what is
    there?

    The products of each channel stay by themselves in your code: they are not added up over
    the channels.

    A kernel is as deep as the image, and all that lies under it becomes one number: the products of
    all channels are added up.
    """
    return _separate(image, kernels)


def channels_not_summed__channels_first(image, kernels):
    return _separate(image, kernels).swapaxes(0, 1)


def channels_not_summed__in_a_row(image, kernels):
    maps = _separate(image, kernels)
    return maps.reshape(-1, *maps.shape[2:])


def channels_not_summed__in_a_row_by_channel(image, kernels):
    maps = _separate(image, kernels).swapaxes(0, 1)
    return maps.reshape(-1, *maps.shape[2:])


def channels_not_summed__channels_last(image, kernels):
    return np.moveaxis(_separate(image, kernels), 1, -1)


def channels_not_summed__places_first(image, kernels):
    return _separate(image, kernels).transpose(2, 3, 0, 1)


def channels_not_summed__places_first_by_channel(image, kernels):
    return _separate(image, kernels).transpose(2, 3, 1, 0)


def channels_not_summed__last_stays(image, kernels):
    return _separate(image, kernels)[:, -1]


def channels_not_summed__kernels_summed(image, kernels):
    return _separate(image, kernels).sum(axis=0)


def channels_not_summed__own_channel(image, kernels):
    maps = _separate(image, kernels)
    return np.array([maps[k, k] for k in range(len(kernels))])


def channels_not_summed__own_channel_of_kernel_0(image, kernels):
    windows = _windows(image, kernels)
    return np.array(
        [
            np.einsum("ijab,ab->ij", windows[k], kernels[k, 0])
            for k in range(len(kernels))
        ]
    )


def channels_not_summed__several_in_one_place(image, kernels):
    windows = _windows(image, kernels)
    result = np.zeros((len(kernels), *windows.shape[1:3]))
    for k, i, j in np.ndindex(*result.shape):
        result[k, i, j] = np.sum(windows[:, i, j] * kernels[k], axis=(1, 2))
    return result


def channels_not_summed__all_kernels_at_once(image, kernels):
    windows = _windows(image, kernels)
    result = np.zeros((len(kernels), *windows.shape[1:3]))
    for i, j in np.ndindex(*windows.shape[1:3]):
        result[:, i, j] = np.sum(windows[:, i, j] * kernels, axis=(2, 3))
    return result


def channels_not_summed__and__one_kernel_only(image, kernels):
    return _separate(image, kernels)[0]


def channels_not_summed__and__kernel_flipped(image, kernels):
    return _separate(image, _flip(kernels))


def channels_averaged(image, kernels):
    """What do you do with the sums of the channels: add them up, or something more?

    You take the mean over the channels. Nothing is divided here: the products of all channels are
    added up.
    """
    return _separate(image, kernels).mean(axis=1)


def first_channel_only(image, kernels):
    """How often does your code go through the channels, and does it `return` only after the last?

    Not every channel counts in your code, of the image or of the kernel: one is used for all, or
    one is left out.

    Every channel counts: each has its own plane of weights in every kernel, and the products of all
    of them are added up.
    """
    return _separate(image, kernels)[:, 0]


def first_channel_only__of_the_image(image, kernels):
    return np.einsum("ijab,kcab->kij", _windows(image, kernels)[0], kernels)


def first_channel_only__of_the_kernels(image, kernels):
    return np.einsum("cijab,kab->kij", _windows(image, kernels), kernels[:, 0])


def first_channel_only__kept(image, kernels):
    return _separate(image, kernels)[:, :1]


def first_channel_only__one_missing(image, kernels):
    return _separate(image, kernels)[:, :-1].sum(axis=1)


def first_channel_only__first_missing(image, kernels):
    return _separate(image, kernels)[:, 1:].sum(axis=1)


def first_channel_only__and__one_kernel_only(image, kernels):
    return _separate(image, kernels)[0, 0]


def first_channel_only__and__kernel_flipped(image, kernels):
    return _separate(image, _flip(kernels))[:, 0]


# ---- Kernels


def one_kernel_only(image, kernels):
    """Do you use every kernel, and does each have its own place in the result?

    There is one feature map in your result, though there are several kernels.

    Each kernel gives a plane of its own, so the result has K planes, in the order of the kernels;
    with a single kernel it still has three axes.
    """
    return _right(image, kernels)[0]


def one_kernel_only__three_axes(image, kernels):
    return _right(image, kernels)[:1]


def one_kernel_only__last(image, kernels):
    return _right(image, kernels)[-1]


def one_kernel_only__last_three_axes(image, kernels):
    return _right(image, kernels)[-1:]


def one_kernel_only__all_added(image, kernels):
    return _right(image, kernels).sum(axis=0)


def one_kernel_only__all_added_three_axes(image, kernels):
    return _right(image, kernels).sum(axis=0, keepdims=True)


def one_kernel_only__repeated(image, kernels):
    return np.repeat(_right(image, kernels)[:1], len(kernels), axis=0)


def one_kernel_only__last_repeated(image, kernels):
    return np.repeat(_right(image, kernels)[-1:], len(kernels), axis=0)


def one_kernel_only__others_empty(image, kernels):
    return _filled(_right(image, kernels)[0], len(kernels), 0)


def one_kernel_only__last_in_first_place(image, kernels):
    return _filled(_right(image, kernels)[-1], len(kernels), 0)


def one_kernel_only__and__kernel_flipped(image, kernels):
    return _right(image, _flip(kernels))[0]


def accumulator_not_reset(image, kernels):
    """What is in the variable that you add up in when the next kernel has its turn?

    Each plane of your result also has the sums of the kernels before it. What you add up in has to
    begin at 0 again for every kernel.
    """
    return np.cumsum(_right(image, kernels), axis=0)


def kernel_flipped(image, kernels):
    """Which weight of a kernel meets the first pixel of a window in your code?

    You turn the kernels before you slide them, or read the window backwards.

    Here a kernel lies on the image exactly as it is given. In a loop of your own, the indices of
    pixel and weight both have to grow. And `np.flip` without an axis turns all axes.
    """
    return _right(image, _flip(kernels))


def kernel_flipped__with_channels(image, kernels):
    return _right(image, _flip(kernels)[:, ::-1])


def kernel_flipped__all_axes(image, kernels):
    return _right(image, np.flip(kernels))


def kernel_flipped__rows(image, kernels):
    return _right(image, kernels[:, :, ::-1])


def kernel_flipped__columns(image, kernels):
    return _right(image, kernels[..., ::-1])


def channels_reversed(image, kernels):
    """Which plane of a kernel does channel 0 of the image meet in your code?

    Your channels meet the wrong planes of the kernel: channel 0 of the image belongs to plane 0 of
    each kernel, and so on.
    """
    return _right(image, kernels[:, ::-1])


# ---- Shape and numbers


def axes_dropped(image, kernels):
    """How many axes has your result where there is a single kernel?

    With a single kernel, your result loses an axis. It always has three: the first counts the
    kernels, also where it is 1.
    """
    maps = _right(image, kernels)
    return maps[0] if len(maps) == 1 else maps


def axes_dropped__squeezed(image, kernels):
    return np.squeeze(_right(image, kernels))


def kernels_last(image, kernels):
    """Which axis of your result counts the kernels?

    Your planes are there, but their axis is the last: the result has the shape (H', W', K), and (K,
    H', W') is asked for.
    """
    return np.moveaxis(_right(image, kernels), 0, -1)


def same_padding(image, kernels):
    """On which pixels does a kernel lie in your first window: are all of them in the image?

    Your planes are as big as the image. There is no padding here: place a kernel only where it lies
    completely inside.
    """
    p, q = kernels.shape[2:]
    border = ((0, 0), (p // 2, p - 1 - p // 2), (q // 2, q - 1 - q // 2))
    return _right(np.pad(image, border), kernels)


def same_padding__from_the_corner(image, kernels):
    maps = _right(image, kernels)
    result = np.zeros((len(kernels), *image.shape[1:]))
    result[:, : maps.shape[1], : maps.shape[2]] = maps
    return result


def off_by_one(image, kernels):
    """Write down the first pixel of each place where a kernel fits into one row: which is the last,
    and does your `range` reach it?

    Your planes lack a row and a column, or these are empty. A kernel also fits at the very edge.
    Remember that `range` leaves out its end.
    """
    return _right(image, kernels)[:, :-1, :-1]


def off_by_one__last_empty(image, kernels):
    maps = _right(image, kernels)
    maps[:, -1] = 0
    maps[:, :, -1] = 0
    return maps


def integer_result(image, kernels):
    """Print the `dtype` of the array that you write into: can it hold fractions?

    Your result holds whole numbers only: what comes after the point is lost.

    An array keeps the type that it was made with.
    """
    return _right(image, kernels).astype(image.dtype)


def integer_result__always(image, kernels):
    return _right(image, kernels).astype(int)


ANSWERS = (
    channels_not_summed,
    channels_not_summed__channels_first,
    channels_not_summed__in_a_row,
    channels_not_summed__in_a_row_by_channel,
    channels_not_summed__channels_last,
    channels_not_summed__places_first,
    channels_not_summed__places_first_by_channel,
    channels_not_summed__last_stays,
    channels_not_summed__kernels_summed,
    channels_not_summed__own_channel,
    channels_not_summed__own_channel_of_kernel_0,
    channels_not_summed__several_in_one_place,
    channels_not_summed__all_kernels_at_once,
    channels_not_summed__and__one_kernel_only,
    channels_not_summed__and__kernel_flipped,
    channels_averaged,
    first_channel_only,
    first_channel_only__of_the_image,
    first_channel_only__of_the_kernels,
    first_channel_only__kept,
    first_channel_only__one_missing,
    first_channel_only__first_missing,
    first_channel_only__and__one_kernel_only,
    first_channel_only__and__kernel_flipped,
    one_kernel_only,
    one_kernel_only__three_axes,
    one_kernel_only__last,
    one_kernel_only__last_three_axes,
    one_kernel_only__all_added,
    one_kernel_only__all_added_three_axes,
    one_kernel_only__repeated,
    one_kernel_only__last_repeated,
    one_kernel_only__others_empty,
    one_kernel_only__last_in_first_place,
    one_kernel_only__and__kernel_flipped,
    accumulator_not_reset,
    kernel_flipped,
    kernel_flipped__with_channels,
    kernel_flipped__all_axes,
    kernel_flipped__rows,
    kernel_flipped__columns,
    channels_reversed,
    axes_dropped,
    axes_dropped__squeezed,
    kernels_last,
    same_padding,
    same_padding__from_the_corner,
    off_by_one,
    off_by_one__last_empty,
    integer_result,
    integer_result__always,
)

# ---- WHOLE: function -> the evidence that proves it


def returns_none(image, kernels):
    """Which line of yours hands the result back to the caller?

    Nothing is handed back: the function ends without a `return` of the result.

    print only shows something, and a method that changes an array in its place gives back None.
    """
    p, q = kernels.shape[2:]
    np.zeros((len(kernels), image.shape[1] - p + 1, image.shape[2] - q + 1))


def returns_list(image, kernels):
    """What does `type(...)` say about the value after your `return`?

    A list looks like an array when it is printed, but it has no shape and cannot be computed with.

    `np.array(...)` makes an array of a list of planes; or fill an array from the start.
    """
    windows = sliding_window_view(image, kernels.shape[2:], axis=(1, 2))
    return [np.einsum("cijab,cab->ij", windows, kernel) for kernel in kernels]


def modifies_image(image, kernels):
    """Which line of yours writes into an argument: by `=` to a part of it, by `+=`, or by a method?

    An array is not copied when a function is called: what you write into it, the caller sees.

    Make a new array for what you compute, or work on `image.copy()`.
    """
    windows = sliding_window_view(image, kernels.shape[2:], axis=(1, 2))
    result = np.einsum("cijab,kcab->kij", windows, kernels)
    image[0] = 0
    return result


WHOLE = {
    returns_none: "returned None",
    returns_list: "returned a list",
    modifies_image: "changed an argument",
}
