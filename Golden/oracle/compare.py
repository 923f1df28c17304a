"""Compares golden files number by number, for ci/refresh-oracle: python3 compare.py [--all] COMMITTED FRESH,
two folders of suites. With --all, a committed file that is not among the fresh ones is a difference, too.

A float may differ by one unit in the last place; everything else, and the structure, must be the same. Prints each difference
with file, case, tensor, index and both values; exits 1 if there is one.
"""
import json
import pathlib
import struct
import sys

MOST = 20  # The maximum number of lines per file.


def order(x):
    """An integer that increases by one from each float64 to the next."""
    bits = struct.unpack(">q", struct.pack(">d", x))[0]
    return bits if bits >= 0 else -(bits & (2**63 - 1)) - 1


def differences(place, old, new):
    """(place, old, new, remark) for everything that differs."""
    if isinstance(old, float) and isinstance(new, float):
        ulps = abs(order(old) - order(new))
        if ulps > 1:
            yield place, old.hex() + f" ({old!r})", new.hex() + f" ({new!r})", f"{ulps} ulps"
    elif type(old) is not type(new):
        yield place, old, new, "another type"
    elif isinstance(old, dict):
        for key in sorted(old.keys() | new.keys()):
            if key == "bits" and "scalars" in old and "scalars" in new:
                yield from patterns(place, old, "committed")
                yield from patterns(place, new, "fresh")
            elif key not in old or key not in new:
                yield f"{place}.{key}", key in old, key in new, "not in both"
            else:
                yield from differences(f"{place}.{key}", old[key], new[key])
    elif isinstance(old, list):
        if len(old) != len(new):
            yield place, len(old), len(new), "another length"
        for index, pair in enumerate(zip(old, new)):
            name = pair[0].get("name", index) if isinstance(pair[0], dict) else index
            yield from differences(f"{place}[{name}]", *pair)
    elif old != new:
        yield place, old, new, "not the same"


def patterns(place, tensor, which):
    """A tensor's decimals and bits must agree."""
    bits = " ".join(struct.pack(">d", x).hex() for x in tensor["scalars"])
    if bits != tensor.get("bits"):
        yield f"{place}.bits", tensor.get("bits"), bits, f"{which}: bits and decimals disagree"


def main(committed, fresh, every):
    names = {p.relative_to(fresh) for p in fresh.glob("*/*.json")}
    if every:
        names |= {path.relative_to(committed) for path in committed.glob("*/*.json")
                  if json.loads(path.read_text()).get("generator", "").startswith("Golden/oracle/")}
    wrong = 0
    for name in sorted(names):
        if not (fresh / name).exists() or not (committed / name).exists():
            there = "is committed, but no script writes it" if (committed / name).exists() else "is not committed"
            found = [(name, there)]
        else:
            pair = (json.loads((folder / name).read_text()) for folder in (committed, fresh))
            found = [(f"{name}: {place[1:]}", f"committed {old}, fresh {new}: {remark}")
                     for place, old, new, remark in differences("", *pair)]
        for line in found[:MOST]:
            print("Golden/" + ": ".join(map(str, line)))
        if len(found) > MOST:
            print(f"Golden/{name}: {len(found) - MOST} more differences")
        wrong += len(found)
    print(f"{len(names)} files, {wrong} differences beyond the last digit")
    return 1 if wrong or not names else 0


if __name__ == "__main__":
    *options, committed, fresh = sys.argv[1:]
    sys.exit(main(pathlib.Path(committed), pathlib.Path(fresh), options == ["--all"]))
