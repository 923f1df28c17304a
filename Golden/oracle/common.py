"""What the oracles share: the format of their files, and the date of the files."""
import hashlib
import json
import math
import os
import pathlib
import struct

import numpy as np

# Golden/, unless ci/refresh-oracle sets another folder.
OUTPUT = pathlib.Path(os.environ.get("SIGNET_ORACLE_OUTPUT") or pathlib.Path(__file__).resolve().parent.parent)
# Set by hand, so that a second run gives the same bytes.
DATE = "2026-11-23"


def text(value):
    """JSON with sorted keys: one line per member of an object, one line for a list of numbers."""
    if isinstance(value, dict):
        members = (f"{json.dumps(key)}: {text(value[key])}" for key in sorted(value))
        return "{\n" + ",\n".join(members) + "\n}"
    if isinstance(value, list) and any(isinstance(element, (dict, list)) for element in value):
        return "[\n" + ",\n".join(map(text, value)) + "\n]"
    return json.dumps(value, allow_nan=False)


def write(name, generator, what, source, versions, cases, inputs=None):
    """Writes Golden/`name`: a header, and `cases`; the header has their number and the digest of their inputs.

    The digest is the SHA-256 of the bits of each case's inputs in the order of their names, or of `inputs`, one line each.
    """
    if inputs is None:
        inputs = [case["inputs"][key]["bits"] for case in cases for key in sorted(case["inputs"])]
    document = {
        "what": what, "generator": f"Golden/oracle/{generator}", "date": DATE, "source": source, "versions": versions,
        "count": len(cases), "inputsSHA256": digest(inputs), "cases": cases,
    }
    path = OUTPUT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(document) + "\n")
    print(name, len(cases), "cases")


def digest(lines):
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


class Cases:
    """Cases of layers: inputs that Float represents exactly (multiples of 1/1024), outputs, and gradients for random cotangents."""

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

        `extra` gives further outputs, without cotangents.
        """
        import jax
        import jax.numpy as jnp

        outputs, pullback = jax.vjp(lambda arguments: function(**arguments), {k: jnp.asarray(v) for k, v in inputs.items()})
        cotangents = {k: self.draw(*v.shape) for k, v in outputs.items()}
        (gradients,) = pullback({k: jnp.asarray(v) for k, v in cotangents.items()})
        self.add(name, layer, inputs, outputs | (extra or {}), gradients=gradients, cotangents=cotangents, **rest)
        return outputs

    def relaxed_sample(self, name, layer, mean, temperature, scalar, hard=False):
        """The relaxed sample of ±1 Bernoullis with these means, or its sign, and the relaxed sample's gradient.

        Computed at 60 digits with mpmath's numerical derivative: JAX's gradient of tanh, 1 − x², loses its digits near |x| = 1.
        """
        import mpmath

        def sample(m, logistic):
            delta = mpmath.mpf("1e-6")
            return mpmath.tanh((mpmath.log(1 + m + delta) - mpmath.log(1 - m + delta) + logistic) / (2 * temperature))

        logistic = noise("logistic", "reparameterization", mean.shape, scalar)
        points = list(zip(mean.ravel().tolist(), logistic.ravel().tolist()))
        cotangent = self.draw(*mean.shape)
        with mpmath.workdps(60):
            x = [float(sample(mpmath.mpf(m), l)) for m, l in points]
            slopes = [mpmath.diff(lambda m: sample(m, l), m) for m, l in points]
            gradient = [float(d * slope) for d, slope in zip(cotangent.ravel().tolist(), slopes)]
        value = np.reshape(np.where(np.array(x) >= 0, 1.0, -1.0) if hard else x, mean.shape)
        self.add(name, layer, {"mean": mean}, {"value": value}, gradients={"mean": np.reshape(gradient, mean.shape)},
                 cotangents={"value": cotangent}, settings={"temperature": temperature}, scalar=scalar)


def tensor(array):
    """Numbers as decimals and as the bits of their float64, 16 hexadecimal digits each, the most significant first."""
    scalars = [float(x) for x in np.ravel(np.asarray(array, dtype=np.float64))]
    return {"shape": list(np.shape(array)), "scalars": scalars, "bits": " ".join(struct.pack(">d", x).hex() for x in scalars)}


def tensors(arrays):
    return {name: tensor(array) for name, array in arrays.items()}


# The pass whose random streams provide a layer's noise.
STREAM = {"seed": 7, "epoch": 3, "step": 11, "layer": 2}


def noise(kind, purpose, shape, scalar):
    """Signet's random numbers of that pass, from random_streams.py: `kind` is uniform, normal or logistic."""
    from random_streams import Stream

    stream = Stream(STREAM["seed"], purpose, STREAM["epoch"], STREAM["step"], STREAM["layer"])
    bits = {"Float": 32, "Double": 64}[scalar]
    return np.array([getattr(stream, kind)(i, bits) for i in range(math.prod(shape))]).reshape(shape)
