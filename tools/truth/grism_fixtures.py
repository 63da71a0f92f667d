"""Grism dispersions and array conditions with their values, made by the JWST transforms: packages/core/wcs/test/fixtures/grism.asdf and .json.

    python tools/truth/grism_fixtures.py            writes the fixtures
    python tools/truth/grism_fixtures.py FILE       checks an ASDF file that calwebb wrote from them (tools/truth/wcs_written.mjs OUT grism)
"""

import json
import sys
import warnings
from pathlib import Path

import asdf
import numpy as np
from astropy.modeling import models as m
from stdatamodels.jwst.transforms import models as jw

warnings.simplefilter("ignore")
HERE = Path(__file__).resolve().parents[2] / "packages/core/wcs/test/fixtures"
rng = np.random.default_rng(11)
N = 24


def field(value, degree=2):
    """A coefficient that changes by some per cent over the detector."""
    names = [f"c{i}_{j}" for i in range(degree + 1) for j in range(degree + 1 - i)]
    terms = {n: value * rng.normal() * 2e-2 * 1e-3 ** (int(n[1]) + int(n[3])) for n in names}
    terms["c0_0"] = value
    return m.Polynomial2D(degree, **terms)


def fields(*values):
    return [field(v) for v in values]


def poly(*c):
    return m.Polynomial1D(len(c) - 1, **{f"c{i}": v for i, v in enumerate(c)})


CASES = {}
X0, Y0 = rng.uniform(5, 2040, N), rng.uniform(5, 2040, N)
X0[:6], Y0[:6] = 700.5, 810.25
ORDERS = np.where(np.arange(N) % 3 == 2, 2, 1)
ORDERS[:6] = 1


def forward(name, model, inverse=None):
    """Points along the trace, across it and well outside; one not a number."""
    at = np.linspace(-1700, 1700, N)
    rng.shuffle(at)
    dx = at if "Row" in type(model).__name__ else rng.normal(size=N)
    dy = rng.normal(size=N) if "Row" in type(model).__name__ else at
    x, y = X0 + dx, Y0 + dy
    x[7] = y[7] = np.nan
    if inverse is not None:
        model.inverse = inverse
    CASES[name] = (model, [x, y, X0, Y0, ORDERS.astype(float)])


def backward(name, model, low, high, nan=True):
    w = np.linspace(max(0.0, low - 0.4), high + 0.4, N)
    rng.shuffle(w)
    if nan:
        w[7] = np.nan
    CASES[name] = (model, [X0, Y0, w, ORDERS.astype(float)])


# NIRCam: trace forms of one function of t, of the same in a list, of coefficients that depend on the position.
ALONG = {
    "bare": [poly(-1000.0, 1900.0), poly(-900.0, 2000.0)],
    "single": [[poly(-1000.0, 1900.0)], [poly(1100.0, -2300.0)]],
    "two": [fields(-1000, 1900), fields(900, -1800)],
    "three": [fields(-1000, 1900, 40), fields(900, -1800, 65)],
    "turning": [fields(-1000, 1900, -1500), fields(900, -1800, 65, 31, -12)],
    "constant": [fields(12), fields(-9, 700)],
}
ACROSS = {
    "bare": [poly(1.5, -2.0, 0.3), poly(1.1)],
    "single": [[poly(1.5, -2.0, 0.3)], [poly(1.1, 0.2)]],
}
ACROSS["two"] = ACROSS["three"] = ACROSS["turning"] = ACROSS["constant"] = [fields(1.5, -2), fields(0.5, 1, -0.4)]
WAVE = {
    "bare": [poly(2.4, 2.6), poly(2.35, 1.3, 0.1)],
    "single": [[poly(2.4, 2.6)], [poly(5.0, -2.6)]],
    "two": [fields(2.4, 2.6), fields(5.1, -2.7)],
    "three": [fields(2.4, 2.6, 0.12), fields(5.1, -2.7, 0.2)],
    "turning": [fields(2.4, 2.6, -1.9), fields(2.4, 1.1, 1.3, -0.4)],
    "constant": [[poly(2.4, 2.6)], fields(2.4, 2.6)],
}
for form in ALONG:
    args = dict(orders=[1, 2], lmodels=WAVE[form])
    row = dict(xmodels=ALONG[form], ymodels=ACROSS[form], **args)
    col = dict(xmodels=ACROSS[form], ymodels=ALONG[form], **args)
    if form == "constant":
        # A displacement of one coefficient is one function of t when going backward; only the forward transform takes it.
        forward("nircam_row_constant", jw.NIRCAMForwardRowGrismDispersion(**row))
        continue
    forward(f"nircam_row_{form}", jw.NIRCAMForwardRowGrismDispersion(**row), jw.NIRCAMBackwardGrismDispersion(**row))
    forward(f"nircam_column_{form}", jw.NIRCAMForwardColumnGrismDispersion(**col), jw.NIRCAMBackwardGrismDispersion(**col))
    backward(f"nircam_backward_row_{form}", jw.NIRCAMBackwardGrismDispersion(**row), 2.4, 5)
    backward(f"nircam_backward_column_{form}", jw.NIRCAMBackwardGrismDispersion(**col), 2.4, 5)

# NIRISS and MIRI.
INV = [poly(-1.1, 0.72), poly(-0.9, 0.6, 0.01)]
LAM = [poly(1.55, 1.35), poly(1.5, 1.6, 0.05)]
LONG = [fields(-160, 410), fields(300, -610, 33)]
SHORT = [fields(3.3), fields(-2, 1, 5)]
for theta in (0.0, -0.6, 2.5):
    for axis, cls in (("row", jw.NIRISSForwardRowGrismDispersion), ("column", jw.NIRISSForwardColumnGrismDispersion)):
        xm, ym = (LONG, SHORT) if axis == "row" else (SHORT, LONG)
        back = jw.NIRISSBackwardGrismDispersion([1, 2], lmodels=INV, xmodels=xm, ymodels=ym, theta=theta)
        forward(f"niriss_{axis}_{theta}", cls([1, 2], lmodels=LAM, xmodels=xm, ymodels=ym, theta=theta), back)
        backward(f"niriss_backward_{axis}_{theta}", back, 1.5, 2.9)
cubic = dict(xmodels=[fields(1, 2, -1, 0.3), fields(2, 1)], ymodels=[fields(150, -320, 11, 3), fields(-100, 280)])
miri = jw.MIRIWFSSBackwardDispersion([1, 2], lmodels=INV, **cubic)
forward("miri", jw.MIRIWFSSForwardDispersion([1, 2], lmodels=[poly(4.0, 9.0), poly(4.0, 8.0, 0.3)], **cubic), miri)
backward("miri_backward", miri, 4, 13)

LIST = rng.normal(size=N)
LIST[3] = np.nan
LIST[5:8] = np.round(LIST[5:8], 1)
LIMIT, VALUE = rng.normal(size=N), np.arange(N) + 100.0
LIMIT[5:8] = LIST[5:8]
LIMIT[9] = np.nan
for condition in ("GT", "LT", "EQ", "NE"):
    CASES[f"logical_{condition}"] = (jw.Logical(condition, LIMIT, VALUE), [LIST])
    CASES[f"logical_{condition}_number"] = (jw.Logical(condition, LIST[6], -7.5), [LIST])


def at_points(model, inputs):
    """Point by point: with arrays the transforms take the order, and in part the source, of the first point for all."""
    if model.n_inputs == 1:
        return [np.asarray(model(*inputs), dtype=float)]
    rows = [[float(np.ravel(v)[0]) for v in model(*p, with_bounding_box=False)] for p in zip(*inputs)]
    return [np.array(c) for c in zip(*rows)]


def arrays_agree(model, inputs, output):
    """Six points of one source in one call give the same."""
    first = [v[:6] for v in inputs]
    one = [v[:1] for v in first]
    if model.n_inputs == 5:
        source = one[2:4] if "NIRCAM" in type(model).__name__ else first[2:4]
        got, k = model.evaluate(*first[:2], *source, first[4]), 2
    elif model.n_inputs == 4:
        got, k = model.evaluate(*one[:2], *first[2:]), 0
    else:
        return
    np.testing.assert_allclose(np.ravel(got[k]), output[k][:6], rtol=1e-14)


def numbers(arrays):
    return [[None if not np.isfinite(v) else float(v) for v in a] for a in arrays]


def values(model, inputs):
    out = at_points(model, inputs)
    truth = {"input": numbers(inputs), "output": numbers(out)}
    if model.n_inputs == 5:
        try:
            back = model.inverse
        except NotImplementedError:
            return truth
        good = [np.where(np.isfinite(out[2]) & (out[2] >= 0), a, 1.0) for a in out]
        good[0], good[1], good[3] = out[0], out[1], out[3]
        truth["inverse_input"] = numbers(good)
        truth["inverse"] = numbers(at_points(back, good))
    return truth


def write():
    asdf.AsdfFile({"transforms": {n: c[0] for n, c in CASES.items()}}).write_to(HERE / "grism.asdf", all_array_storage="internal")
    truth = {n: values(*c) for n, c in CASES.items()}
    for name, (model, inputs) in CASES.items():
        arrays_agree(model, inputs, at_points(model, inputs))
    (HERE / "grism.json").write_text(json.dumps(truth))
    print(len(CASES), "transforms,", (HERE / "grism.asdf").stat().st_size, "bytes")


def check(file):
    truth = json.loads((HERE / "grism.json").read_text())
    worst = 0.0
    # Arrays are read at once: the transforms tell arrays from numbers by their class.
    with asdf.open(file, lazy_load=False) as f:
        for name, (model, inputs) in CASES.items():
            read = f["transforms"][name]
            assert type(read) is type(model) and read.name == model.name, name
            got, want = values(read, inputs), truth[name]
            assert got.keys() == want.keys(), name
            for key in want:
                a, b = (np.array(v[key], dtype=float) for v in (got, want))
                np.testing.assert_allclose(a, b, rtol=1e-13, atol=1e-13, err_msg=f"{name} {key}")
                worst = max(worst, np.nanmax(np.abs(a - b) / np.maximum(1, np.abs(b))))
    print(f"{file}: {len(CASES)} transforms, largest difference {worst:.1e}")


if __name__ == "__main__":
    check(sys.argv[1]) if len(sys.argv) > 1 else write()
