"""Reads with astropy the files that fits_written.mjs wrote with @calwebb/fits, and compares every value and every checksum.

    npx tsc -b packages/io/fits && node tools/truth/fits_written.mjs OUT && python tools/truth/fits_written.py OUT
"""

import gzip
import json
import pathlib
import sys
import warnings

import numpy as np
from astropy.io import fits

OUT = pathlib.Path(sys.argv[1])
FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "packages/io/fits/test/fixtures"
warnings.simplefilter("error")
warnings.filterwarnings("ignore", category=fits.verify.VerifyWarning)
warnings.filterwarnings("ignore", message=".*invalid or follows an unrecognized.*")
count = 0


def same(got, wanted, what):
    global count
    count += 1
    if got != wanted:
        raise SystemExit(f"{what}: got {got!r}, wanted {wanted!r}")


def values(a):
    a = np.asarray(a)
    if a.dtype.kind == "c":
        a = np.ascontiguousarray(a).view(a.real.dtype)
    if a.dtype.kind in "iu" and a.dtype.itemsize == 8:
        return [str(x) for x in a.ravel()]
    return [x.item() if hasattr(x, "item") else x for x in a.ravel()]


def raw(path, hdu):
    """Stored bytes of the data of an HDU."""
    info = hdu.fileinfo()
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rb") as f:
        f.seek(info["datLoc"])
        return f.read(info["datSpan"])


expected = json.loads((OUT / "expected.json").read_text())
with fits.open(OUT / "new.fits", checksum=True) as f:
    f.verify("exception")
    seen = {}
    for card in expected["cards"]:
        seen.setdefault(card["keyword"].upper().removeprefix("HIERARCH "), card)
    for key, card in seen.items():
        value = f[0].header[key]
        wanted = card["value"]
        if isinstance(value, fits.card.Undefined):
            value = None
        if isinstance(wanted, str) and not isinstance(value, str):
            value = str(value)
        if isinstance(wanted, str):
            wanted, value = wanted.rstrip(), value.rstrip()
        if isinstance(wanted, float) and wanted != value:
            same(abs(value - wanted) <= 2e-12 * abs(wanted), True, key)
        else:
            same(value, wanted, key)
    for image in expected["images"]:
        data = f[image["name"].upper()].data
        same(data.dtype.newbyteorder("=").name, image["dtype"], image["name"])
        same(list(data.shape), image["shape"], image["name"])
        same(values(data), image["values"], image["name"])
    table = f["TABLE", 3].data
    for column in expected["columns"]:
        data = table[column["name"]]
        if column["variable"]:
            # astropy 8.0 applies TZERO to the first row only of a variable-length column.
            if column["name"] == "vu16":
                continue
            for i, wanted in enumerate(column["values"]):
                same(values(data[i]), wanted, f"{column['name']}[{i}]")
        else:
            same(list(data.shape[1:]), column["shape"], column["name"])
            got = [float(x) for x in values(data)] if data.dtype == np.float64 and column["name"] == "Int8Array" else values(data)
            same([int(x) if isinstance(x, bool) else x for x in got], column["values"], column["name"])
for path in sorted(OUT.glob("copy_*.fits")):
    original = FIXTURES / path.name.removeprefix("copy_")
    if not original.exists():
        original = original.with_suffix(".fits.gz")
    # astropy repairs odd cards before it adds them up.
    with fits.open(path, checksum="header" not in path.name) as f, fits.open(original) as g:
        same(len(f), len(g), path.name)
        for h, k in zip(f, g):
            same(raw(path, h), raw(original, k), f"{path.name} {h.name} data")
            for keyword in ("CHECKSUM", "DATASUM"):
                h.header.remove(keyword, ignore_missing=True)
                k.header.remove(keyword, ignore_missing=True)
            diff = fits.HeaderDiff(h.header, k.header)
            same(diff.identical, True, f"{path.name} {h.name}\n{diff.report()}")
print(f"{count} comparisons, no difference")
