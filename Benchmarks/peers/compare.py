#!/usr/bin/env python3
"""Checks the peers against Golden/oracle, then times their training steps and Signet's in turns. ci/compare-peers runs it."""
import argparse
import json
import os
import pathlib
import statistics
import struct
import subprocess
import sys
import tempfile
import time

import numpy as np

import experiments

HERE = pathlib.Path(__file__).resolve().parent
PEERS = {
    "torch": ("PyTorch, eager", "peers_torch.py", "eager"),
    "torch-compile": ("PyTorch, torch.compile", "peers_torch.py", "compile"),
    "torch-max-autotune": ("PyTorch, torch.compile, max-autotune", "peers_torch.py", "max-autotune-no-cudagraphs"),
    "jax": ("JAX, jit", "peers_jax.py", "jit"),
}
# The largest ‖found − expected‖ / ‖expected‖, for float32 against float64; of parameters after steps, of their change. About ten
# times what is found. A sign may differ in the deployed network, which changes its outputs by about 1e-3.
TOLERANCES = {"loss": 1e-6, "gradient": 1e-4, "stepped": 1e-3, "fitted": 1e-4, "outputs": 1e-3}
# With this the regularizer's gradients are as large as the loss's.
CHECKED_REGULARIZATION = 1e-6


class Peer:
    """A peer's process, which waits for commands."""

    def __init__(self, name, experiment, threads, *options):
        self.title, script, mode = PEERS[name]
        self.log = tempfile.TemporaryFile("w+")
        command = [sys.executable, HERE / script, experiment, "--mode", mode, "--threads", str(threads), *options]
        # A process keeps its memory instead of returning it after each step, which makes the peers up to a tenth faster.
        memory = {"MALLOC_MMAP_THRESHOLD_": str(2**32), "MALLOC_TRIM_THRESHOLD_": str(2**33)}
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True, env=os.environ | memory)
        self.version = self.answer()["version"]

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            self.log.seek(0)
            sys.exit(f"ci/compare-peers: {self.title} stopped:\n{self.log.read()}")
        return json.loads(line)

    def __call__(self, *command):
        print(*command, file=self.process.stdin, flush=True)
        return self.answer()

    def step(self, steps, warmup):
        times = self("step", steps, warmup)["milliseconds"]
        return {"median": statistics.median(times), "minimum": min(times)}

    def epoch(self, batches=experiments.EPOCH):
        return self("epoch", batches)["seconds"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Signet:
    """Signet's own benchmark, a new process each time."""

    title = "Signet"

    def __init__(self, program, experiment, threads):
        self.program, self.experiment, self.threads = program, experiment, str(threads)
        self.version = self.run("--version").removeprefix("signet ").strip()
        self.data = None

    def run(self, *arguments):
        return subprocess.run([self.program, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True).stdout

    def step(self, steps, warmup):
        result = json.loads(self.run(
            "benchmark", "step", "--experiment", self.experiment, "--network", "discrete-sign", "--steps", steps,
            "--warmup", warmup, "--threads", self.threads, "--json"))
        return {"median": result["step_ms_median"], "minimum": result["step_ms_minimum"]}

    def epoch(self):
        """The seconds of an epoch, without the test that follows the last one."""
        if self.data is None:
            self.data = tempfile.TemporaryDirectory()
            write_images(pathlib.Path(self.data.name))
        run = pathlib.Path(self.data.name) / f"run-{time.monotonic_ns()}"
        self.run("reproduce", self.experiment, "--networks", "discrete-sign", "--initialization", "random",
                 "--discrete-epochs", 1, "--data", self.data.name, "--threads", self.threads, "--out", run, "--quiet")
        lines = map(json.loads, (run / "log.jsonl").read_text().splitlines())
        return next(line["epoch"]["seconds"] for line in lines if line["type"] == "epoch")

    def close(self):
        if self.data:
            self.data.cleanup()


def write_images(folder):
    """Random pixels in files of MNIST's names: 60,000 images to train and validate, 10,000 to test."""
    random = np.random.default_rng(3)
    for name, count in (("train", 60_000), ("t10k", 10_000)):
        pixels, labels = random.integers(0, 256, count * 784, np.uint8), random.integers(0, 10, count, np.uint8)
        (folder / f"{name}-images-idx3-ubyte").write_bytes(struct.pack(">4I", 0x803, count, 28, 28) + pixels.tobytes())
        (folder / f"{name}-labels-idx1-ubyte").write_bytes(struct.pack(">2I", 0x801, count) + labels.tobytes())


# Check

def check(experiment, names, threads, folder):
    """Fails unless each peer computes what Golden/oracle computes."""
    given, expected = folder / f"{experiment}-given.npz", folder / f"{experiment}-expected.npz"
    subprocess.run([sys.executable, HERE / "oracle.py", experiment, str(CHECKED_REGULARIZATION), given, expected], check=True)
    given_arrays, expected_arrays = np.load(given), np.load(expected)
    for name in names:
        found = folder / f"{experiment}-{name}.npz"
        peer = Peer(name, experiment, threads, "--regularization", str(CHECKED_REGULARIZATION))
        peer("check", given, found)
        peer.close()
        worst = {kind: 0.0 for kind in TOLERANCES}
        found_arrays = np.load(found)
        for key in expected_arrays.files:
            kind = next(kind for kind in TOLERANCES if key.startswith(kind))
            if key not in found_arrays.files:
                sys.exit(f"ci/compare-peers: {peer.title}, {experiment}: expected {key}, found none")
            a, b = found_arrays[key].astype(np.float64), expected_arrays[key].astype(np.float64)
            if a.shape != b.shape:
                sys.exit(f"ci/compare-peers: {peer.title}, {experiment}, {key}: expected shape {b.shape}, found {a.shape}")
            reference = b - given_arrays[key.removeprefix("stepped.")] if kind == "stepped" else b
            difference = np.linalg.norm(a - b) / np.linalg.norm(reference)
            if not difference <= TOLERANCES[kind]:
                sys.exit(f"ci/compare-peers: {peer.title}, {experiment}, {key}: expected Golden/oracle's float64 numbers to a "
                         f"relative difference of {TOLERANCES[kind]}, found {difference:.2g}")
            worst[kind] = max(worst[kind], difference)
        counted = ", ".join(f"{kind} {value:.0e}" for kind, value in worst.items())
        print(f"  {peer.title} computes the same: {len(expected_arrays.files)} arrays; largest relative differences {counted}")


# Times

def busy_seconds():
    """The processor seconds that all processes used so far."""
    fields = list(map(int, pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]))
    return (sum(fields) - fields[3] - fields[4] - sum(fields[8:])) / os.sysconf("SC_CLK_TCK")


def own_seconds(contestants):
    """The processor seconds that this process, its finished children and the peers used so far."""
    total = sum(os.times()[:4])
    for peer in contestants:
        if isinstance(peer, Peer):
            fields = pathlib.Path(f"/proc/{peer.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def rounds_of(measure, contestants, rounds):
    """Each contestant's results, one after the other and in each second round the other way round."""
    begin, busy, own = time.monotonic(), busy_seconds(), own_seconds(contestants)
    results = {contestant.title: [] for contestant in contestants}
    for index in range(rounds):
        for contestant in contestants[:: -1 if index % 2 else 1]:
            results[contestant.title].append(measure(contestant))
        print(f"  round {index + 1} of {rounds}", file=sys.stderr)
    others = (busy_seconds() - busy - own_seconds(contestants) + own) / (time.monotonic() - begin)
    return results, others


def table(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  " + "  ".join(cell.ljust(w) if i < 2 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths))))


def median_ratio(values, ours):
    return statistics.median(value / own for value, own in zip(values, ours))


def time_steps(contestants, options):
    results, others = rounds_of(lambda c: c.step(options.steps, options.warmup), contestants, options.rounds)
    ours, rows, report = results["Signet"], [["", "version", "median", "ratio", "least", "ratio"]], []
    for contestant in contestants:
        own = results[contestant.title]
        medians, least = [r["median"] for r in own], min(r["minimum"] for r in own)
        ratio = median_ratio(medians, [r["median"] for r in ours])
        least_ratio = least / min(r["minimum"] for r in ours)
        rows.append([contestant.title, contestant.version, f"{statistics.median(medians):.1f} ms", f"{ratio:.2f}",
                     f"{least:.1f} ms", f"{least_ratio:.2f}"])
        report.append({"name": contestant.title, "version": contestant.version, "rounds": own, "ratio": ratio,
                       "least_ratio": least_ratio})
    table(rows)
    print(f"  {options.rounds} rounds of {options.steps} steps; ratios to Signet, of medians the median over the rounds; other "
          f"processes used {others:.1f} processors")
    return {"steps": report, "other_processors": others}


def time_epochs(contestants, options):
    results, others = rounds_of(lambda c: c.epoch(), contestants, options.epochs)
    rows, report = [["", "version", "median", "ratio"]], []
    for contestant in contestants:
        own = results[contestant.title]
        ratio = median_ratio(own, results["Signet"])
        rows.append([contestant.title, contestant.version, f"{statistics.median(own):.1f} s", f"{ratio:.2f}"])
        report.append({"name": contestant.title, "version": contestant.version, "seconds": own, "ratio": ratio})
    table(rows)
    print(f"  {options.epochs} epochs with running averages and validation; other processes used {others:.1f} processors")
    return {"epochs": report, "other_processors": others}


def parsed():
    parser = argparse.ArgumentParser(prog="ci/compare-peers")
    parser.add_argument("--experiment", action="append", choices=experiments.EXPERIMENTS)
    parser.add_argument("--peers", default="torch,torch-compile,jax")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--warmup", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--check-only", action="store_true")
    parser.add_argument("--signet", required=True)
    options = parser.parse_args()
    options.experiment = options.experiment or list(experiments.EXPERIMENTS)
    options.peers = options.peers.split(",")
    if not set(options.peers) <= set(PEERS) or min(options.rounds, options.steps, options.threads) < 1:
        parser.error(f"expected positive numbers and peers of {','.join(PEERS)}")
    return options


def main():
    options = parsed()
    processors = sorted(os.sched_getaffinity(0))[: options.threads]
    if len(processors) < options.threads:
        sys.exit(f"ci/compare-peers: expected {options.threads} processors, found {len(processors)}")
    os.sched_setaffinity(0, processors)
    reports = []
    with tempfile.TemporaryDirectory() as folder:
        for experiment in options.experiment:
            print(f"{experiment}, discrete-sign, ternary, batch {experiments.BATCH}, {options.threads} threads", flush=True)
            check(experiment, options.peers, options.threads, pathlib.Path(folder))
            if options.check_only:
                continue
            contestants = [Signet(options.signet, experiment, options.threads)]
            contestants += [Peer(name, experiment, options.threads) for name in options.peers]
            for peer in contestants[1:]:
                peer.step(1, 5)  # Compiles.
            report = {"experiment": experiment, "batch": experiments.BATCH, "threads": options.threads}
            report |= time_steps(contestants, options)
            if options.epochs:
                for peer in contestants[1:]:
                    peer.epoch(2)  # Compiles.
                report["epoch"] = time_epochs(contestants, options)
            reports.append(report)
            for contestant in contestants:
                contestant.close()
    if options.json:
        partial = options.json.with_name(options.json.name + ".partial")
        partial.write_text(json.dumps(reports, indent=2) + "\n")
        partial.rename(options.json)


if __name__ == "__main__":
    main()
