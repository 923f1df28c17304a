"""Networks of every kind, exported in all forms."""

import numpy as np

from evaluating import (IMAGES, ROOT, Difference, check_arrays, check_onnx, check_parameters, check_qonnx, expected, export,
                        random_images, read_arrays, same, signet, train)

GRIDS = ["binary", "ternary", "quaternary-symmetric", "quaternary-minus", "quaternary-plus", "quinary", "-1,-1/2,0,1/4,1"]
# Name, data set, architecture, options. Every grid is tried with one dense and one convolutional network, and with each pooling.
NETWORKS = [
    ("dense", "digits", "40-24-10", ["--dropout", "0.1"]),
    ("convolution", "digits", "6C3-P2-5C3V-16-10", ["--dropout", "0.2"]),
]
OTHERS = [
    ("linear", "digits", "10", ["--weights", "ternary"], "discrete-sign"),
    ("average", "digits", "4C3-A2-6C3-S2-12-10", ["--weights", "quinary"], "discrete-sign"),
    ("odd", "glyphs", "3C5V-P2-4C5-A2-3C3V-S2-10", ["--weights", "ternary,quinary,binary,quaternary-plus"], "discrete-sign"),
    ("colour", "shapes", "4C3-S2-4C3V-P2-10", ["--weights", "quaternary-symmetric"], "discrete-sign-from-tanh"),
    ("straight-through", "glyphs", "4C7-P2-20-10", [], "straight-through"),
]


def check(name, data, architecture, options, network="discrete-sign"):
    folder = ROOT / name
    model = train(folder, data, architecture, network, options)
    pixels = random_images(data, IMAGES)
    scores, hidden = expected(folder, model, pixels)
    paths = export(folder, model)
    check_onnx(name, paths["onnx"], pixels, scores, hidden, 13)
    check_onnx(f"{name}, compact", paths["compact"], pixels, scores, hidden, 25)
    check_qonnx(name, paths["qonnx"], pixels, scores, hidden)
    arrays = check_arrays(name, (paths["safetensors"], paths["npz"]), architecture, pixels, scores, hidden)
    check_parameters(name, arrays, model)
    if network != "straight-through":
        check_sampled(name, folder, model, pixels)
    signs = np.concatenate([each.ravel() for each in hidden.values()]) if hidden else np.array([])
    flips = sum(int(values.sum()) for each, values in arrays.items() if each.endswith(".flip"))
    if hidden and (not flips or abs(signs.mean()) > 0.9):
        raise Difference(f"{name}: expected signs and flips of either kind, found a mean sign of {signs.mean()} and {flips} flips")
    print(f"ci/exchange: {name}: {len(pixels)} images, {signs.size} hidden signs, {flips} flips", flush=True)
    return folder, paths, pixels, scores, hidden, model


def check_sampled(name, folder, model, pixels):
    """One sampled network, through its packed file."""
    packed = folder / "sampled.signetpk"
    signet("pack", model, "--output", packed, "--ensemble", 1, "--seed", 5, "--quiet")
    scores, hidden = expected(folder, packed, pixels)
    signet("export", packed, "--onnx", folder / "sampled.onnx", "--hidden", "--quiet")
    check_onnx(f"{name}, sampled", folder / "sampled.onnx", pixels, scores, hidden, 13)


def check_real():
    """Networks without sign activations have arrays, too."""
    folder = ROOT / "real"
    signet("train", "--architecture", "5C3-P2-12-10", "--networks", "real,discrete-tanh", "--real-epochs", 1, "--discrete-epochs", 1,
           "--quiet", "--out", folder)
    for network in "real", "discrete-tanh":
        paths = [folder / f"{network}.npz", folder / f"{network}-export.safetensors"]
        signet("export", folder, "--network", network, "--npz", paths[0], "--safetensors", paths[1], "--quiet")
        (first, _), (second, _) = map(read_arrays, paths)
        if any(first[name].tobytes() != second[name].tobytes() for name in {*first, *second}):
            raise Difference(f"{network}: expected the same arrays in both files")
        arrays = {**first, "layer1.latent": first["layer1.weight"], "layer2.latent": first["layer2.weight"],
                  "layer3.latent": first["layer3.weight"]}
        check_parameters(network, arrays, folder / f"{network}.safetensors")
        if network == "discrete-tanh":
            for number in 1, 2, 3:
                same(network, first[f"layer{number}.weight"], (first[f"layer{number}.logits"].argmax(0) - 1).astype(np.int8))
    print("ci/exchange: real and discrete-tanh networks: arrays", flush=True)



def check_all():
    for name, data, architecture, options in NETWORKS:
        for grid in GRIDS:
            check(f"{name}-{grid.replace('/', ':')}", data, architecture, [*options, f"--weights={grid}"])
    for name, data, architecture, options, network in OTHERS:
        check(name, data, architecture, options, network)
    check_real()
