"""Truth of saturation."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import lib  # noqa: E402
import numpy as np  # noqa: E402


def ramp(nframes=1, ngroups=6, shape=(24, 26), nints=2, seed=4, level=1.0, instrument="NIRCAM", **kw):
    """Ramps of which some saturate at different groups, some reach the A/D floor."""
    rng = np.random.default_rng(seed)
    rate = np.where(rng.uniform(size=shape) < 0.12, rng.uniform(4000, 40000, shape), rng.uniform(5, 300, shape)) * level
    steps = rng.poisson(rate, size=(nints, ngroups) + shape).astype("f4")
    data = np.cumsum(steps, axis=1) + 600
    # jumps within a group: the last frame of it and all later ones lie high
    for _ in range(30 if ngroups > 2 else 0):
        i, g, y, x = rng.integers(nints), rng.integers(1, min(4, ngroups)), rng.integers(shape[0]), rng.integers(shape[1])
        data[i, g, y, x] += 60000 * rng.uniform(0.05, 1)
        data[i, g + 1:, y, x] += 60000
    data = np.minimum(data, 65535).astype("f4")
    data[0, -1, 3, 4], data[0, 0, 6, 7], data[0, ngroups // 3, 8, 8] = 0, -5, np.nan
    m = lib.ramp(instrument, data=data, nframes=nframes, **kw)
    m.groupdq[0, :, 10, 10] = 1
    m.groupdq[0, ngroups // 3, 15, 15] = 2
    m.pixeldq[12, 12] = 1
    return m


def threshold(like, shape=None, start=None, seed=8):
    rng = np.random.default_rng(seed)
    shape = shape or like.data.shape[-2:]
    data = rng.uniform(50000, 60000, shape).astype("f4")
    data[2, 2], data[5, 5] = np.nan, np.nan
    dq = np.zeros(shape, "u4")
    dq[4, 4], dq[7, 9], dq[5, 5] = 16, 1, 16
    return lib.reference("SaturationModel", like, data=data, dq=dq, start=start)


def bias(like, shape=None, start=None):
    rng = np.random.default_rng(6)
    return lib.reference("SuperBiasModel", like, data=rng.normal(500, 8, shape or like.data.shape[-2:]).astype("f4"), start=start)


def case(name, model, params=None, expect_error=False, sat=None, sb=None, doc="", **kw):
    refs = {"saturation": sat or threshold(model), "superbias": sb or bias(model)}
    lib.case("saturation", name, model, params, refs, doc=doc, expect_error=expect_error, **kw)


case("one_frame", ramp(), doc="NFRAMES=1")
case("four_frames", ramp(4), doc="averaged groups: partial saturation, jumps in group 2")
case("eight_frames_grow2", ramp(8, seed=5), {"n_pix_grow_sat": 2}, doc="two layers of neighbours")
case("no_growth", ramp(4, seed=6), {"n_pix_grow_sat": 0}, doc="no neighbours")
case("no_readpatt", ramp(4, seed=7), {"use_readpatt": False}, doc="without the read pattern")
case("no_bias", ramp(4, seed=4), sb="N/A", doc="no superbias: taken as 0")
case("all_saturated", ramp(2, level=400), doc="everything saturated")
case("one_group", ramp(2, ngroups=1, nints=1), doc="one group")
case("two_groups", ramp(4, ngroups=2), doc="two groups: no check of the second by the third")
zero = ramp(4, exposure__zero_frame=True)
zero.zeroframe = (zero.data[:, 0] / 4 + 300).astype("f4")
zero.zeroframe[0, 1, 1], zero.zeroframe[1, 2, 2] = 65000, -1
case("zero_frame", zero, doc="saturated pixels of the zero frame become 0")
sub = ramp(2, start=(31, 41), subarray="SUB64")
case("cut", sub, sat=threshold(sub, (64, 64), (11, 21)), sb=bias(sub, (64, 64), (11, 21)), doc="the references cover more")
lib.case("saturation", "not_applicable", sub, refs={"saturation": "N/A", "superbias": "N/A"}, doc="no reference: skipped")
unknown = ramp()
unknown.meta.exposure.nframes = None
case("no_nframes", unknown, expect_error=True, doc="no NFRAMES but use_readpatt")
import superstripes  # noqa: E402

s = superstripes.ramp(zero_frame=True, ngroups=4)
s.data *= 300
s.meta.exposure.nframes = 2
rng = np.random.default_rng(5)
limits = rng.uniform(200000, 260000, (16, 2048)).astype("f4")
limits[3, 2020:2028] = np.nan
case("superstripes", s, sat=superstripes.full("SaturationModel", s, limits, (limits > 250000).astype("u4") * 16), sb=superstripes.full("SuperBiasModel", s, limits * 0 + 500), doc="thresholds per stripe")


def irs2(detector):
    """A narrow strip of an IRS2 frame."""
    rng = np.random.default_rng(9)
    shape = (3200, 4)
    data = (600 + 50 * np.arange(1, 4)[:, None, None] * rng.integers(1, 5, shape)).astype("f4")
    high = rng.uniform(size=shape) < 0.02
    data[1, high] += 20000
    data[2, high] += 60000
    data[:, rng.uniform(size=shape) < 0.01] = 61000
    data[1, 700:800:7] = 0
    m = lib.ramp("NIRSPEC", data=data[None], nframes=4, exposure__nrs_normal=16, exposure__nrs_reference=4, exposure__zero_frame=True)
    m.zeroframe = (m.data[:, 0] / 4 + 300).astype("f4")
    m.meta.instrument.detector, m.meta.subarray.ysize = detector, 2048
    limits = np.full((2048, 4), 55000, "f4")
    limits[5, 1] = np.nan
    sat = lib.reference("SaturationModel", m, data=limits, dq=np.where(limits[:, ::-1] != limits[:, ::-1], 16, 0).astype("u4"))
    sb = bias(m)
    sb.meta.subarray.ysize = 2048
    return dict(model=m, sat=sat, sb=sb)


case("irs2_nrs1", doc="interleaved reference pixels are left out", **irs2("NRS1"))
case("irs2_nrs2", params={"n_pix_grow_sat": 2}, doc="read backwards", **irs2("NRS2"))
