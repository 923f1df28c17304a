#!/usr/bin/env python3
"""Recomputes the test error of every network of a run from the run's files alone, without Signet.

    python3 Examples/read_run.py RUN --data DIR

RUN is a directory that `signet train --out RUN` or `signet reproduce --out RUN` has finished. DIR holds the data set's files: IDX
files (those of mnist, fashion-mnist, digits or glyphs, or your own) or your own NPY files. Documentation/Files.md describes all
these files, and Documentation/Method.md what the networks compute. The program needs Python 3.9
or newer, and numpy.

Networks with sign activations are computed exactly as Signet deploys them (Method.md §6), so that every class is the same. The
others are computed in double precision, where Signet uses single precision.

Exit codes: 0 all test errors are those in result.json; 1 one is not; 2 a file is missing or wrong.
"""

import argparse, fnmatch, gzip, hashlib, io, json, math, pathlib, re, struct, sys, zipfile, zlib
from fractions import Fraction

import numpy as np


class WrongFile(Exception):
    """One line that says which file is wrong, what was expected and what was found."""


def read_safetensors(path):
    """The metadata and the tensors, by name, of a safetensors file."""
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0] if len(data) >= 8 else 0
    if len(data) < 8 + length or length < 2:
        raise WrongFile(f"{path}: expected a safetensors file's header, found the end after {len(data)} bytes")
    header = json.loads(data[8 : 8 + length])
    metadata, tensors = header.pop("__metadata__", {}), {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        numbers = data[8 + length + begin : 8 + length + end]
        if len(numbers) < end - begin:
            raise WrongFile(f"{path}: expected {end - begin} bytes of {name}, found the end after {len(numbers)}")
        tensors[name] = np.frombuffer(numbers, {"F32": "<f4", "F64": "<f8"}[entry["dtype"]]).reshape(entry["shape"])
    return metadata, tensors


NAMED_GRIDS = {"binary": "-1,1", "ternary": "-1,0,1", "quaternary-symmetric": "-1,-1/3,1/3,1", "quinary": "-1,-1/2,0,1/2,1"}
NAMED_GRIDS |= {"quaternary-minus": "-1,-1/2,0,1/2", "quaternary-plus": "-1/2,0,1/2,1"}


def grid(text):
    """A grid's values as integers, and their common denominator (Method.md §2)."""
    values = [Fraction(value) for value in NAMED_GRIDS.get(text, text).split(",")]
    denominator = math.lcm(*(value.denominator for value in values))
    return np.array([int(value * denominator) for value in values]), denominator


def softmax(logits):
    """The softmax over the first axis, in single precision as Signet computes it."""
    e = np.exp((logits - logits.max(axis=0)).astype(np.float64)).astype(np.float32)
    total = e[0].copy()
    for plane in e[1:]:
        total += plane
    return e * (np.float32(1) / total)


def scores(parameters, parameterization):
    """Numbers of shape (K, I, O) whose largest belongs to the most probable value of each weight."""
    if parameterization == "logits":
        return parameters
    if parameterization == "zero-anchored":  # the logit of the value 0, the middle one, is 0
        return softmax(np.insert(parameters, len(parameters) // 2, 0, axis=0))
    s = [softmax(np.stack([x, np.zeros_like(x)])) for x in parameters]  # s(x) and 1 - s(x)
    (zero, other), (positive, negative) = s[0], s[1]
    if len(s) == 2:
        return np.stack([other * negative, zero, other * positive])
    (high, low), (most_negative, less_negative) = s[2], s[3]
    above, below = other * positive, other * negative
    return np.stack([below * most_negative, below * less_negative, zero, above * low, above * high])


def read_blocks(architecture):
    """The blocks of an architecture such as 32C5-P2-64C5V-A2-512-10."""
    blocks = []
    for element in architecture.split("-"):
        if match := re.fullmatch(r"(\d+)C(\d+)(V?)", element):
            kernel = int(match[2])
            blocks.append({"kernel": kernel, "padding": 0 if match[3] else kernel // 2, "pooling": None})
        elif re.fullmatch("[PAS]2", element):
            blocks[-1]["pooling"] = element[0]
        else:
            blocks.append({"kernel": None, "pooling": None})
    return blocks


def read_network(path):
    """A network's kind, the activation of its hidden layers, and its blocks with their weights and constants."""
    metadata, tensors = read_safetensors(path)
    if "signet.experiment" not in metadata or "signet.result" not in metadata:
        raise WrongFile(f"{path}: expected a network trained by signet, found other metadata")
    experiment, kind = json.loads(metadata["signet.experiment"]), json.loads(metadata["signet.result"])["network"]
    method, phase = experiment["method"], experiment["real" if kind == "real" else "discrete"]
    phase = experiment.get("straightThrough", phase) if kind == "straight-through" else phase
    activation = phase.get("activation", "tanh") if kind == "real" else "tanh"
    blocks = read_blocks(experiment["architecture"])
    for index, block in enumerate(blocks):
        part = {name.split(".", 1)[1]: t for name, t in tensors.items() if name.startswith(f"block{index + 1}.")}
        block.update(part, rate=phase["dropout"][index], is_last=index == len(blocks) - 1)
        if "linear.logits" in block:
            integers, block["denominator"] = grid(method["grids"][index if len(method["grids"]) > 1 else 0])
            block["weights"] = integers[scores(block["linear.logits"], method["parameterization"]).argmax(axis=0)]
        elif kind == "straight-through":
            block["weights"], block["denominator"] = np.where(block["linear.weights"] >= 0, 1, -1), 1
        else:
            block["weights"], block["denominator"] = block["linear.weights"], 1
        block["fan_in"] = block["weights"].shape[0]
    return kind, activation, blocks


def linear(block, x):
    """The matrix product of a dense layer, or the convolution (a cross-correlation), in double precision."""
    weights = block["weights"].astype(np.float64)
    if block["kernel"] is None:
        return x.reshape(len(x), -1) @ weights
    k, p = block["kernel"], block["padding"]
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, ((0, 0), (0, 0), (p, p), (p, p))), (k, k), axis=(2, 3))
    n, _, height, width = windows.shape[:4]
    rows = windows.transpose(0, 2, 3, 1, 4, 5).reshape(n * height * width, -1)  # of (c, ky, kx), as the weights' rows
    return (rows @ weights).reshape(n, height, width, -1).transpose(0, 3, 1, 2)


def pool(kind, x, of_integers=False):
    """2×2 pooling: P is the maximum, S the sum, A the average; an odd last row or column is dropped."""
    if kind is None:
        return x
    n, channels, height, width = x.shape
    windows = x[:, :, : height // 2 * 2, : width // 2 * 2].reshape(n, channels, height // 2, 2, width // 2, 2)
    if kind == "P":
        return windows.max(axis=(3, 5))
    return windows.sum(axis=(3, 5)) * (0.25 if kind == "A" and not of_integers else 1)


def normalize(block, x):
    """Batch normalization with the running averages, in the precision of x."""
    names = ("runningMean", "runningInverseDeviation", "scale", "shift")
    vectors = [block[f"normalization.{name}"].astype(x.dtype).reshape((-1,) + (1,) * (x.ndim - 2)) for name in names]
    mean, inverse_deviation, scale, shift = vectors
    return (x - mean) * (inverse_deviation * scale) + shift


def integer_outputs(blocks, pixels, maximum):
    """The outputs of a network with sign activations: integer sums, one constant per block, single precision behind it."""
    x = 2.0 * pixels - maximum
    for index, block in enumerate(blocks):
        y = pool(block["pooling"], linear(block, x), of_integers=True)  # integers below 2^24, exact in every order
        divisor = math.sqrt(block["fan_in"] + 1) if block["is_last"] else 1.0
        integers = block["denominator"] * (maximum if index == 0 else 1) * (4 if block["pooling"] == "A" else 1)
        y = y.astype(np.float32) * np.float32((1 - block["rate"]) / (integers * divisor))
        if block["is_last"]:
            return y + (block["linear.bias"].astype(np.float64) / divisor).astype(np.float32)
        x = np.where(normalize(block, y) >= 0, 1.0, -1.0)


def real_outputs(blocks, pixels, maximum, kind, activation):
    """The outputs of a real or discrete-tanh network, in double precision."""
    x = pixels / maximum * 2.0 - 1
    for block in blocks:
        x = linear(block, x * (1 - block["rate"])) / block["denominator"]
        if block["is_last"]:
            return (x + block["linear.bias"]) / (1 if kind == "real" else math.sqrt(block["fan_in"] + 1))
        x = normalize(block, x if kind == "real" else pool(block["pooling"], x))
        x = np.maximum(x, 0) if activation == "relu" else np.tanh(x)
        x = pool(block["pooling"], x) if kind == "real" else x


def test_error(network, maximum, images, labels):
    """The share of the test images that a network gives another class than theirs; the lowest class wins a tie."""
    (kind, activation, blocks), errors = network, 0
    for start in range(0, len(images), 200):
        pixels = images[start : start + 200].astype(np.float64)
        is_real = kind in ("real", "discrete-tanh")
        outputs = real_outputs(blocks, pixels, maximum, kind, activation) if is_real else integer_outputs(blocks, pixels, maximum)
        errors += int((outputs.argmax(axis=1) != labels[start : start + 200]).sum())
    return errors / len(images)


def source_of(experiment):
    """The data set's name, its largest pixel, and the rules of one's own files (none for a data set that Signet knows)."""
    data = experiment["data"]
    if isinstance(data, str):
        return {"name": data, "maximum": 16 if data == "digits" else 255, "files": {}}
    return {"name": data["name"], "maximum": data["input"]["pixelMaximum"], "files": data.get("files", {})}


def read_array(path, digests):
    """The array in an IDX or NPY file, or the arrays of an NPZ file, with .gz or without; the run must have used this file."""
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() not in digests:
        raise WrongFile(f"{path}: expected a file that the run used, found a SHA-256 that is not in run.json")
    data = gzip.decompress(data) if path.suffix == ".gz" else data
    if path.name.endswith((".npy", ".npy.gz", ".npz")):
        return np.load(io.BytesIO(data))
    kind, rank = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4"}[data[2]], data[3]
    return np.frombuffer(data[4 + 4 * rank :], kind).reshape(struct.unpack(f">{rank}I", data[4 : 4 + 4 * rank]))


NAMES = {  # of the files of images and labels, with the word for the part of the data
    "digits": (["images-idx3-ubyte"], ["labels-idx1-ubyte"]),
    "npy": (["{}[-_]images.npy", "x_{}.npy"], ["{}[-_]labels.npy", "y_{}.npy"]),
    **dict.fromkeys(["glyphs", "mnist", "fashion-mnist", "idx"], (["{}-images?idx[34]-ubyte"], ["{}-labels?idx[12]-*"])),
}


def read_part(path, source, words, digests):
    """The images and the labels of one part of the data."""
    prefix = source["files"].get("prefix", "*" if source["name"] == "idx" else "")
    files = {path.name: path} if path.is_file() else {file.name: file for file in path.iterdir()}
    if not fnmatch.filter(files, "*.npy*") and (archives := fnmatch.filter(files, "*.npz")):
        files = {f"{name}.npy": array for name, array in read_array(files[archives[0]], digests).items()}
    arrays = []
    for names in NAMES[source["name"]]:
        patterns = [prefix + name.format(word) + end for word in words for name in names for end in (".gz", "")]
        found = [file for pattern in patterns for file in fnmatch.filter(files, pattern)]
        if not found:
            raise WrongFile(f"{path}: expected a file {' or '.join(patterns)}, found none")
        file = files[found[0]]
        arrays.append(read_array(file, digests) if isinstance(file, pathlib.Path) else file)
    return arrays


def read_test_images(path, source, digests):
    """The test images, shape (N, C, H, W), and their classes."""
    name, rules = source["name"], source["files"]
    if name not in NAMES:
        raise WrongFile(f"{path}: expected IDX or NPY files, found a run on {name}")
    share = json.loads((path / "manifest.json").read_text())["split"]["test"] if name == "digits" else rules.get("test")
    images, labels = read_part(path, source, ["test", "t10k"] if share is None else ["train"], digests)
    images = images if images.ndim == 4 else images[:, None]
    labels = (labels if labels.ndim == 1 else labels[:, rules.get("labelColumn", 0)]).astype(int) - rules.get("firstLabel", 0)
    if share is None:
        return images, labels
    if str(share).startswith("last:"):
        count = int(share[5:])
        return images[-count:], labels[-count:]
    order, j = np.argsort(labels, kind="stable"), np.arange(len(labels))  # a balanced part of the training images
    chosen = np.sort(order[(j + 1) * int(share) // len(j) > j * int(share) // len(j)])
    return images[chosen], labels[chosen]


def check(run, data):
    """Prints the table; true if every test error is that of result.json."""
    record, result = (json.loads((run / name).read_text()) for name in ("run.json", "result.json"))
    if not result["networks"]:
        raise WrongFile(f"{run / 'result.json'}: expected at least one network, found none")
    source, same = source_of(record["experiment"]), True
    images, labels = read_test_images(data, source, {file["sha256"] for file in record["data"]})
    width = max([len(entry["weights"]) for entry in result["networks"]] + [7])
    print(f"{'network':23}  {'weights':{width}}  {'computed':>8}  {'result.json':>11}")
    for entry in result["networks"]:
        network = read_network(run / f"{entry['network']}.safetensors")
        error, expected = test_error(network, source["maximum"], images, labels), entry["testError"]
        same &= error == expected
        verdict = "same" if error == expected else "DIFFERENT"
        print(f"{entry['network']:23}  {entry['weights']:{width}}  {error:8.4f}  {expected:11.4f}  {verdict}")
    return same


def main():
    parser = argparse.ArgumentParser(description="Recomputes the test errors of a run's networks from its files alone.")
    parser.add_argument("run", type=pathlib.Path, help="the run's directory")
    parser.add_argument("--data", type=pathlib.Path, required=True, help="the directory of the data's files, or an NPZ file")
    options = parser.parse_args()
    try:
        return 0 if check(options.run, options.data) else 1
    except WrongFile as error:
        problem = str(error)
    except OSError as error:
        problem = f"{error.filename or 'a compressed file'}: {error.strerror or error}"
    except (KeyError, IndexError, TypeError, ValueError, EOFError, struct.error, zlib.error, zipfile.BadZipFile) as error:
        problem = f"expected the files that Documentation/Files.md describes, found {type(error).__name__}: {error}"
    print(f"read_run.py: {problem}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
