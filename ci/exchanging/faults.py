"""Planted faults, each of which the checks must notice."""

import json
import sys

import numpy as np
import onnx
from safetensors.numpy import save_file

from evaluating import Difference, check_arrays, check_onnx, check_parameters, check_qonnx, read_arrays
from exports import check


def fails(what, verify):
    """Runs the check of a file that is already broken: a fault that cannot be planted must not pass for one that was noticed."""
    try:
        verify()
    except Difference:
        return
    except Exception as error:  # Readers have errors of their own.
        print(f"ci/exchange: self-test: {what}: {type(error).__name__}", flush=True)
        return
    sys.exit(f"ci/exchange: self-test: {what}: expected a difference, found none")


def self_test():
    """Files with one planted fault each must be noticed."""
    folder, paths, pixels, scores, hidden, model = check(
        "self-test", "digits", "6C3-P2-5C3-S2-16-10", ["--weights", "ternary"])

    def broken(change, path="onnx", verify=check_onnx, arguments=(13,)):
        file = onnx.load(paths[path])
        change(file)
        onnx.save(file, folder / "broken.onnx")
        return lambda: verify("broken", folder / "broken.onnx", pixels, scores, hidden, *arguments)

    def constant(file, name):
        return next(each for each in file.graph.initializer if each.name == name)

    def edit(name, change):
        def action(file):
            tensor = constant(file, name)
            values = onnx.numpy_helper.to_array(tensor).copy()
            change(values)
            tensor.CopyFrom(onnx.numpy_helper.from_array(values, name))
        return action

    def node(file, kind):
        return next(each for each in file.graph.node if each.op_type == kind)

    def one_more(values):
        values += 1

    def turned(values):
        values[:] = 2 - values

    def swapped(values):
        values[:] = values[:, ::-1].copy() if values.ndim > 1 else values[::-1].copy()

    fails("a zero point", broken(edit("zero-point-8", one_more)))
    fails("thresholds", broken(edit("layer2.thresholds", lambda values: values.__iadd__(2))))
    fails("what a flip gives", broken(edit("layer1.above", turned)))
    fails("inputs in another order", broken(edit("layer1.weights", lambda values: values.__setitem__(slice(None), values[..., ::-1].copy()))))
    fails("outputs in another order", broken(edit("layer3.weights", swapped)))
    fails("the last factor", broken(edit("layer4.factor", lambda values: np.multiply(values, 1.0000002, out=values))))
    fails("a bias", broken(edit("layer4.shift", swapped)))
    fails("the comparison", broken(lambda file: setattr(node(file, "GreaterOrEqual"), "op_type", "Greater")))
    fails("the padding", broken(lambda file: node(file, "ConvInteger").attribute[0].ints.__setitem__(slice(0, 4), [0, 0, 2, 2])))
    fails("a missing output", broken(lambda file: file.graph.output.pop()))
    fails("a quantizer", broken(lambda file: setattr(node(file, "Where"), "op_type", "Sign")))
    fails("an operator of another domain", broken(lambda file: setattr(node(file, "Where"), "domain", "own")))
    fails("2-bit weights", broken(lambda file: setattr(constant(file, "layer2.packed"), "raw_data", constant(file, "layer2.packed").raw_data[::-1]),
                                  "compact", check_onnx, (25,)))
    fails("QONNX's thresholds", broken(edit("layer2.thresholds", lambda values: values.__iadd__(2)), "qonnx", check_qonnx, ()))
    fails("QONNX's directions", broken(edit("layer1.directions", lambda values: np.abs(values, out=values)), "qonnx", check_qonnx, ()))

    def arrays(change):
        found, metadata = read_arrays(paths["safetensors"])
        change(found)
        save_file({name: np.ascontiguousarray(values) for name, values in found.items()}, folder / "broken.safetensors", metadata)
        np.savez(folder / "broken.npz", metadata=np.array(json.dumps(metadata)), **found)
        files = folder / "broken.safetensors", folder / "broken.npz"
        return lambda: check_arrays("broken", files, "6C3-P2-5C3-S2-16-10", pixels, scores, hidden)

    arrays(lambda found: None)()
    fails("one weight", arrays(lambda found: found["layer3.weight"].__setitem__((0, 0), found["layer3.weight"][0, 0] % 2 + 5)))
    fails("a flip", arrays(lambda found: found["layer1.flip"].__setitem__(0, 1 - found["layer1.flip"][0])))
    fails("OIHW as OIWH", arrays(lambda found: found.__setitem__("layer1.weight", found["layer1.weight"].swapaxes(2, 3))))
    changed, metadata = read_arrays(paths["npz"])
    changed["layer1.gamma"] = changed["layer1.gamma"] * 2
    fails("a parameter", lambda: check_parameters("broken", changed, model))
    print("ci/exchange: self-test: every planted fault is noticed", flush=True)
