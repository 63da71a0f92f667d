"""Compares FITS files of the reference implementation with what calwebb makes of them when it opens and saves them.

    npx tsc -b packages/core/datamodels
    python tools/truth/datamodels_roundtrip.py FOLDER_OR_FILE...     files found there
    python tools/truth/datamodels_roundtrip.py --all-models          one file of every model class, every keyword set

A copy must be equal card for card (except DATE and FILENAME) and byte for byte; a copy made without the file at hand
equal in keywords, values and order. Prints what differs.
"""

import copy
import difflib
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
from asdf.tags.core import ndarray
from astropy.io import fits
from stdatamodels.jwst import datamodels as dm
from stdatamodels.jwst.datamodels import _defined_models

HERE = Path(__file__).resolve().parent
warnings.simplefilter("ignore")
FREE = ("DATE", "FILENAME")


def leaves(schema, path=()):
    if "datatype" in schema or "ndim" in schema or "max_ndim" in schema:
        yield path, schema
    elif "properties" in schema:
        for name, sub in schema["properties"].items():
            if name != "extra_fits":
                yield from leaves(sub, (*path, name))
    elif isinstance(schema.get("items"), dict) and "properties" in schema["items"]:
        for i in (0, 1):
            yield from leaves(schema["items"], (*path, i))
    else:
        yield path, schema


def scalar(schema, n):
    for s in (schema, *schema.get("anyOf", [])):
        if "enum" in s:
            return s["enum"][n % len(s["enum"])]
    if "pattern" in schema:
        return None
    kinds = {"string": f"text {n}", "number": n * 1.25 if n % 3 else float(n), "integer": n, "boolean": bool(n % 2), None: f"any{n}"}
    return kinds.get(schema.get("type"))


def array(schema, rng):
    kind = schema["datatype"]
    if not (isinstance(kind, list) and any(isinstance(c, dict) for c in kind)):
        ndim = schema.get("ndim") or min(schema.get("max_ndim", 2), 2)
        return (rng.random([2, 3, 2, 3][:ndim]) * 100).astype(kind)
    columns = copy.deepcopy(kind)
    for c in columns:
        ndim = c.pop("ndim", None) or c.pop("max_ndim", None)
        c.pop("max_ndim", None)
        if ndim and "shape" not in c:
            c["shape"] = [2] * ndim
    table = np.zeros(2, dtype=ndarray.asdf_datatype_to_numpy_dtype(columns))
    for k, name in enumerate(table.dtype.names):
        base = table.dtype[name].base
        table[name] = f"t{k}".encode()[: base.itemsize] if base.kind == "S" else k % 2 if base.kind == "b" else k % 100 + (base.kind == "f") * 0.5
    return table


def place(model, path, value):
    node = model
    for part in path[:-1]:
        if isinstance(part, int):
            while len(node) <= part:
                node.append({})
            node = node[part]
        else:
            node = getattr(node, part)
    setattr(node, path[-1], value)


def every_model(folder):
    rng = np.random.default_rng(1)
    for name, cls in sorted(_defined_models.items()):
        model = cls()
        try:
            for n, (path, schema) in enumerate(leaves(model.schema)):
                if path in (("meta", "model_type"), ("meta", "filename")) or (path == ("meta", "telescope") and model.meta.telescope):
                    continue
                if "datatype" in schema and "fits_hdu" in schema:
                    place(model, path, array(schema, rng))
                elif "fits_keyword" in schema and (value := scalar(schema, n)) is not None:
                    place(model, path, value)
            model.extra_fits = {"PRIMARY": {"header": [["XYZ", 3, "note"], ["XYF", 2.0, ""]]}}
            model.history = ["one", "two " * 30]
            model.save(f"{folder}/{name}.fits")
            yield f"{folder}/{name}.fits"
        except Exception as error:
            print("not made:", name, type(error).__name__)


def cards(header, exact):
    kept = [c for c in header.cards if c.keyword not in FREE]
    return [c.image.rstrip() if exact else str((c.keyword, c.value if c.keyword else "")) for c in kept]


def differences(one, other, exact):
    with fits.open(one, disable_image_compression=True) as a, fits.open(other, disable_image_compression=True) as b:
        names = [[(h.name, h.ver) for h in x] for x in (a, b)]
        if names[0] != names[1]:
            yield f"HDUs {names[0]} -> {names[1]}"
            return
        for x, y in zip(a, b):
            if x.name == "ASDF":
                continue
            left, right = cards(x.header, exact), cards(y.header, exact)
            if left != right:
                yield from (f"{x.name}: {line}" for line in list(difflib.unified_diff(left, right, lineterm="", n=0))[2:12])
            if (x.data is None) != (y.data is None) or (x.data is not None and np.asarray(x.data).tobytes() != np.asarray(y.data).tobytes()):
                yield f"{x.name}: data"


def main(arguments):
    with tempfile.TemporaryDirectory() as tmp:
        if arguments == ["--all-models"]:
            files = list(every_model(tmp))
        else:
            paths = [Path(a) for a in arguments]
            files = [str(f) for p in paths for f in (sorted(p.rglob("*.fits")) if p.is_dir() else [p])]
        Path(f"{tmp}/list").write_text("\n".join(files) + "\n")
        subprocess.run(["node", str(HERE / "resave.mjs"), f"{tmp}/list", f"{tmp}/out"], check=True)
        equal = 0
        for n, file in enumerate(files):
            found = []
            for suffix, exact in (("", True), ("b", False)):
                copied = Path(f"{tmp}/out/{n}{suffix}.fits")
                found += [f"{suffix or 'a'} {d}" for d in differences(file, copied, exact)] if copied.exists() else ["not saved"]
            equal += not found
            if found:
                print(file, *found, sep="\n    ")
        print(f"{equal} of {len(files)} files are equal")


main(sys.argv[1:])
