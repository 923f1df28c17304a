"""What the oracles share: how they write their files, and when they were made."""
import json
import math
import pathlib

import numpy as np

OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "ops"
# Written by hand, so that a second run gives the same bytes.
DATE = "2026-11-23"


def text(value):
    """JSON with sorted keys: an object's member a line, a list of numbers on one line."""
    if isinstance(value, dict):
        members = (f"{json.dumps(key)}: {text(value[key])}" for key in sorted(value))
        return "{\n" + ",\n".join(members) + "\n}"
    if isinstance(value, list) and any(isinstance(element, (dict, list)) for element in value):
        return "[\n" + ",\n".join(map(text, value)) + "\n]"
    return json.dumps(value, allow_nan=False)


def write(name, generator, what, source, versions, cases):
    """Writes Golden/ops/`name`: a head, and `cases`, whose number stands in the head."""
    document = {
        "what": what, "generator": f"Golden/oracle/{generator}", "date": DATE, "source": source, "versions": versions,
        "count": len(cases), "cases": cases,
    }
    (OUTPUT / name).write_text(text(document) + "\n")
    print(name, len(cases), "cases")


class Cases:
    """Cases of layers: inputs that Float holds exactly (multiples of 1/1024), outputs, and gradients for random cotangents."""

    def __init__(self, seed):
        self.generator = np.random.Generator(np.random.PCG64(seed))
        self.cases = []

    def draw(self, *shape, low=-2.0, high=2.0):
        return np.round(self.generator.uniform(low, high, shape) * 1024) / 1024

    def add(self, name, layer, inputs, outputs, *, gradients=None, cotangents=None, settings=None, scalar=None,
            labels=None, grid=None):
        entry = {"name": name, "layer": layer, "inputs": tensors(inputs), "outputs": tensors(outputs)}
        if cotangents is not None:
            entry |= {"cotangents": tensors(cotangents), "gradients": tensors(gradients)}
        optional = (("settings", settings), ("scalar", scalar), ("labels", labels), ("grid", grid))
        entry |= {k: v for k, v in optional if v is not None}
        self.cases.append(entry)

    def differentiate(self, name, layer, function, inputs, extra=None, **rest):
        """A case whose outputs are `function` of the named inputs, with gradients for random cotangents.

        `extra` gives outputs that have no cotangent.
        """
        import jax
        import jax.numpy as jnp

        outputs, pullback = jax.vjp(lambda arguments: function(**arguments), {k: jnp.asarray(v) for k, v in inputs.items()})
        cotangents = {k: self.draw(*v.shape) for k, v in outputs.items()}
        (gradients,) = pullback({k: jnp.asarray(v) for k, v in cotangents.items()})
        self.add(name, layer, inputs, outputs | (extra or {}), gradients=gradients, cotangents=cotangents, **rest)
        return outputs


def tensors(arrays):
    return {
        name: {"shape": list(np.shape(a)), "scalars": [float(x) for x in np.ravel(np.asarray(a, dtype=np.float64))]}
        for name, a in arrays.items()
    }


# The pass whose random streams give a layer's noise.
STREAM = {"seed": 7, "epoch": 3, "step": 11, "layer": 2}


def noise(kind, purpose, shape, scalar):
    """Signet's random numbers of that pass, by random_streams.py: `kind` is uniform, normal or logistic."""
    from random_streams import Stream

    stream = Stream(STREAM["seed"], purpose, STREAM["epoch"], STREAM["step"], STREAM["layer"])
    bits = {"Float": 32, "Double": 64}[scalar]
    return np.array([getattr(stream, kind)(i, bits) for i in range(math.prod(shape))]).reshape(shape)
