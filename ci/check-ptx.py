"""Compiles the text that devices compile as CUDA C++, by NVRTC, and checks that the PTX computes what was asked for: every operation rounded
to nearest, none approximate, none that flushes subnormal numbers, and no fused multiply-add beyond those asked for by name.

Usage: check-ptx.py TEXT         the output of `signet devices --text`
       check-ptx.py --self-test  checks that compilers' options which break this are noticed
"""

import ctypes
import pathlib
import re
import sys

# As CUDA devices compile the text.
OPTIONS = ["--gpu-architecture=compute_90", "--fmad=false", "-default-device"]
# The kernels that fuse multiply-adds in single precision.
FUSED = {"product_128", "product_64", "product_32", "multiply_adds"}
ARITHMETIC = re.compile(r"^\s*(?:@!?%\w+\s+)?((?:add|sub|mul|fma|mad|div|rcp|sqrt|rsqrt|ex2|lg2|sin|cos|tanh|cvt)\.\S*)", re.M)


def library():
    for folder in sys.path:
        found = sorted(pathlib.Path(folder).glob("nvidia/**/libnvrtc.so.*"))
        if found:
            # NVRTC finds this one by its name if it has been loaded.
            for builtins in found[0].parent.glob("libnvrtc-builtins.so.*"):
                ctypes.CDLL(str(builtins), mode=ctypes.RTLD_GLOBAL)
            return ctypes.CDLL(str(found[0]))
    sys.exit("check-ptx: expected the package nvidia-cuda-nvrtc, found no libnvrtc")


def compiled(text, options):
    nvrtc, program, size = library(), ctypes.c_void_p(), ctypes.c_size_t()
    given = (ctypes.c_char_p * len(options))(*[option.encode() for option in options])
    if nvrtc.nvrtcCreateProgram(ctypes.byref(program), text.encode(), b"signet.cu", 0, None, None) != 0:
        sys.exit("check-ptx: nvrtcCreateProgram failed")
    status = nvrtc.nvrtcCompileProgram(program, len(options), given)
    log = status != 0
    name = "nvrtcGetProgramLog" if log else "nvrtcGetPTX"
    getattr(nvrtc, name + "Size")(program, ctypes.byref(size))
    buffer = ctypes.create_string_buffer(size.value)
    getattr(nvrtc, name)(program, buffer)
    if log:
        sys.exit("check-ptx: NVRTC refused the text:\n" + buffer.value.decode()[:4000])
    return buffer.value.decode()


def entries(ptx):
    """The instructions of each kernel and function, by name."""
    parts = re.split(r"^(?:\.visible )?\.(?:entry|func)\s*(?:\([^)]*\)\s*)?(\w+)", ptx, flags=re.M)
    return {name: ARITHMETIC.findall(body) for name, body in zip(parts[1::2], parts[2::2])}


def problems(ptx):
    found = []
    for name, instructions in entries(ptx).items():
        for instruction in instructions:
            parts = instruction.split(".")
            if not {"f32", "f64"} & set(parts):
                continue
            if {"ftz", "approx", "full", "sat"} & set(parts):
                found.append(f"{name}: {instruction}")
            elif parts[0] in {"add", "sub", "mul", "fma", "mad", "div", "rcp", "sqrt"} and "rn" not in parts:
                found.append(f"{name}: {instruction} is not rounded to nearest")
            elif instruction.startswith(("fma.rn.f32", "fma.rn.ftz.f32")) and name not in FUSED:
                found.append(f"{name}: {instruction}, which nobody asked for")
    return found


def fused(ptx):
    return sum(instruction.startswith("fma.") for instructions in entries(ptx).values() for instruction in instructions)


def check(text):
    ptx = compiled(text, OPTIONS)
    found = problems(ptx)
    kernels = len(re.findall(r"^\.visible \.entry", ptx, re.M))
    # The compiler must fuse nothing on its own: without the multiply-adds asked for there are none.
    plain = text.replace("#define FMA(a, b, c) fma(a, b, c)", "#define FMA(a, b, c) ((a) * (b) + (c))")
    if plain == text:
        found.append("the text defines no FMA")
    elif fused(compiled(plain, OPTIONS)):
        found.append("fused multiply-adds that nobody asked for, in the text without those asked for")
    if kernels < 80:
        found.append(f"expected 80 kernels or more, found {kernels}")
    for problem in found:
        print(f"check-ptx: {problem}")
    if not found:
        print(f"check-ptx: {kernels} kernels, {fused(ptx)} fused multiply-adds, all asked for; every operation rounded to nearest")
    return not found


def self_test():
    text = """extern "C" __global__ void product_64(float *x) { x[0] = fmaf(x[1], x[2], x[3]); }
    extern "C" __global__ void other(float *x) { x[0] = x[1] * x[2] + x[3]; x[4] = x[5] / x[6]; x[7] = sqrtf(x[8]); }"""
    expected = [([], False), (["--fmad=true"], True), (["-ftz=true"], True), (["-prec-div=false"], True),
                (["-prec-sqrt=false"], True), (["-use_fast_math"], True)]
    failed = False
    for options, is_wrong in expected:
        given = [option for option in OPTIONS if not any(option.split("=")[0] == other.split("=")[0] for other in options)]
        if bool(problems(compiled(text, given + options))) != is_wrong:
            print(f"check-ptx: self-test: {' '.join(options) or 'no options'}: expected {'a problem' if is_wrong else 'none'}")
            failed = True
    return not failed


if len(sys.argv) != 2:
    sys.exit(__doc__)
sys.exit(0 if (self_test() if sys.argv[1] == "--self-test" else check(open(sys.argv[1]).read())) else 1)
