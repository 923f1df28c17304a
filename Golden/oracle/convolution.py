#!/usr/bin/env python3
"""Writes Golden/ops/convolution.json: two-dimensional convolutions, by JAX and its own autodiff in float64.

Stride 1, square odd kernels, zero padding. Weights are (C·k², O), rows (c, ky, kx). Inputs are multiples of 1/1024, so
that Float represents them exactly.
Usage: python3 Golden/oracle/convolution.py   (needs requirements.txt)
"""
import jax
import numpy as np

import common

jax.config.update("jax_enable_x64", True)
golden = common.Cases(20261124)


def convolution(n, c, height, width, kernel, padding, outputs):
    def function(value, weights):
        filters = weights.reshape(c, kernel, kernel, outputs).transpose(3, 0, 1, 2)
        y = jax.lax.conv_general_dilated(
            value, filters, window_strides=(1, 1), padding=[(padding, padding)] * 2,
            dimension_numbers=("NCHW", "OIHW", "NCHW"), precision=jax.lax.Precision.HIGHEST)
        return {"value": y}

    inputs = {"value": golden.draw(n, c, height, width), "weights": golden.draw(c * kernel**2, outputs)}
    golden.differentiate(
        f"convolution-{n}x{c}x{height}x{width}-k{kernel}-p{padding}-{outputs}", "convolution", function, inputs,
        settings={"kernel": kernel, "padding": padding})


if __name__ == "__main__":
    for shape in ((1, 1, 1, 1, 1, 0, 1), (1, 1, 1, 1, 3, 1, 1), (2, 3, 4, 5, 3, 1, 2), (2, 3, 4, 5, 3, 0, 4),
                  (3, 4, 3, 2, 1, 0, 5), (1, 2, 3, 7, 5, 2, 3), (3, 1, 5, 8, 5, 0, 2), (1, 2, 2, 3, 7, 3, 2),
                  (2, 1, 9, 7, 7, 0, 1)):
        convolution(*shape)
    common.write(
        "ops/convolution.json", "convolution.py", "two-dimensional convolutions and their gradients",
        "jax.lax.conv_general_dilated", {"jax": jax.__version__, "numpy": np.__version__}, golden.cases)
