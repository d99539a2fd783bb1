"""Known wrong answers to `gradient_step(w, b, x, y, rate)`.

A function's name with dashes, up to two underscores, is the misconception's id; the docstring is
the hint.
"""

# ruff: noqa: ARG001 - hints speak to the student, answers take all arguments

import numpy as np


def _errors(w, b, x, y):
    return x @ w + b - y


def _mean_square(errors):
    return np.mean(errors**2)


def _step(w, b, x, y, rate, *, of_w=1.0, of_b=1.0, of_loss=1.0):
    """Take the right step, with each gradient and the loss times a factor."""
    errors = _errors(w, b, x, y)
    return {
        "w": w - of_w * rate * 2 * (errors @ x) / len(y),
        "b": b - of_b * rate * 2 * np.mean(errors),
        "loss": of_loss * _mean_square(errors),
    }


# ---- Which way


def ascends(w, b, x, y, rate):
    """Compute the loss with the numbers that you return: is it larger or smaller than before?

    Your step goes uphill: the loss gets larger.

    A gradient points to where the loss grows, so it is subtracted. If your error is the other way
    round, `y - prediction`, the gradient has a minus in front, for w and for b.
    """
    return _step(w, b, x, y, rate, of_w=-1, of_b=-1)


def ascends__w_only(w, b, x, y, rate):
    return _step(w, b, x, y, rate, of_w=-1)


def ascends__b_only(w, b, x, y, rate):
    return _step(w, b, x, y, rate, of_b=-1)


def ascends__and__sum_instead_of_mean(w, b, x, y, rate):
    return _step(w, b, x, y, rate, of_w=-len(y), of_b=-len(y))


def ascends__and__factor_two_missing(w, b, x, y, rate):
    return _step(w, b, x, y, rate, of_w=-0.5, of_b=-0.5)


def ascends__and__factor_two_missing__loss_halved(w, b, x, y, rate):
    return _step(w, b, x, y, rate, of_w=-0.5, of_b=-0.5, of_loss=0.5)


def ascends__and__sum_instead_of_mean__and__factor_two_missing(
    w, b, x, y, rate
):
    return _step(w, b, x, y, rate, of_w=-len(y) / 2, of_b=-len(y) / 2)


def ascends__and__loss_after_step(w, b, x, y, rate):
    result = ascends(w, b, x, y, rate)
    return result | {
        "loss": _mean_square(_errors(result["w"], result["b"], x, y))
    }


# ---- Sum and mean


def sum_instead_of_mean(w, b, x, y, rate):
    """What becomes of your gradients and of your loss if every example is there twice?

    You add up over the examples where the mean is asked for, in a gradient or in the loss.

    The loss is a mean, so all of it is divided by n, the number of examples, and so are its
    derivatives. Otherwise the step gets larger with each example.
    """
    return _step(w, b, x, y, rate, of_w=len(y), of_b=len(y))


def sum_instead_of_mean__and_loss(w, b, x, y, rate):
    return _step(w, b, x, y, rate, of_w=len(y), of_b=len(y), of_loss=len(y))


def sum_instead_of_mean__loss_only(w, b, x, y, rate):
    return _step(w, b, x, y, rate, of_loss=len(y))


def sum_instead_of_mean__w_only(w, b, x, y, rate):
    return _step(w, b, x, y, rate, of_w=len(y))


def sum_instead_of_mean__b_only(w, b, x, y, rate):
    return _step(w, b, x, y, rate, of_b=len(y))


def sum_instead_of_mean__w_and_loss(w, b, x, y, rate):
    return _step(w, b, x, y, rate, of_w=len(y), of_loss=len(y))


def sum_instead_of_mean__and__factor_two_missing(w, b, x, y, rate):
    return _step(w, b, x, y, rate, of_w=len(y) / 2, of_b=len(y) / 2)


def sum_instead_of_mean__and__factor_two_missing__and_loss(w, b, x, y, rate):
    return _step(
        w, b, x, y, rate, of_w=len(y) / 2, of_b=len(y) / 2, of_loss=len(y)
    )


def sum_instead_of_mean__and__factor_two_missing__half_of_all(w, b, x, y, rate):
    return _step(
        w, b, x, y, rate, of_w=len(y) / 2, of_b=len(y) / 2, of_loss=len(y) / 2
    )


def sum_instead_of_mean__and__factor_two_missing__loss_halved(w, b, x, y, rate):
    return _step(
        w, b, x, y, rate, of_w=len(y) / 2, of_b=len(y) / 2, of_loss=0.5
    )


def divided_by_features(w, b, x, y, rate):
    """What do you divide by: how many of what are there?

    You divide by the number of features, or by that of all numbers in x. The mean is over the n
    examples: `len(y)`.
    """
    return _step(w, b, x, y, rate, of_w=1 / len(w))


def divided_by_features__instead_of_examples(w, b, x, y, rate):
    factor = len(y) / len(w)
    return _step(w, b, x, y, rate, of_w=factor, of_b=factor)


def divided_by_features__loss_too(w, b, x, y, rate):
    factor = len(y) / len(w)
    return _step(w, b, x, y, rate, of_w=factor, of_b=factor, of_loss=factor)


def one_gradient_for_all_weights(w, b, x, y, rate):
    """How many numbers has your gradient of w, and are they different from each other?

    All weights move by the same amount. Each has a gradient of its own: the sum over the examples
    of error times its own feature.
    """
    errors = _errors(w, b, x, y)
    gradient = 2 * np.mean(errors[:, None] * x)
    return _step(w, b, x, y, rate) | {"w": w - rate * gradient}


def one_gradient_for_all_weights__summed(w, b, x, y, rate):
    errors = _errors(w, b, x, y)
    gradient = 2 * np.sum(errors[:, None] * x) / len(y)
    return _step(w, b, x, y, rate) | {"w": w - rate * gradient}


# ---- The factor 2


def factor_two_missing(w, b, x, y, rate):
    """What is the derivative of error squared, and what stands in your gradient?

    A factor of 2 is missing, or you halve the loss.

    The derivative of error^2 is 2 * error. Books that write the loss with a 1/2 in front lose that
    2; here the loss is the mean squared error as it stands.
    """
    return _step(w, b, x, y, rate, of_w=0.5, of_b=0.5)


def factor_two_missing__loss_halved(w, b, x, y, rate):
    return _step(w, b, x, y, rate, of_w=0.5, of_b=0.5, of_loss=0.5)


def factor_two_missing__w_only(w, b, x, y, rate):
    return _step(w, b, x, y, rate, of_w=0.5)


def factor_two_missing__b_only(w, b, x, y, rate):
    return _step(w, b, x, y, rate, of_b=0.5)


def factor_two_missing__loss_only(w, b, x, y, rate):
    return _step(w, b, x, y, rate, of_loss=0.5)


def factor_two_missing__and__loss_after_step(w, b, x, y, rate):
    result = factor_two_missing(w, b, x, y, rate)
    return result | {
        "loss": _mean_square(_errors(result["w"], result["b"], x, y))
    }


def factor_two_missing__and__bias_forgotten(w, b, x, y, rate):
    return _step(w, b, x, y, rate, of_w=0.5, of_b=0)


# ---- The bias


def bias_forgotten(w, b, x, y, rate):
    """Where is b in your code: in the prediction, and in what you return?

    You leave out b: it is missing in the prediction, x @ w + b, or it does not move.

    b is a number of the model like the weights. It takes part in every prediction, it has a
    gradient of its own, and it is moved by the same rule.
    """
    return _step(w, b, x, y, rate, of_b=0)


def bias_forgotten__in_the_prediction(w, b, x, y, rate):
    result = _step(w, 0.0, x, y, rate)
    return result | {"b": b + result["b"]}


def bias_forgotten__everywhere(w, b, x, y, rate):
    return _step(w, 0.0, x, y, rate) | {"b": b}


def bias_forgotten__in_the_loss(w, b, x, y, rate):
    return _step(w, b, x, y, rate) | {"loss": _mean_square(x @ w - y)}


def bias_forgotten__in_the_gradients(w, b, x, y, rate):
    return bias_forgotten__in_the_prediction(w, b, x, y, rate) | {
        "loss": _mean_square(_errors(w, b, x, y))
    }


def bias_forgotten__in_the_gradient_of_w(w, b, x, y, rate):
    return _step(w, b, x, y, rate) | {"w": _step(w, 0.0, x, y, rate)["w"]}


def bias_forgotten__not_returned(w, b, x, y, rate):
    result = _step(w, b, x, y, rate)
    return {"w": result["w"], "loss": result["loss"]}


def bias_forgotten__everywhere_and_not_returned(w, b, x, y, rate):
    result = _step(w, 0.0, x, y, rate)
    return {"w": result["w"], "loss": result["loss"]}


def bias_forgotten__zero(w, b, x, y, rate):
    return _step(w, 0.0, x, y, rate) | {"b": 0.0}


def bias_forgotten__old_value_lost(w, b, x, y, rate):
    result = _step(w, b, x, y, rate)
    return result | {"b": result["b"] - b}


def bias_forgotten__and__sum_instead_of_mean(w, b, x, y, rate):
    return _step(w, b, x, y, rate, of_w=len(y), of_b=0)


def bias_forgotten__and__loss_after_step(w, b, x, y, rate):
    result = bias_forgotten(w, b, x, y, rate)
    return result | {"loss": _mean_square(_errors(result["w"], b, x, y))}


def bias_not_summed(w, b, x, y, rate):
    """What is the shape of your new b?

    Your new b is an array. b is one number, and so is its gradient: the sum over all examples,
    divided by n.
    """
    errors = _errors(w, b, x, y)
    return _step(w, b, x, y, rate) | {"b": b - rate * 2 * errors / len(y)}


def bias_not_summed__nor_divided(w, b, x, y, rate):
    errors = _errors(w, b, x, y)
    return _step(w, b, x, y, rate) | {"b": b - rate * 2 * errors}


def bias_not_summed__one_value(w, b, x, y, rate):
    result = _step(w, b, x, y, rate)
    return result | {"b": np.array([result["b"]])}


# ---- When


def loss_after_step(w, b, x, y, rate):
    """Which w and b does your loss belong to: those before the step, or those after it?

    Your loss is computed with a new w or a new b, after the step. Asked for is the loss before it.

    Compute it with the w and the b that your function was given, before you give those names to
    anything else.
    """
    result = _step(w, b, x, y, rate)
    return result | {
        "loss": _mean_square(_errors(result["w"], result["b"], x, y))
    }


def loss_after_step__of_w(w, b, x, y, rate):
    result = _step(w, b, x, y, rate)
    return result | {"loss": _mean_square(_errors(result["w"], b, x, y))}


def loss_after_step__of_b(w, b, x, y, rate):
    result = _step(w, b, x, y, rate)
    return result | {"loss": _mean_square(_errors(w, result["b"], x, y))}


def loss_after_step__and__updated_in_turn(w, b, x, y, rate):
    result = updated_in_turn(w, b, x, y, rate)
    return result | {
        "loss": _mean_square(_errors(result["w"], result["b"], x, y))
    }


def loss_after_step__and__sum_instead_of_mean(w, b, x, y, rate):
    result = sum_instead_of_mean(w, b, x, y, rate)
    return result | {
        "loss": _mean_square(_errors(result["w"], result["b"], x, y))
    }


def loss_after_step__and__sum_instead_of_mean__loss_only(w, b, x, y, rate):
    result = _step(w, b, x, y, rate)
    return result | {
        "loss": np.sum(_errors(result["w"], result["b"], x, y) ** 2)
    }


def updated_in_turn(w, b, x, y, rate):
    """When you compute the second gradient, which values do w and b have by then?

    You move one of the two, w or b, and compute the gradient of the other with its new value.

    Both gradients belong to the old numbers: compute the errors once, then both gradients, then
    move both.
    """
    result = _step(w, b, x, y, rate)
    return result | {"b": _step(result["w"], b, x, y, rate)["b"]}


def updated_in_turn__b_first(w, b, x, y, rate):
    result = _step(w, b, x, y, rate)
    return result | {"w": _step(w, result["b"], x, y, rate)["w"]}


# ---- The rest


def rate_forgotten(w, b, x, y, rate):
    """Where in your code is the learning rate, for w and for b?

    The learning rate is missing: a gradient is subtracted whole, for w, for b or for both.
    """
    return _step(w, b, x, y, rate, of_w=1 / rate, of_b=1 / rate)


def rate_forgotten__w_only(w, b, x, y, rate):
    return _step(w, b, x, y, rate, of_w=1 / rate)


def rate_forgotten__b_only(w, b, x, y, rate):
    return _step(w, b, x, y, rate, of_b=1 / rate)


def gradients_returned(w, b, x, y, rate):
    """What stands under "w" and "b" in your dict: the new numbers, or how far they move?

    You return the gradients, or how far w and b move. Asked for are the new w and the new b.
    """
    result = _step(w, b, x, y, 1.0)
    return {"w": w - result["w"], "b": b - result["b"], "loss": result["loss"]}


def gradients_returned__steps(w, b, x, y, rate):
    result = _step(w, b, x, y, rate)
    return {"w": w - result["w"], "b": b - result["b"], "loss": result["loss"]}


def another_loss(w, b, x, y, rate):
    """Write down the steps from the errors to your loss: which are they?

    Your loss is another one. It is the mean of the squared errors: no root, no absolute values, and
    one number for all examples.
    """
    errors = _errors(w, b, x, y)
    return _step(w, b, x, y, rate) | {"loss": np.sqrt(_mean_square(errors))}


def another_loss__absolute(w, b, x, y, rate):
    return _step(w, b, x, y, rate) | {
        "loss": np.mean(np.abs(_errors(w, b, x, y)))
    }


def another_loss__for_each_example(w, b, x, y, rate):
    return _step(w, b, x, y, rate) | {"loss": _errors(w, b, x, y) ** 2}


def another_loss__square_of_the_mean(w, b, x, y, rate):
    return _step(w, b, x, y, rate) | {"loss": np.mean(_errors(w, b, x, y)) ** 2}


def another_loss__mean_of_the_errors(w, b, x, y, rate):
    return _step(w, b, x, y, rate) | {"loss": np.mean(_errors(w, b, x, y))}


def not_transposed(w, b, x, y, rate):
    """What are the shapes on both sides of the `@` in your gradient of w, and which axis do they
    share?

    In your gradient of w, x meets the errors the wrong way round: the errors belong to its rows,
    one for each example.

    Each weight needs the sum over the examples, down its column of x.
    """
    errors = _errors(w, b, x, y)
    return _step(w, b, x, y, rate) | {"w": w - rate * 2 / len(y) * (x @ errors)}


def not_a_dict(w, b, x, y, rate):
    """What does `type(...)` say about the value after your `return`?

    Asked for is a dict with the keys "w", "b" and "loss"; a tuple or a list has no names.
    """
    return tuple(_step(w, b, x, y, rate).values())


ANSWERS = (
    ascends,
    ascends__w_only,
    ascends__b_only,
    ascends__and__sum_instead_of_mean,
    ascends__and__factor_two_missing,
    ascends__and__factor_two_missing__loss_halved,
    ascends__and__sum_instead_of_mean__and__factor_two_missing,
    ascends__and__loss_after_step,
    sum_instead_of_mean,
    sum_instead_of_mean__and_loss,
    sum_instead_of_mean__loss_only,
    sum_instead_of_mean__w_only,
    sum_instead_of_mean__b_only,
    sum_instead_of_mean__w_and_loss,
    sum_instead_of_mean__and__factor_two_missing,
    sum_instead_of_mean__and__factor_two_missing__and_loss,
    sum_instead_of_mean__and__factor_two_missing__half_of_all,
    sum_instead_of_mean__and__factor_two_missing__loss_halved,
    divided_by_features,
    divided_by_features__instead_of_examples,
    divided_by_features__loss_too,
    one_gradient_for_all_weights,
    one_gradient_for_all_weights__summed,
    factor_two_missing,
    factor_two_missing__loss_halved,
    factor_two_missing__w_only,
    factor_two_missing__b_only,
    factor_two_missing__loss_only,
    factor_two_missing__and__loss_after_step,
    factor_two_missing__and__bias_forgotten,
    bias_forgotten,
    bias_forgotten__in_the_prediction,
    bias_forgotten__everywhere,
    bias_forgotten__in_the_loss,
    bias_forgotten__in_the_gradients,
    bias_forgotten__in_the_gradient_of_w,
    bias_forgotten__not_returned,
    bias_forgotten__everywhere_and_not_returned,
    bias_forgotten__zero,
    bias_forgotten__old_value_lost,
    bias_forgotten__and__sum_instead_of_mean,
    bias_forgotten__and__loss_after_step,
    bias_not_summed,
    bias_not_summed__nor_divided,
    bias_not_summed__one_value,
    loss_after_step,
    loss_after_step__of_w,
    loss_after_step__of_b,
    loss_after_step__and__updated_in_turn,
    loss_after_step__and__sum_instead_of_mean,
    loss_after_step__and__sum_instead_of_mean__loss_only,
    updated_in_turn,
    updated_in_turn__b_first,
    rate_forgotten,
    rate_forgotten__w_only,
    rate_forgotten__b_only,
    gradients_returned,
    gradients_returned__steps,
    another_loss,
    another_loss__absolute,
    another_loss__for_each_example,
    another_loss__square_of_the_mean,
    another_loss__mean_of_the_errors,
    not_transposed,
    not_a_dict,
)

# ---- WHOLE: function -> the evidence that proves it


def modifies_input(w, b, x, y, rate):
    """Which line of yours writes into an argument?

    What you write into w, the caller sees, who still needs the old numbers.

    `w -= step` writes into the array that came in; `w = w - step` makes a new one, and so does
    `w.copy()`.
    """
    errors = x @ w + b - y
    loss = np.mean(errors**2)
    w -= rate * 2 * (errors @ x) / len(y)
    return {"w": w, "b": b - rate * 2 * np.mean(errors), "loss": loss}


def returns_none(w, b, x, y, rate):
    """Which line of yours hands the result back to the caller?

    Nothing is handed back: the function ends without a `return` of the dict. print only shows
    something.
    """
    errors = x @ w + b - y
    w = w - rate * 2 * (errors @ x) / len(y)
    b = b - rate * 2 * np.mean(errors)


WHOLE = {
    modifies_input: "changed an argument",
    returns_none: "returned None",
}
