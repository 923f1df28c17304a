#!/usr/bin/env python3
"""Trains a small tanh network on Signet's digits in PyTorch, and writes what `signet import` reads.

    pip install torch safetensors numpy
    python3 Examples/PyTorch/train_digits.py Fixtures/digits Examples/PyTorch
    signet import Examples/PyTorch/digits-tanh.safetensors --layout torch --architecture 16C3-P2-32-10 \\
        --check Examples/PyTorch/images.npy Examples/PyTorch/outputs.npy --output digits-tanh.signet.safetensors
    signet train --architecture 16C3-P2-32-10 --real digits-tanh.signet.safetensors --networks discrete-sign --out run

Signet's layers come in the order convolution, batch normalization, tanh, pooling; its pixels are scaled to [-1, 1]. Images are in PyTorch's
order N x C x H x W. The first argument is the directory of the digits, the second that of the three files that are written.
"""

import gzip, json, pathlib, sys

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn


def read(folder):
    """All images and labels, and the indices of Signet's images for training and for testing; those for validation are left to it."""
    def idx(name, head):
        return np.frombuffer(gzip.decompress((folder / name).read_bytes()), np.uint8, offset=head)

    def balanced(indices, count):
        j, n = np.arange(len(indices)), len(indices)
        return indices[(j + 1) * count // n > j * count // n]

    images, labels = idx("images-idx3-ubyte.gz", 16).reshape(-1, 1, 8, 8), idx("labels-idx1-ubyte.gz", 8)
    split = json.loads((folder / "manifest.json").read_text())["split"]
    order = np.argsort(labels, kind="stable")
    test = balanced(order, split["test"])
    rest = order[~np.isin(order, test)]
    train = rest[~np.isin(rest, balanced(rest, split["validation"]))]
    return images, labels, np.sort(train), np.sort(test)


def network():
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.Tanh(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(16 * 4 * 4, 32), nn.BatchNorm1d(32), nn.Tanh(), nn.Linear(32, 10))


def scaled(images):
    return torch.from_numpy(images.astype(np.float32) / 16 * 2 - 1)


def main():
    data, out = map(pathlib.Path, sys.argv[1:3])
    torch.manual_seed(1)
    images, labels, train, test = read(data)
    x, y = scaled(images[train]), torch.from_numpy(labels[train].astype(np.int64))
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), 1e-2)
    for epoch in range(20):
        for batch in torch.randperm(len(x)).split(100):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
            optimizer.step()
    model.eval()
    with torch.no_grad():
        wrong = (model(scaled(images[test])).argmax(1).numpy() != labels[test]).mean()
        print(f"test error {wrong:.2%}")
        some = images[test][:50]
        np.save(out / "images.npy", some)
        np.save(out / "outputs.npy", model(scaled(some)).numpy())
    save_file(model.state_dict(), out / "digits-tanh.safetensors")


main()
