"""Known wrong layers: each is the right one with one of its three gradients computed otherwise."""

import numpy as np


class _Layer:
    """A layer whose gradients are given as functions; `adds` says what it never sets anew."""

    def __init__(self, weights, bias, **ways):
        self.weights, self.bias = weights, bias
        self.to_x = ways.get("to_x", _to_x)
        self.to_weights = ways.get("to_weights", _to_weights)
        self.to_bias = ways.get("to_bias", _to_bias)
        self.adds = ways.get("adds", "")
        self.cleared = ways.get("cleared", False)
        self._clear()

    def _clear(self):
        self.weights_gradient = np.zeros(self.weights.shape)
        self.bias_gradient = np.zeros(self.bias.shape)

    def forward(self, x):
        self.x = x
        if self.cleared:
            self._clear()
        return x @ self.weights + self.bias

    def backward(self, gradient):
        weights_gradient = self.to_weights(self.x, gradient)
        bias_gradient = self.to_bias(gradient)
        if "weights" in self.adds:
            weights_gradient = self.weights_gradient + weights_gradient
        if "bias" in self.adds:
            bias_gradient = self.bias_gradient + bias_gradient
        self.weights_gradient = weights_gradient
        self.bias_gradient = bias_gradient
        return self.to_x(gradient, self.weights)


def _to_x(gradient, weights):
    return gradient @ weights.T


def _to_weights(x, gradient):
    return x.T @ gradient


def _to_bias(gradient):
    return gradient.sum(axis=0)


# ---- Means where sums are asked for


def _mean_to_x(gradient, weights):
    return gradient @ weights.T / len(gradient)


def _mean_to_weights(x, gradient):
    return x.T @ gradient / len(x)


def _mean_to_bias(gradient):
    return gradient.mean(axis=0)


def mean_over_batch(weights, bias):
    """Do you divide by the number of examples somewhere, and was that asked for?

    You divide by the number of examples. The gradients of the parameters are sums over the batch
    here; if the loss is a mean, that division is already in the gradient that you are given.
    """
    return _Layer(
        weights, bias, to_weights=_mean_to_weights, to_bias=_mean_to_bias
    )


def mean_over_batch__weights(weights, bias):
    """Divide the gradient for the weights alone."""
    return _Layer(weights, bias, to_weights=_mean_to_weights)


def mean_over_batch__bias(weights, bias):
    """Divide the gradient for the bias alone."""
    return _Layer(weights, bias, to_bias=_mean_to_bias)


def mean_over_batch__x(weights, bias):
    """Divide the gradient for x alone."""
    return _Layer(weights, bias, to_x=_mean_to_x)


def mean_over_batch__everywhere(weights, bias):
    """Divide all three gradients."""
    return _Layer(
        weights,
        bias,
        to_x=_mean_to_x,
        to_weights=_mean_to_weights,
        to_bias=_mean_to_bias,
    )


def mean_over_batch__x_and_weights(weights, bias):
    """Divide the gradients of the two products."""
    return _Layer(weights, bias, to_x=_mean_to_x, to_weights=_mean_to_weights)


def mean_over_batch__x_and_bias(weights, bias):
    """Divide two gradients."""
    return _Layer(weights, bias, to_x=_mean_to_x, to_bias=_mean_to_bias)


# ---- Matrices the wrong way round


def weights_not_transposed(weights, bias):
    """Which shapes have the gradient and the weights in backward, and which shape has to come out?

    In backward your code does not transpose the weights: a gradient of m numbers has to become one
    of d. Reshaping does not transpose: it keeps the order of the numbers.
    """
    return _Layer(weights, bias, to_x=lambda gradient, kept: gradient @ kept)


def weights_not_transposed__loops(weights, bias):
    """Multiply by the weights as they are, number by number: indices run out of the matrix."""

    def to_x(gradient, kept):
        result = np.zeros((len(gradient), kept.shape[0]))
        for i in range(len(gradient)):
            for a in range(kept.shape[0]):
                for j in range(gradient.shape[1]):
                    result[i, a] += gradient[i, j] * kept[j, a]
        return result

    return _Layer(weights, bias, to_x=to_x)


def weights_not_transposed__swapped(weights, bias):
    """Multiply in the other order: (d, m) by (n, m) does not fit."""
    return _Layer(weights, bias, to_x=lambda gradient, kept: kept @ gradient)


def weights_not_transposed__einsum(weights, bias):
    """Name the axes the wrong way round; einsum repeats an axis of length 1."""

    def to_x(gradient, kept):
        return np.einsum("ij,jk->ik", gradient, kept)

    return _Layer(weights, bias, to_x=to_x)


def weights_not_transposed__reshaped(weights, bias):
    """Reshape the weights where they should be transposed."""

    def to_x(gradient, kept):
        return gradient @ kept.reshape(kept.shape[::-1])

    return _Layer(weights, bias, to_x=to_x)


def x_not_transposed(weights, bias):
    """Which shapes meet in your weights_gradient, and which shape has to come out?

    For weights_gradient you multiply x by the gradient without turning x over.

    Both have n rows, one for each example, and the sum goes over these: x has to be (d, n) so that
    the result is (d, m).
    """
    return _Layer(weights, bias, to_weights=lambda x, gradient: x @ gradient)


def weights_gradient_transposed(weights, bias):
    """Which shape has your weights_gradient, and which have the weights?

    Your weights_gradient lies on its side: rows and columns are exchanged.

    Each weight has one number in it, at the same place, so it has the size of the weights.
    """
    return _Layer(weights, bias, to_weights=lambda x, gradient: gradient.T @ x)


# ---- The bias


def bias_gradient_not_summed(weights, bias):
    """How many numbers has the bias, and how many has your bias_gradient?

    Your bias_gradient is not added up over the examples of the batch. The bias is added to every
    row of the output, so each of its numbers is part of n outputs, and what comes back from them
    adds up.
    """
    return _Layer(weights, bias, to_bias=lambda gradient: gradient)


def bias_gradient_not_summed__wrapped(weights, bias):
    """Put the gradient of the outputs into another axis."""
    return _Layer(weights, bias, to_bias=lambda gradient: gradient[None])


def bias_gradient_not_summed__first(weights, bias):
    """Take the first example for all."""
    return _Layer(weights, bias, to_bias=lambda gradient: gradient[0])


def bias_gradient_not_summed__last(weights, bias):
    """Take the last example for all: an assignment in a loop over the examples."""
    return _Layer(weights, bias, to_bias=lambda gradient: gradient[-1])


def bias_gradient_not_summed__ones(weights, bias):
    """Take the derivative of the output for the bias, which is 1, for the loss's."""
    return _Layer(
        weights, bias, to_bias=lambda gradient: np.ones(gradient.shape[1])
    )


def bias_gradient_not_summed__transposed(weights, bias):
    """Turn the gradient of the outputs over."""
    return _Layer(weights, bias, to_bias=lambda gradient: gradient.T)


def bias_summed_over_outputs(weights, bias):
    """Over which axis do you sum for the bias_gradient?

    Your bias_gradient has one number for each example: you summed over the outputs. Each number of
    the bias belongs to one output, and to all examples of the batch.
    """
    return _Layer(weights, bias, to_bias=lambda gradient: gradient.sum(axis=1))


def bias_summed_over_outputs__kept(weights, bias):
    """Sum over the outputs, and keep the axis."""

    def to_bias(gradient):
        return gradient.sum(axis=1, keepdims=True)

    return _Layer(weights, bias, to_bias=to_bias)


def bias_gradient_is_one_number(weights, bias):
    """How many numbers has the bias, and how many has your bias_gradient?

    Your bias_gradient is a single number: you summed over everything. The bias has a number for
    each output, and each of them has a gradient of its own.
    """
    return _Layer(weights, bias, to_bias=lambda gradient: gradient.sum())


def bias_gradient_has_two_axes(weights, bias):
    """Which shape has your bias_gradient, and which has the bias?

    The numbers of your bias_gradient are right, but they lie in a matrix with one row. Give it the
    shape of the bias: one axis.
    """

    def to_bias(gradient):
        return gradient.sum(axis=0, keepdims=True)

    return _Layer(weights, bias, to_bias=to_bias)


# ---- What a layer remembers


def accumulates(weights, bias):
    """What is in your gradients before the second call of backward, and who empties them?

    The second backward adds its gradients to those of the first, perhaps by `+=`. Here each call of
    backward sets them anew.
    """
    return _Layer(weights, bias, adds="weights bias")


def accumulates__weights(weights, bias):
    """Add up the gradients for the weights alone."""
    return _Layer(weights, bias, adds="weights")


def accumulates__bias(weights, bias):
    """Add up the gradients for the bias alone."""
    return _Layer(weights, bias, adds="bias")


def accumulates__until_forward(weights, bias):
    """Empty the gradients in forward, and add up what comes after it."""
    return _Layer(weights, bias, adds="weights bias", cleared=True)


def accumulates__and__mean_over_batch(weights, bias):
    """Add up means."""
    return _Layer(
        weights,
        bias,
        to_weights=_mean_to_weights,
        to_bias=_mean_to_bias,
        adds="weights bias",
    )


class _Shared(_Layer):
    """A layer that keeps x where all layers see it."""

    kept = None

    def forward(self, x):
        _Shared.kept = x
        return x @ self.weights + self.bias

    def backward(self, gradient):
        self.x = _Shared.kept
        return super().backward(gradient)


def shared_between_layers(weights, bias):
    """Where does your layer keep what it has to remember: in the object, or outside of it?

    With two layers in use, one works with the numbers of the other. What a layer has to remember
    belongs to the object: into an attribute of self, not into a global variable or an attribute of
    the class.
    """
    return _Shared(weights, bias)


class _First(_Layer):
    """A layer that keeps the first x for good."""

    def forward(self, x):
        self.x = getattr(self, "x", x)
        return x @ self.weights + self.bias


def keeps_first_forward(weights, bias):
    """What happens to the x that you remember when forward is called a second time?

    When forward is called a second time, your layer still works with the x of the first call.
    backward is about the last forward.
    """
    return _First(weights, bias)


class _Added(_Layer):
    """A layer that adds the bias to no output."""

    def forward(self, x):
        self.x = x
        return x @ self.weights


def bias_forgotten(weights, bias):
    """Which parameters of the layer does your forward use?

    The bias is missing in what forward returns: it is added to every row.
    """
    return _Added(weights, bias)


ANSWERS = (
    mean_over_batch,
    mean_over_batch__weights,
    mean_over_batch__bias,
    mean_over_batch__x,
    mean_over_batch__everywhere,
    mean_over_batch__x_and_weights,
    mean_over_batch__x_and_bias,
    weights_not_transposed,
    weights_not_transposed__loops,
    weights_not_transposed__swapped,
    weights_not_transposed__einsum,
    weights_not_transposed__reshaped,
    x_not_transposed,
    weights_gradient_transposed,
    bias_gradient_not_summed,
    bias_gradient_not_summed__wrapped,
    bias_gradient_not_summed__first,
    bias_gradient_not_summed__last,
    bias_gradient_not_summed__ones,
    bias_gradient_not_summed__transposed,
    bias_summed_over_outputs,
    bias_summed_over_outputs__kept,
    bias_gradient_is_one_number,
    bias_gradient_has_two_axes,
    accumulates,
    accumulates__weights,
    accumulates__bias,
    accumulates__until_forward,
    accumulates__and__mean_over_batch,
    shared_between_layers,
    keeps_first_forward,
    bias_forgotten,
)
