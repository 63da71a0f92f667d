"""Truth of superbias."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import lib  # noqa: E402
import numpy as np  # noqa: E402


def bias(like, shape=None, seed=7, start=None):
    rng = np.random.default_rng(seed)
    shape = shape or like.data.shape[-2:]
    data = rng.normal(500, 8, shape).astype("f4")
    data[1, 2] = np.nan
    dq = np.zeros(shape, "u4")
    dq[1, 2], dq[0, 0] = 257, 256
    return lib.reference("SuperBiasModel", like, data=data, dq=dq, start=start)


ramp = lib.ramp("NIRCAM", nints=2, ngroups=3, shape=(8, 10))
ramp.data[0, 1, 3, 3] = np.nan
ramp.pixeldq[2, 2] = 4
lib.case("superbias", "plain", ramp, refs={"superbias": bias(ramp)}, doc="two integrations, NaN in data and bias, flags joined")

ramp = lib.ramp("NIRCAM", ngroups=3, shape=(8, 10), exposure__zero_frame=True)
ramp.zeroframe = lib.ramp_cube(np.random.default_rng(3), 1, 1, (8, 10))[:, 0]
ramp.zeroframe[0, 1, 1:4] = 0
ramp.zeroframe[0, 2, 2] = np.nan
lib.case("superbias", "zero_frame", ramp, refs={"superbias": bias(ramp)}, doc="zeros of the zero frame stay zero")

ramp = lib.ramp("NIRISS", ngroups=2, shape=(6, 5), start=(11, 21), subarray="SUB64")
lib.case("superbias", "cut", ramp, refs={"superbias": bias(ramp, (20, 16), start=(5, 15))}, doc="the reference covers more")
lib.case("superbias", "not_applicable", ramp, refs={"superbias": "N/A"}, doc="no reference: skipped")
lib.case("superbias", "beyond", ramp, refs={"superbias": bias(ramp, (6, 5), start=(12, 21))}, expect_error=True, doc="the exposure reaches beyond the reference")
import superstripes  # noqa: E402

s = superstripes.ramp(zero_frame=True)
rng = np.random.default_rng(5)
data = rng.normal(500, 8, (16, 2048)).astype("f4")
data[3, 2030] = np.nan
lib.case("superbias", "superstripes", s, refs={"superbias": superstripes.full("SuperBiasModel", s, data, (data > 510).astype("u4") * 256)}, doc="one plane of bias per stripe")
