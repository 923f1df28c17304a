#!/usr/bin/env python3
"""Writes Golden/ops/losses.json: the second-order cross-entropy and the squared hinge, by JAX and its own autodiff in float64.

Usage: python3 Golden/oracle/losses.py   (needs requirements.txt)
"""
import jax
import jax.numpy as jnp
import numpy as np

import common

jax.config.update("jax_enable_x64", True)
golden = common.Cases(20261125)
draw = golden.draw


def second_order(mean, variance, labels):
    """Half the trace of (Hessian of the cross-entropy by the outputs) · diag(variance), by JAX's own Hessian."""
    def cross_entropy(x, label):
        return -jax.nn.log_softmax(x)[label]

    def of_sample(m, v, label):
        return cross_entropy(m, label) + 0.5 * jnp.sum(jnp.diagonal(jax.hessian(cross_entropy)(m, label)) * v)

    return jnp.mean(jnp.stack([of_sample(m, v, label) for m, v, label in zip(mean, variance, labels)]))


def squared_hinge(x, labels):
    signs = 2 * jax.nn.one_hot(jnp.array(labels), x.shape[1]) - 1
    return jnp.mean(jnp.sum(jnp.maximum(0, 1 - signs * x) ** 2, axis=1))


def add(name, layer, loss, labels, **inputs):
    """A case with the loss and its gradients with respect to all inputs."""
    arrays = {k: jnp.asarray(v) for k, v in inputs.items()}
    value, gradients = jax.value_and_grad(lambda arrays: loss(*arrays.values(), labels))(arrays)
    golden.add(name, layer, inputs, {"loss": [value]}, labels=labels, cotangents={"loss": [1.0]}, gradients=gradients)


if __name__ == "__main__":
    for size, labels in (((3, 4), [2, 0, 3]), ((1, 1), [0]), ((5, 7), [6, 0, 3, 3, 1]), ((1, 10), [9])):
        name = f"{size[0]}x{size[1]}"
        add(f"second-order-{name}", "secondOrderCrossEntropy", second_order, labels,
            mean=draw(*size), variance=draw(*size, low=0))
        add(f"squared-hinge-{name}", "squaredHinge", squared_hinge, labels, outputs=draw(*size))
    add("second-order-certain", "secondOrderCrossEntropy", second_order, [1, 2],
        mean=draw(2, 3), variance=np.zeros((2, 3)))
    add("second-order-large", "secondOrderCrossEntropy", second_order, [1, 2],
        mean=draw(2, 3) * 256, variance=draw(2, 3, low=0))
    # At the hinge itself, at 1 and -1, the gradient is 0.
    add("squared-hinge-edges", "squaredHinge", squared_hinge, [0, 1],
        outputs=np.array([[1.0, -1.0, 0.0], [-3.0, 2.0, 1.0]]))
    common.write(
        "ops/losses.json", "losses.py", "losses of outputs and of Gaussian outputs",
        "Roth et al. 2019, doi:10.1007/978-3-030-46147-8_23",
        {"jax": jax.__version__, "numpy": np.__version__}, golden.cases)
