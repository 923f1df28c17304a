#!/usr/bin/env python3
"""Makes Fixtures/digits/ from the copy of the digits data set that scikit-learn ships.

  make-digits.py           writes the files
  make-digits.py --check   writes nothing; exit status 1 unless the files there are what it would write

The data do not depend on any version. The gzip bytes depend on the zlib that Python uses, and the manifest names
the versions; both are the same again with those it names.
"""

import argparse
import gzip
import hashlib
import io
import json
import pathlib
import platform
import struct
import sys
import zlib

import numpy
import sklearn
import sklearn.datasets

PIXEL_MAXIMUM = 16
CLASSES = 10
VALIDATION, TEST = 300, 400
RULE = (
    "Order all samples by (label, position in file). Element j of these n goes to test if "
    "floor((j+1)*test/n) > floor(j*test/n). Of the m remaining, in the same order, element j goes to validation if "
    "floor((j+1)*validation/m) > floor(j*validation/m). The rest is training. In each part samples keep file order."
)


def idx(array):
    """The IDX form of an array of bytes: magic 0x0000080N, N big-endian sizes, the bytes in row-major order."""
    header = struct.pack(f">I{array.ndim}I", 0x0800 + array.ndim, *array.shape)
    return header + array.astype(numpy.uint8).tobytes()


def compressed(data):
    """gzip without time and file name, so that equal data give equal files."""
    out = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=out, mtime=0) as file:
        file.write(data)
    return out.getvalue()


def described(name, stored, data, shape):
    return {
        "name": name,
        "shape": list(shape),
        "sha256": hashlib.sha256(stored).hexdigest(),
        "bytes": len(stored),
        "decompressedSha256": hashlib.sha256(data).hexdigest(),
        "decompressedBytes": len(data),
    }


def files():
    digits = sklearn.datasets.load_digits()
    images, labels = digits.images, digits.target
    assert images.shape == (1797, 8, 8) and labels.shape == (1797,)
    assert (images == numpy.floor(images)).all() and images.min() == 0 and images.max() == PIXEL_MAXIMUM
    assert sorted(set(labels.tolist())) == list(range(CLASSES))

    contents, entries = {}, []
    for name, array in (("images-idx3-ubyte.gz", images), ("labels-idx1-ubyte.gz", labels)):
        data = idx(array)
        contents[name] = compressed(data)
        entries.append(described(name, contents[name], data, array.shape))
    manifest = {
        "name": "digits",
        "title": "Optical recognition of handwritten digits, the test set: 1,797 images of 8x8 pixels",
        "source": "scikit-learn, sklearn.datasets.load_digits, a copy of the test set of the UCI data set "
        "(https://doi.org/10.24432/C50P49)",
        "licence": "CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)",
        "citation": "E. Alpaydin, C. Kaynak. Optical Recognition of Handwritten Digits. UCI Machine Learning "
        "Repository, 1998. doi:10.24432/C50P49",
        "changes": "Stored as gzip-compressed IDX; samples, their order and the values 0...16 as in the source.",
        "howMade": "Fixtures/make-digits.py with "
        + f"scikit-learn {sklearn.__version__}, numpy {numpy.__version__}, Python {platform.python_version()}, "
        + f"zlib {zlib.ZLIB_RUNTIME_VERSION}",
        "classes": CLASSES,
        "pixelMaximum": PIXEL_MAXIMUM,
        "pixelScale": "p / 16 * 2 - 1",
        "files": entries,
        "split": {
            "rule": RULE,
            "train": len(labels) - VALIDATION - TEST,
            "validation": VALIDATION,
            "test": TEST,
        },
    }
    contents["manifest.json"] = (json.dumps(manifest, indent=2) + "\n").encode("ascii")
    return contents, manifest["howMade"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the files there, write nothing")
    check = parser.parse_args().check
    folder = pathlib.Path(__file__).resolve().parent / "digits"
    contents, how = files()
    print(how)
    different = 0
    for name, content in contents.items():
        path = folder / name
        same = path.is_file() and path.read_bytes() == content
        different += not same
        if not check:
            folder.mkdir(exist_ok=True)
            path.write_bytes(content)
        print(f"{name}: {len(content)} bytes, {'as it was' if same else 'DIFFERS' if check else 'written'}")
    sys.exit(1 if check and different else 0)


if __name__ == "__main__":
    main()
