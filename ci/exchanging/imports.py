"""Networks that other libraries trained, and the tables of runs."""

import json
import os
import pathlib
import subprocess
import sys

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

from evaluating import IMAGES, ROOT, SIGNET, Difference, expected, random_images, read_arrays, same, signet, train


def torch_as_keras(tensors):
    """The arrays of Examples/PyTorch as Keras would have them: flattened pixel by pixel, other orders, other names."""
    arrays = {
        "conv/kernel": tensors["0.weight"].transpose(2, 3, 1, 0), "conv/bias": tensors["0.bias"],
        "dense/kernel": tensors["5.weight"].reshape(32, 16, 4, 4).transpose(2, 3, 1, 0).reshape(256, 32), "dense/bias": tensors["5.bias"],
        "last/kernel": tensors["8.weight"].T, "last/bias": tensors["8.bias"]}
    for name, module in ("bn1", "1"), ("bn2", "6"):
        for leaf, torch in ("gamma", "weight"), ("beta", "bias"), ("moving_mean", "running_mean"), ("moving_variance", "running_var"):
            arrays[f"{name}/{leaf}"] = tensors[f"{module}.{torch}"]
    return {name: np.ascontiguousarray(values) for name, values in arrays.items()}


def check_imports():
    """What PyTorch trained comes in with the same outputs, also in Keras's layout; sign networks come in as they are."""
    example, folder = pathlib.Path("Examples/PyTorch"), ROOT / "imports"
    folder.mkdir()
    shared = ["--architecture", "16C3-P2-32-10", "--check", example / "images.npy", example / "outputs.npy", "--tolerance", "1e-5"]
    first = signet("import", example / "digits-tanh.safetensors", "--layout", "torch", *shared, "--output", folder / "torch")
    with safe_open(example / "digits-tanh.safetensors", "np") as file:
        arrays = torch_as_keras({name: file.get_tensor(name) for name in file.keys()})
    np.savez_compressed(folder / "keras.npz", **arrays)
    second = signet("import", folder / "keras.npz", "--layout", "keras", "--epsilon", "1e-5", *shared, "--output", folder / "keras")
    if first.split()[-1] != second.split()[-1]:
        raise Difference(f"imports: expected the same parameters from either layout, found {first} and {second}")
    arrays["dense/kernel"] = arrays["dense/kernel"].reshape(4, 4, 16, 32).transpose(2, 0, 1, 3).reshape(256, 32)
    np.savez_compressed(folder / "wrong.npz", **arrays)
    wrong = subprocess.run([SIGNET, "import", folder / "wrong.npz", "--layout", "keras", "--epsilon", "1e-5", *shared, "--output",
                            folder / "wrong"], capture_output=True, text=True)
    if wrong.returncode != 65 or (folder / "wrong").exists():
        raise Difference(f"imports: expected a wrong order to be refused with 65, found {wrong.returncode}: {wrong.stderr}")
    print(f"ci/exchange: imports: {first.splitlines()[0]}", flush=True)
    check_sign_imports(folder)


def check_sign_imports(folder):
    """Binary and ternary networks, handed over as another library would have them, give the same hidden signs and classes."""
    pixels = random_images("digits", IMAGES)
    np.save(folder / "images.npy", pixels)
    for network, weights in ("straight-through", []), ("discrete-sign", ["--weights", "ternary"]):
        run = folder / network
        run.mkdir()
        model = train(run / "run", "digits", "6C3-P2-12-10", network, weights + (["--dropout", "0"]))
        scores, hidden = expected(run, model, pixels)
        signet("export", model, "--npz", run / "all.npz", "--quiet")
        own, _ = read_arrays(run / "all.npz")
        arrays, scale, layers = {}, 0.7, []
        for number in 1, 2, 3:
            name = f"layer{number}"
            weight = own[f"{name}.latent"] if network == "straight-through" else own[f"{name}.weight"] * scale
            arrays[f"{name}.weight"] = weight.astype(np.float64)
            factor = 1 if network == "straight-through" else scale
            layers.append({"weight": f"{name}.weight"})
            if number == 3:
                arrays[f"{name}.bias"] = own[f"{name}.bias"] * np.float64(factor)
                layers[-1]["bias"] = f"{name}.bias"
                continue
            names = {"gamma": own[f"{name}.gamma"], "beta": own[f"{name}.beta"], "mean": own[f"{name}.mean"] * np.float64(factor),
                     "variance": (factor / own[f"{name}.inverse_deviation"].astype(np.float64)) ** 2}
            for key, values in names.items():
                arrays[f"bn{number}.{key}"], layers[-1][key] = values.astype(np.float64), f"bn{number}.{key}"
        fan_in = own["layer3.weight"].shape[1]
        np.save(run / "outputs.npy", scores.astype(np.float64) * factor * np.sqrt(fan_in + 1))
        save_file(arrays, run / "foreign.safetensors")
        (run / "names.json").write_text(json.dumps({"layers": layers}))
        signet("import", run / "foreign.safetensors", "--layout", "torch", "--architecture", "6C3-P2-12-10", "--network", network, *weights,
               "--names", run / "names.json", "--epsilon", "0", "--check", folder / "images.npy", run / "outputs.npy", "--tolerance", "1e-5",
               "--output", run / "imported.safetensors")
        signet("pack", run / "imported.safetensors", "--output", run / "imported.signetpk", "--quiet")
        again, signs = expected(run, run / "imported.signetpk", pixels)
        for name in hidden:
            same(f"imports, {network}, {name}", signs[name], hidden[name])
        if (again.argmax(1) != scores.argmax(1)).any():
            raise Difference(f"imports, {network}: expected the same classes")
        print(f"ci/exchange: imports: {network}: the same hidden signs and classes", flush=True)


def check_documentation():
    """Runs the page's program on tables of runs and epochs."""
    (ROOT / "runs.jsonl").write_text(signet("runs", ROOT, "--jsonl"))
    (ROOT / "runs.csv").write_text(signet("runs", ROOT, "--csv"))
    (ROOT / "epochs.csv").write_text(signet("show", ROOT / "real", "--csv"))
    programs = pathlib.Path("Documentation/Exchange.md").read_text().split("```python\n")[1:]
    program = next(each.split("```")[0] for each in programs if "matplotlib" in each)
    check_tables = """
rows = pandas.read_csv("runs.csv")
assert len(rows) == len(runs) > 10 and set(rows.columns) >= set(runs.columns)
assert ((rows.testError - runs.testError).abs() < 1e-12).all() and (rows.parametersSHA256 == runs.parametersSHA256).all()
"""
    done = subprocess.run([sys.executable, "-c", program + check_tables], cwd=ROOT, env={**os.environ, "MPLBACKEND": "agg"},
                          capture_output=True, text=True)
    if done.returncode != 0 or not (ROOT / "epochs.svg").exists():
        raise Difference(f"Documentation/Exchange.md: expected its program to draw epochs.svg, found {done.stdout}{done.stderr}")
    print("ci/exchange: tables: the documentation's program", flush=True)
