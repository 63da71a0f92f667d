"""Write the ASDF fixtures of packages/io/asdf with the Python asdf library, and beside each what that library reads from it.

Run: python tools/truth/asdf_fixtures.py packages/io/asdf/test/fixtures

With --check and a folder of rewritten files (CALWEBB_ASDF_OUT=folder npx vitest run packages/io/asdf) it reads those with all
warnings as errors and compares them with the fixtures:

     python tools/truth/asdf_fixtures.py packages/io/asdf/test/fixtures --check folder

In the JSON, {"$float": text} is a float (integers are plain), {"$tag": tag, "value": ...} a tagged node, {"$array": ...} an array.
"""

import datetime
import json
import math
import pathlib
import sys
import warnings

import asdf
import astropy.time
import astropy.units
import numpy as np
from asdf.tagged import Tagged

asdf.get_config().validate_on_read = True
OUT = pathlib.Path(sys.argv[1])


def number(x):
    if isinstance(x, (float, np.floating)):
        x = float(x)
        return {"$float": "nan" if math.isnan(x) else repr(x)}
    return int(x)


def array(a):
    a = np.ma.filled(np.asanyarray(a)) if not np.ma.isMaskedArray(a) else a.data
    if a.dtype.fields:
        return {"$fields": {n: array(a[n]) for n in a.dtype.names}, "shape": list(a.shape)}
    if a.dtype.kind == "S":
        return {"$text": [s.decode("ascii") for s in a.ravel().tolist()], "shape": list(a.shape)}
    if a.dtype.kind == "U":
        return {"$text": a.ravel().tolist(), "shape": list(a.shape)}
    if a.dtype.kind == "c":
        a = np.stack([a.real, a.imag], -1)
    values = [str(v) if a.dtype.itemsize == 8 and a.dtype.kind in "iu" else
              (repr(v) if isinstance(v, float) and not math.isfinite(v) else v) for v in a.ravel().tolist()]
    kind = {"b": "bool8"}.get(a.dtype.kind, a.dtype.name)
    return {"$array": "float32" if kind == "float16" else kind, "shape": list(a.shape), "values": values}


def node(x):
    if isinstance(x, Tagged):
        tag, value = x._tag, getattr(x, "data", x)
        if "core/complex" in tag:
            z = complex(str(value).replace("i", "j").replace("jnf", "inf"))
            return {"$complex": [repr(z.real), repr(z.imag)]}
        if tag.startswith("tag:stsci.edu:asdf/core/"):
            return node(value)
        return {"$tag": tag, "value": node(value)}
    if isinstance(x, dict):
        return {str(k): node(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return [node(v) for v in x]
    if isinstance(x, (bool, str)) or x is None:
        return x
    if isinstance(x, (datetime.datetime, datetime.date)):
        return {"$time": x.isoformat()}
    return number(x)


def expected(path, strict=False):
    """Everything but `arrays` as raw nodes; the members of `arrays` as arrays."""
    with warnings.catch_warnings():
        warnings.simplefilter("error" if strict else "ignore")
        warnings.filterwarnings("ignore", category=asdf.exceptions.AsdfPackageVersionWarning)
        with asdf.open(path, _force_raw_types=True, lazy_load=False, memmap=False) as f:
            tree = {k: node(v) for k, v in f.tree.items() if k not in ("arrays", "asdf_library", "history")}
        with asdf.open(path, lazy_load=False, memmap=False) as f:
            arrays = {k: array(v) for k, v in f.tree.get("arrays", {}).items()}
    return {"tree": tree, "arrays": arrays,
            "provenance": f"asdf {asdf.__version__}, numpy {np.__version__}"}


def save(name, tree, **options):
    path = OUT / f"{name}.asdf"
    version = options.pop("version", "1.6.0")
    entries = options.pop("history", [])
    f = asdf.AsdfFile(tree, version=version)
    for entry in entries:
        f.add_history_entry(entry)
    f.write_to(path, **options)
    note(name, path)


def note(name, path):
    (OUT / f"{name}.json").write_text(json.dumps(expected(path), separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")


if "--check" in sys.argv:
    failed = 0
    for path in sorted(pathlib.Path(sys.argv[-1]).glob("*.asdf")):
        want = json.loads((OUT / f"{path.stem.split('@')[0]}.json").read_text(encoding="utf-8"))
        got = json.loads(json.dumps(expected(path, strict=True)))
        bad = [k for part in ("tree", "arrays") for k in {**want[part], **got[part]} if want[part].get(k) != got[part].get(k)]
        failed += bool(bad)
        print(path.name, "differs in " + ", ".join(bad) if bad else "agrees")
    sys.exit(failed)

SCALARS = {
    "ints": [0, 1, -7, 2**31, 2**53, 2**53 + 1, 2**63 - 1, -(2**62)],
    "floats": [0.0, -0.0, 1.0, -3.0, 0.5, 1e-5, 1e22, 1.5e300, 5e-324, math.inf, -math.inf],
    "nan": math.nan,
    "mixed": [1, 1.0, 2, 2.5],
    "bools": [True, False],
    "none": None,
    "words": ["yes", "no", "y", "n", "on", "true", "null", "~", "", "1", "1.0", "1e5", "010", "0x1f", "12:30:45", "=", "<<",
              "2024-01-01", ".nan", "-", "- a", "a: b", "a #b", "#a", "'quoted'", '"double"', "tab\there", "line\nbreak",
              " lead", "trail ", "*a", "&a", "!a", "%a", "@a", "`a", "{a}", "[a]", "a,b", "é", "日本", "🙂", "\\", "nul\0x",
              "x" * 300, "word " * 60],
    "empty": {"list": [], "map": {}},
    "nested": [[1, 2], [3, [4, {"five": 5}]]],
    "keys": {"plain": 1, "with space": 2, "with: colon": 3, "yes": 4, "12": 5, "é": 6, "k" * 130: 7},
    "integer keys": {1: "one", 2: "two", "three": 3},
}

shared = {"a": [1, 2, 3], "b": 1.0}
TREE = {
    **SCALARS,
    "shared": {"first": shared, "second": shared, "list": shared["a"]},
    "time": astropy.time.Time("2024-01-02T03:04:05.678", scale="utc"),
    "time_jd": astropy.time.Time(2460000.25, format="jd", scale="tdb"),
    "unit": astropy.units.Unit("km / s"),
    "quantity": 2.0 * astropy.units.micron,
    "complex": [1 + 2j, -0.5j, complex(3.5, 0), complex(math.inf, -1), complex(1e-7, 1e22)],
    "date": datetime.datetime(2024, 1, 2, 3, 4, 5, 600000),
}

rng = np.random.default_rng(1)
base = np.arange(24, dtype="<i4").reshape(4, 6)
structured = np.zeros(3, dtype=[("x", ">f4"), ("n", "<i2", (2,)), ("name", "S4"), ("sub", [("u", "<u8"), ("label", "<U2")])])
structured["x"] = [1.5, -2.5, np.nan]
structured["n"] = [[1, 2], [3, 4], [5, 6]]
structured["name"] = [b"ab", b"cdef", b""]
structured["sub"]["u"] = [0, 1, 2**64 - 1]
structured["sub"]["label"] = ["é", "", "zz"]
ARRAYS = {
    **{t: np.array([0, 1, 100], dtype=t) for t in ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64")},
    "big_int64": np.array([-(2**62), 2**62], dtype=">i8"),
    "bool": np.array([[True, False], [False, True]]),
    "float16": np.array([0.0, -1.5, 65504, 6e-8, np.inf, np.nan], dtype="float16"),
    "float32": np.array([1.5, np.nan, -np.inf], dtype=">f4"),
    "float64": rng.normal(size=(2, 3, 4)),
    "complex64": np.array([1 + 2j, -3j], dtype=">c8"),
    "complex128": np.array([[1 + 2j, -3j]], dtype="<c16"),
    "base": base,
    "column": base[:, 1],
    "corner": base[1:3, ::2],
    "flipped": base[::-1, ::-1],
    "transposed": base.T,
    "empty": np.zeros((0, 3)),
    "scalar": np.array(7.25),
    "ascii": np.array([b"abc", b"", b"z"]),
    "ucs4": np.array([["é", "日本"], ["", "x"]]),
    "structured": structured,
}

save("scalars", TREE, history=["first", "second"])
save("arrays", {"arrays": ARRAYS})
save("inline", {"arrays": {
    "ints": np.array([[1, 2], [3, 4]]), "floats": np.array([1.0, 2.0, np.nan]), "bools": np.array([True, False]),
    "uint8": np.array([1, 2], dtype="uint8"), "complex": np.array([1 + 2j, 3.0]), "text": np.array(["a", "bcd"]),
    "float32": np.array([[0.5], [1.0]], dtype="f4")}}, all_array_storage="inline")
for method in ("zlib", "bzp2", "lz4"):  # lz4 needs the Python package of that name
    save(method, {"arrays": {"ramp": np.arange(600, dtype="<f4"), "zeros": np.zeros(900, dtype="u1"),
                             "noise": rng.integers(0, 256, 500, dtype="u1"), "runs": np.repeat(np.arange(10, dtype="u1"), 37)}},
         all_array_compression=method)
for version in ("1.2.0", "1.3.0", "1.4.0", "1.5.0"):
    save(f"standard-{version}", {"arrays": {"a": np.arange(5.0)}, "n": 1, "x": 2.0, "c": 1 + 1j}, version=version, history=["made"])
save("padded", {"arrays": {"a": np.arange(5, dtype="<i2"), "b": np.arange(7, dtype="<i4")}}, pad_blocks=True)

path = OUT / "streamed.asdf"
stream = asdf.AsdfFile({"arrays": {"fixed": np.arange(3.0), "rows": asdf.tags.core.Stream([4], np.float32)}})
with open(path, "wb") as fd:
    stream.write_to(fd)
    for i in range(6):
        fd.write(np.array([i] * 4, np.float32).tobytes())
note("streamed", path)

asdf.AsdfFile({"arrays": {"a": np.arange(50.0)}}).write_to(OUT / "external.asdf", all_array_storage="external")
for extra in OUT.glob("external0*.asdf"):
    extra.unlink()
