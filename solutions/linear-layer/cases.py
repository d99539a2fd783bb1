"""The hidden cases: what a layer returns, what it sets, and what it remembers.

All numbers are multiples of 1/4, so every sum of products is exact in float32 too. In each row
some layer has as many outputs as inputs, where a forgotten transposition gives numbers and no
exception, and in one as many examples as inputs, where the same goes for a forgotten x.T.
"""


def forward(student, rng):
    """Compare what forward returns."""
    for n, d, m in ((4, 3, 2), (2, 3, 3), (1, 5, 4), (6, 1, 1)):
        layer = _layer(student, rng, d, m)
        yield layer.forward(_numbers(rng, n, d))


def backward_returns(student, rng):
    """Compare what backward returns."""
    for n, d, m in ((4, 3, 2), (2, 3, 3), (4, 4, 3)):
        layer = _layer(student, rng, d, m)
        layer.forward(_numbers(rng, n, d))
        yield layer.backward(_numbers(rng, n, m))


def backward_sets(student, rng):
    """Compare weights_gradient and bias_gradient after backward."""
    for n, d, m in ((4, 3, 2), (2, 3, 3), (3, 1, 5)):
        layer = _layer(student, rng, d, m)
        layer.forward(_numbers(rng, n, d))
        layer.backward(_numbers(rng, n, m))
        yield layer.weights_gradient, layer.bias_gradient


def last_forward(student, rng):
    """Call forward twice before backward: the last one counts."""
    for before, n, d, m in ((4, 4, 3, 2), (5, 2, 3, 3)):
        layer = _layer(student, rng, d, m)
        first = layer.forward(_numbers(rng, before, d))
        second = layer.forward(_numbers(rng, n, d))
        returned = layer.backward(_numbers(rng, n, m))
        yield first, second, returned, layer.weights_gradient


def backward_twice(student, rng):
    """Call backward twice: the gradients are set anew each time."""
    layer = _layer(student, rng, 3, 2)
    layer.forward(_numbers(rng, 4, 3))
    layer.backward(_numbers(rng, 4, 2))
    layer.backward(_numbers(rng, 4, 2))
    yield layer.weights_gradient, layer.bias_gradient
    layer = _layer(student, rng, 3, 3)
    for n in (5, 2):
        layer.forward(_numbers(rng, n, 3))
        layer.backward(_numbers(rng, n, 3))
    yield layer.weights_gradient, layer.bias_gradient


def two_layers(student, rng):
    """Use two layers in turns: each remembers its own numbers."""
    for n, d, m in ((4, 3, 2), (2, 3, 3)):
        one = _layer(student, rng, d, m)
        other = _layer(student, rng, d, m)
        outputs = [layer.forward(_numbers(rng, n, d)) for layer in (one, other)]
        returned = [
            layer.backward(_numbers(rng, n, m)) for layer in (one, other)
        ]
        yield (
            *outputs,
            *returned,
            one.weights_gradient,
            other.weights_gradient,
        )


def _layer(student, rng, d, m):
    return student.Linear(_numbers(rng, d, m), _numbers(rng, m))


def _numbers(rng, *shape):
    """Draw multiples of 1/4 between 1/4 and 4, of both signs."""
    return rng.integers(1, 17, shape) * rng.choice((-0.25, 0.25), shape)
