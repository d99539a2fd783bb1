"""Odd functions that students hand in, or could: the name of each, and its source."""

import textwrap
from typing import Final

_HEAD: Final = """
import functools
import numpy as np

def right(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, kernel)
"""

_BODIES: Final = {
    # ------------------------------------------------ whose function it is
    "right": """
        convolve = right
    """,
    "vectorize": """
        @np.vectorize
        def convolve(image, kernel):
            return image * kernel
    """,
    "vectorize_of_a_library": """
        convolve = np.vectorize(np.convolve)
    """,
    "frompyfunc": """
        convolve = np.frompyfunc(lambda a, b: a * b, 2, 1)
    """,
    "partial": """
        def general(stride, image, kernel):
            return right(image, kernel)
        convolve = functools.partial(general, 1)
    """,
    "partial_of_a_library": """
        convolve = functools.partial(np.einsum, "ij,ij->ij")
    """,
    "callable_object": """
        class Convolution:
            def __call__(self, image, kernel):
                return right(image, kernel)
        convolve = Convolution()
    """,
    "object_that_cannot_be_called": """
        class Convolution:
            pass
        convolve = Convolution()
    """,
    "object_that_answers_no_question": """
        class Shy:
            def __getattribute__(self, name):
                raise SystemExit(name)
            def __call__(self, image, kernel):
                return right(image, kernel)
        convolve = Shy()
    """,
    "class": """
        class convolve:
            def __init__(self, image, kernel):
                self.result = right(image, kernel)
    """,
    "class_with_a_metaclass_that_lies": """
        class Meta(type):
            __name__ = property(lambda self: 1 / 0)
            __module__ = property(lambda self: 1 / 0)
        class convolve(metaclass=Meta):
            pass
    """,
    "builtin": """
        convolve = max
    """,
    "builtin_method": """
        convolve = [].append
    """,
    "function_of_numpy": """
        convolve = np.convolve
    """,
    "ufunc_of_numpy": """
        convolve = np.multiply
    """,
    "builtin_of_a_library": """
        from math import hypot as convolve
    """,
    "function_of_textwrap": """
        from textwrap import indent as convolve
    """,
    "number": """
        convolve = 42
    """,
    "none": """
        convolve = None
    """,
    "lambda": """
        convolve = lambda image, kernel: right(image, kernel)
    """,
    "bound_method": """
        class Convolution:
            def apply(self, image, kernel):
                return right(image, kernel)
        convolve = Convolution().apply
    """,
    "unbound_method": """
        class Convolution:
            def convolve(self, image, kernel):
                return right(image, kernel)
        convolve = Convolution.convolve
    """,
    "static_method": """
        class Convolution:
            @staticmethod
            def apply(image, kernel):
                return right(image, kernel)
        convolve = Convolution.apply
    """,
    "nested_function": """
        def make(size):
            def convolve(image, kernel):
                return right(image, kernel)
            return convolve
        convolve = make(3)
    """,
    "executed_text": """
        exec("def convolve(image, kernel): return image[1:-1, 1:-1] * 0")
    """,
    "decorated": """
        def loud(function):
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                return function(*args, **kwargs)
            return wrapper
        @loud
        def convolve(image, kernel):
            return right(image, kernel)
    """,
    "cached": """
        @functools.lru_cache
        def convolve(image, kernel):
            return right(image, kernel)
    """,
    "decorator_that_returns_nothing": """
        def count(function):
            function.calls = 0
        @count
        def convolve(image, kernel):
            return right(image, kernel)
    """,
    "too_few_parameters": """
        def convolve(image):
            return image
    """,
    "too_many_parameters": """
        def convolve(image, kernel, padding, stride):
            return image
    """,
    "parameters_by_name_only": """
        def convolve(*, image, kernel):
            return right(image, kernel)
    """,
    "parameters_in_a_row": """
        def convolve(*both):
            return right(*both)
    """,
    "signature_that_lies": """
        def convolve(image, kernel):
            return right(image, kernel)
        convolve.__signature__ = "no signature"
        convolve.__wrapped__ = convolve
    """,
    "wrapped_in_itself": """
        def convolve(image, kernel):
            return right(image, kernel)
        convolve.__wrapped__ = convolve
    """,
    # ------------------------------------------------ what it returns
    "nothing": """
        def convolve(image, kernel):
            pass
    """,
    "generator_function": """
        def convolve(image, kernel):
            yield from right(image, kernel)
    """,
    "coroutine": """
        async def convolve(image, kernel):
            return right(image, kernel)
    """,
    "itself": """
        def convolve(image, kernel):
            return convolve
    """,
    "list_of_lists": """
        def convolve(image, kernel):
            return right(image, kernel).tolist()
    """,
    "tuple_of_arrays": """
        def convolve(image, kernel):
            return tuple(right(image, kernel))
    """,
    "ragged_list": """
        def convolve(image, kernel):
            return [[1.0], [2.0, 3.0]]
    """,
    "list_subclass": """
        class Rows(list):
            pass
        def convolve(image, kernel):
            return Rows(right(image, kernel).tolist())
    """,
    "float32_array": """
        def convolve(image, kernel):
            return right(image, kernel).astype(np.float32)
    """,
    "float32_scalar": """
        def convolve(image, kernel):
            return np.float32(right(image, kernel).sum())
    """,
    "longdouble_array": """
        def convolve(image, kernel):
            return right(image, kernel).astype(np.longdouble)
    """,
    "big_endian_array": """
        def convolve(image, kernel):
            return right(image, kernel).astype(">f4")
    """,
    "complex_array": """
        def convolve(image, kernel):
            return right(image, kernel) + 0j
    """,
    "complex_number": """
        def convolve(image, kernel):
            return 1j
    """,
    "boolean": """
        def convolve(image, kernel):
            return np.bool_(True)
    """,
    "zero_dimensions": """
        def convolve(image, kernel):
            return np.array(right(image, kernel).sum())
    """,
    "float_subclass_that_raises": """
        class Odd(float):
            def __float__(self):
                raise SystemExit
        def convolve(image, kernel):
            return Odd(1)
    """,
    "string": """
        def convolve(image, kernel):
            return "the feature map"
    """,
    "array_of_text": """
        def convolve(image, kernel):
            return right(image, kernel).astype(str)
    """,
    "array_of_dates": """
        def convolve(image, kernel):
            return right(image, kernel).astype("datetime64[s]")
    """,
    "array_of_objects": """
        def convolve(image, kernel):
            return right(image, kernel).astype(object)
    """,
    "structured_array": """
        def convolve(image, kernel):
            return np.zeros(right(image, kernel).shape, [("value", float)])
    """,
    "matrix": """
        def convolve(image, kernel):
            return right(image, kernel).view(np.matrix)
    """,
    "masked_array": """
        def convolve(image, kernel):
            return np.ma.masked_array(right(image, kernel), mask=True)
    """,
    "memoryview": """
        def convolve(image, kernel):
            return memoryview(right(image, kernel))
    """,
    "duck_array": """
        class Duck:
            __class__ = np.ndarray
            def __array__(self, dtype=None, copy=None):
                return np.ones((2, 2))
        def convolve(image, kernel):
            return Duck()
    """,
    "array_that_is_too_large": """
        def convolve(image, kernel):
            return np.broadcast_to(1.0, (2000, 2000))
    """,
    "array_of_33_dimensions": """
        def convolve(image, kernel):
            return np.ones((1,) * 32)[None]
    """,
    "type_with_a_name_that_raises": """
        class Meta(type):
            __name__ = property(lambda self: 1 / 0)
        class Result(metaclass=Meta):
            pass
        def convolve(image, kernel):
            return Result()
    """,
    "view_of_the_image": """
        def convolve(image, kernel):
            return image[1:-1, 1:-1]
    """,
    # ------------------------------------------------ what it does
    "changes_an_argument": """
        def convolve(image, kernel):
            result = right(image, kernel)
            image[0, 0] = 99
            return result
    """,
    "changes_both_arguments": """
        def convolve(image, kernel):
            result = right(image, kernel)
            image[:] = kernel[:] = 0
            return result
    """,
    "changes_the_shape_of_an_argument": """
        def convolve(image, kernel):
            result = right(image, kernel)
            image.shape = (1, -1)
            return result
    """,
    "changes_the_type_of_an_argument": """
        def convolve(image, kernel):
            result = right(image, kernel)
            image.dtype = "S8"
            return result
    """,
    "prints": """
        def convolve(image, kernel):
            print("image", image, "\\x1b[31m", flush=True)
            return right(image, kernel)
    """,
    "warns": """
        def convolve(image, kernel):
            return right(image, kernel) / 0
    """,
    "closes_standard_output": """
        import sys
        def convolve(image, kernel):
            sys.stdout.close()
            return right(image, kernel)
    """,
    "sys_exit": """
        import sys
        def convolve(image, kernel):
            sys.exit("done")
    """,
    "exit": """
        def convolve(image, kernel):
            exit()
    """,
    "quit_with_a_status": """
        def convolve(image, kernel):
            quit(3)
    """,
    "raises_keyboard_interrupt": """
        def convolve(image, kernel):
            raise KeyboardInterrupt("pressed nothing")
    """,
    "raises_memory_error": """
        def convolve(image, kernel):
            raise MemoryError
    """,
    "raises_generator_exit": """
        def convolve(image, kernel):
            raise GeneratorExit
    """,
    "deep_recursion": """
        def convolve(image, kernel):
            return convolve(image, kernel)
    """,
    "asks": """
        def convolve(image, kernel):
            return int(image) + kernel
    """,
    "unknown_name": """
        def convolve(image, kernel):
            return imgae
    """,
    "exception_with_an_address": """
        def convolve(image, kernel):
            raise ValueError(f"no such thing: {object()}")
    """,
    "exception_with_colours": """
        def convolve(image, kernel):
            raise ValueError("\\x1b[31mred\\x1b[0m\\tand \\u202eturned\\nround" + "x" * 1000)
    """,
    "exception_with_lone_surrogates": """
        def convolve(image, kernel):
            raise ValueError("half \\ud800 a pair")
    """,
    "exception_whose_text_raises": """
        class Odd(Exception):
            def __str__(self):
                raise SystemExit
        def convolve(image, kernel):
            raise Odd
    """,
    "exception_whose_traceback_lies": """
        class Odd(Exception):
            __traceback__ = property(lambda self: 1 / 0)
        def convolve(image, kernel):
            raise Odd("odd")
    """,
    "exception_group": """
        def convolve(image, kernel):
            raise ExceptionGroup("several", [ValueError(1), TypeError(2)])
    """,
    "syntax_error": """
        def convolve(image, kernel):
            return eval("image +")
    """,
    "syntax_error_that_lies": """
        def convolve(image, kernel):
            error = SyntaxError("odd")
            error.filename, error.lineno = [], "line"
            raise error
    """,
    "assertion": """
        def convolve(image, kernel):
            assert image.shape == (1, 1), "only one pixel"
    """,
    "error_in_a_library": """
        def convolve(image, kernel):
            return np.zeros((2, 2)) @ np.zeros((3, 3))
    """,
}  # fmt: skip

ODD_FUNCTIONS: Final = {
    name: _HEAD.lstrip() + textwrap.dedent(body)
    for name, body in _BODIES.items()
}
