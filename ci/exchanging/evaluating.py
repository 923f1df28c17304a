"""Evaluates files that signet export wrote by the programs that read them, and compares with signet predict."""

import hashlib
import json
import pathlib
import subprocess
import sys
import warnings

import numpy as np
import onnx
import onnxruntime
from onnx.reference import ReferenceEvaluator
from safetensors import safe_open
from safetensors.numpy import save_file

SIGNET, ROOT = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
IMAGES = 40


class Difference(Exception):
    """Two programs disagree, or a file is not as it should be."""


def signet(*arguments):
    done = subprocess.run([SIGNET, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"ci/exchange: signet {' '.join(map(str, arguments))}: {done.stderr.strip()}")
    return done.stdout


PARAMETERS = ["linear.weights", "linear.logits", "linear.bias", "normalization.scale", "normalization.shift", "normalization.runningMean",
              "normalization.runningInverseDeviation"]


def digest(tensors):
    """The digest of a network's parameters (Documentation/Files.md, section 5)."""
    def place(name):
        block, parameter = name.split(".", 1)
        return int(block.removeprefix("block")), PARAMETERS.index(parameter)

    sha256 = hashlib.sha256()
    for name in sorted(tensors, key=place):
        sha256.update(name.encode() + np.array(tensors[name].shape, "<i8").tobytes() + tensors[name].astype("<f4").tobytes())
    return sha256.hexdigest()


def train(folder, data, architecture, network, options):
    """Trains a network for one epoch, and then replaces its batch normalization by numbers of either sign."""
    real = [] if network == "straight-through" else ["--real-epochs", 1]
    signet("train", "--dataset", data, "--architecture", architecture, "--networks", network, *real, "--discrete-epochs", 1, "--quiet",
           "--out", folder, *options)
    path = folder / f"{network}.safetensors"
    random = np.random.default_rng(len(str(folder)))
    with safe_open(path, "np") as file:
        tensors, metadata = {name: file.get_tensor(name) for name in file.keys()}, file.metadata()
    for name, values in tensors.items():
        kind = name.split(".", 1)[1]
        if kind == "normalization.scale":
            values *= random.choice([-1, 1], values.shape).astype(np.float32)
            values[random.random(values.shape) < 0.1] = 0
        elif kind == "normalization.shift":
            values += random.normal(size=values.shape).astype(np.float32)
        elif kind == "linear.logits":
            values += random.normal(size=values.shape).astype(np.float32)
    result = json.loads(metadata["signet.result"]) | {"parametersSHA256": digest(tensors)}
    save_file(tensors, path, metadata | {"signet.result": json.dumps(result)})
    return path


def expected(folder, model, pixels):
    """The scores and hidden signs of signet predict."""
    np.save(folder / "images.npy", pixels)
    signet("predict", model, "--images", folder / "images.npy", "--format", "npy", "--output", folder / "scores.npy", "--hidden",
           folder / "hidden.npz", "--quiet")
    with np.load(folder / "hidden.npz") as hidden:
        return np.load(folder / "scores.npy"), {name: hidden[name] for name in hidden.files}


def same(where, found, wanted):
    """Compares shapes and bits."""
    if found.shape != wanted.shape:
        raise Difference(f"{where}: expected shape {wanted.shape}, found {found.shape}")
    if wanted.dtype == np.float32:
        found, wanted = found.view(np.uint32), wanted.view(np.uint32)
    wrong = np.argwhere(found != wanted)
    if len(wrong):
        at = tuple(wrong[0])
        raise Difference(f"{where}: expected {wanted[at]} at {tuple(map(int, at))}, found {found[at]} ({len(wrong)} of {wanted.size} differ)")


def compare(where, names, values, scores, hidden, zero=0):
    outputs = dict(zip(names, values))
    if set(outputs) != {"scores", *hidden}:
        raise Difference(f"{where}: expected the outputs {sorted(hidden)} and scores, found {sorted(outputs)}")
    for name, signs in hidden.items():
        same(f"{where}, {name}", outputs[name].astype(np.int32) - zero, signs.astype(np.int32))
    same(f"{where}, scores", outputs["scores"], scores)


def check_onnx(where, path, pixels, scores, hidden, version):
    """Evaluates a file by onnxruntime, with and without its optimizations, and a few images by the reference evaluator."""
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    if [(each.domain, each.version) for each in model.opset_import] != [("", version)] or any(node.domain for node in model.graph.node):
        raise Difference(f"{where}: expected standard operators of set {version} only")
    kinds = {node.op_type for node in model.graph.node}
    if kinds & {"Sign", "QuantizeLinear", "DequantizeLinear"}:
        raise Difference(f"{where}: expected neither signs nor quantizers, found {sorted(kinds)}")
    names = [output.name for output in model.graph.output]
    for level in onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL, onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL:
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = level
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        compare(f"{where}, onnxruntime", names, session.run(None, {"pixels": pixels}), scores, hidden, 1)
    few = slice(0, 3)
    found = ReferenceEvaluator(model).run(None, {"pixels": pixels[few]})
    compare(f"{where}, reference", names, found, scores[few], {name: signs[few] for name, signs in hidden.items()}, 1)


def check_qonnx(where, path, pixels, scores, hidden):
    """Evaluates a file by the package qonnx, several images at a time."""
    from qonnx.core.modelwrapper import ModelWrapper
    from qonnx.core.onnx_exec import execute_onnx
    from qonnx.transformation.infer_shapes import InferShapes

    count = 8
    model = ModelWrapper(str(path))
    for value in [*model.graph.input, *model.graph.output]:
        value.type.tensor_type.shape.dim[0].dim_value = count
    model = model.transform(InferShapes())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = execute_onnx(model, {"pixels": pixels[:count].astype(np.float32)})
    compare(f"{where}, qonnx", found.keys(), found.values(), scores[:count], {name: signs[:count] for name, signs in hidden.items()})


def forward(arrays, layers, pixels, maximum):
    """The hidden signs and scores from the arrays of an export, by NumPy in float64."""
    values, hidden = 2 * pixels.astype(np.float64) - maximum, {}
    for number, (kind, pooling) in enumerate(layers, 1):
        weights = arrays[f"layer{number}.weight"].astype(np.float64)
        if kind == "dense":
            sums = values.reshape(len(values), -1) @ weights.T
        else:
            k = weights.shape[2]
            pad = (k - 1) // 2 if kind == "same" else 0
            windows = np.lib.stride_tricks.sliding_window_view(np.pad(values, ((0, 0), (0, 0), (pad, pad), (pad, pad))), (k, k), (2, 3))
            sums = np.einsum("nchwyx,ocyx->nohw", windows, weights, optimize=True)
        if pooling:
            h, w = sums.shape[2] // 2, sums.shape[3] // 2
            blocks = sums[:, :, : 2 * h, : 2 * w].reshape(*sums.shape[:2], h, 2, w, 2)
            sums = blocks.max((3, 5)) if pooling == "P" else blocks.sum((3, 5))
        if f"layer{number}.factor" in arrays:
            return hidden, sums.astype(np.float32) * arrays[f"layer{number}.factor"] + arrays[f"layer{number}.shift"]
        axes = (-1,) + (1,) * (sums.ndim - 2)
        threshold, flip = arrays[f"layer{number}.threshold"].reshape(axes), arrays[f"layer{number}.flip"].reshape(axes)
        values = np.where((sums < threshold) != flip.astype(bool), -1.0, 1.0)
        hidden[f"layer{number}.signs"] = values
    raise Difference("expected a last layer with a factor, found none")


def layers_of(architecture):
    layers = []
    for element in architecture.split("-"):
        if element[0] in "PAS":
            layers[-1] = (layers[-1][0], element[0])
        else:
            layers.append(("dense" if "C" not in element else "valid" if element.endswith("V") else "same", None))
    return layers


def integers_digest(arrays):
    """The digest of the integers as Packed.md defines it."""
    digest, number = hashlib.sha256(), 1
    while f"layer{number}.weight" in arrays:
        weights = arrays[f"layer{number}.weight"]
        digest.update(weights.reshape(len(weights), -1).T.astype("<i2").tobytes())
        for name in ("threshold", "flip") if f"layer{number}.threshold" in arrays else ("factor", "shift"):
            digest.update(arrays[f"layer{number}.{name}"].tobytes())
        number += 1
    return digest.hexdigest()


def read_arrays(path):
    """Arrays and metadata, by safetensors' or NumPy's own reader."""
    if path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        return arrays, json.loads(str(arrays.pop("metadata")))
    with safe_open(path, "np") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, file.metadata()


def check_arrays(where, paths, architecture, pixels, scores, hidden):
    (first, metadata), (second, others) = map(read_arrays, paths)
    if set(first) != set(second) or metadata != others:
        raise Difference(f"{where}: expected the same names and metadata in both files")
    for name in first:
        if first[name].dtype != second[name].dtype or first[name].tobytes() != second[name].tobytes():
            raise Difference(f"{where}: expected the same {name} in both files")
    if integers_digest(first) != metadata["signet.integersSHA256"]:
        raise Difference(f"{where}: expected the integers' digest {metadata['signet.integersSHA256']}, found {integers_digest(first)}")
    signs, found = forward(first, layers_of(architecture), pixels, int(metadata["signet.pixelMaximum"]))
    compare(f"{where}, NumPy", ["scores", *signs], [found, *signs.values()], scores, hidden)
    return first


def check_parameters(where, arrays, model):
    """The parameters are those of the network's own file, in the other layout."""
    names = {"linear.weights": "latent", "linear.logits": "logits", "linear.bias": "bias", "normalization.scale": "gamma",
             "normalization.shift": "beta", "normalization.runningMean": "mean",
             "normalization.runningInverseDeviation": "inverse_deviation"}
    with safe_open(model, "np") as file:
        for name in file.keys():
            block, parameter = name.split(".", 1)
            mine, own = arrays[f"{block.replace('block', 'layer')}.{names[parameter]}"], file.get_tensor(name)
            if own.ndim > 1:
                own = np.moveaxis(own, -1, -2)
            same(f"{where}, {name}", mine.reshape(own.shape), own)


def export(folder, model):
    """Exports a model in all forms."""
    paths = {form: folder / f"network.{form}" for form in ("onnx", "qonnx", "safetensors", "npz")}
    signet("export", model, *[word for form, path in paths.items() for word in (f"--{form}", path)], "--hidden", "--quiet")
    paths["compact"] = folder / "compact.onnx"
    signet("export", model, "--onnx", paths["compact"], "--compact", "--hidden", "--quiet")
    return paths


def random_images(data, count):
    shape, maximum = {"digits": ((1, 8, 8), 16), "glyphs": ((1, 28, 28), 255), "shapes": ((3, 32, 32), 255)}[data]
    random = np.random.default_rng(1)
    pixels = random.integers(0, maximum + 1, (count, *shape)).astype(np.uint8)
    # Extremes, and images that are mostly black.
    pixels[0], pixels[1] = 0, maximum
    pixels[2::3] *= random.random((len(pixels[2::3]), *shape)) < 0.2
    return pixels
