"""Truth of ipc."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import lib  # noqa: E402
import numpy as np  # noqa: E402
from stdatamodels.jwst import datamodels  # noqa: E402


def kernel(like, *shape, seed=5, pixels=None):
    rng = np.random.default_rng(seed)
    k = rng.normal(-0.01, 0.003, shape + (pixels or ()))
    k[shape[0] // 2, shape[1] // 2] += 1.1
    model = datamodels.IPCModel(data=k.astype("f4"))
    model.meta.instrument.name, model.meta.instrument.detector = like.meta.instrument.name, like.meta.instrument.detector
    return model


def ramp(**kw):
    m = lib.ramp(**kw)
    m.data[0, 0, 5, m.data.shape[-1] // 2] = 60000
    return m


inner = ramp(instrument="NIRCAM", nints=2, ngroups=2, shape=(12, 14), start=(101, 201), subarray="SUB64")
lib.case("ipc", "inner_3x3", inner, refs={"ipc": kernel(inner, 3, 3)}, doc="no reference pixels")
lib.case("ipc", "inner_5x3", inner, refs={"ipc": kernel(inner, 5, 3)}, doc="a kernel that is not square")
corner = ramp(instrument="NIRCAM", ngroups=2, shape=(12, 14), start=(3, 2037), subarray="SUB64")
corner.data[0, 1, 4, 8] = np.nan
lib.case("ipc", "corner_nan", corner, refs={"ipc": kernel(corner, 3, 3)}, doc="reference pixels left and on top, NaN")
miri = ramp(instrument="MIRI", ngroups=2, shape=(10, 12), start=(1, 500), subarray="BRIGHTSKY")
lib.case("ipc", "miri", miri, refs={"ipc": kernel(miri, 3, 3)}, doc="reference columns on the left only")
low = ramp(instrument="NIRCAM", ngroups=1, shape=(9, 10), start=(3, 2), subarray="SUB64")
lib.case("ipc", "per_pixel", low, refs={"ipc": kernel(low, 3, 3, pixels=(14, 16))}, doc="one kernel per pixel, cut at the absolute position")
lib.case("ipc", "not_applicable", low, refs={"ipc": "N/A"}, doc="no reference: skipped")
irs2 = ramp(instrument="NIRSPEC", ngroups=1, shape=(3200, 4), exposure__nrs_normal=16, exposure__nrs_reference=4)
irs2.meta.instrument.detector, irs2.meta.subarray.ysize = "NRS2", 2048
lib.case("ipc", "irs2", irs2, refs={"ipc": kernel(irs2, 3, 3)}, doc="interleaved reference pixels are left out")
