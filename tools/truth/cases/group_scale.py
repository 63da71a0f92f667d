"""Truth of group_scale."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import lib  # noqa: E402
import numpy as np  # noqa: E402


def model(nframes=None, divisor=None, nan=False):
    m = lib.uncal("NIRSPEC", ngroups=3, shape=(8, 8))
    m.meta.exposure.nframes = nframes
    m.meta.exposure.frame_divisor = divisor
    return m


lib.case("group_scale", "three_by_four", model(3, 4), doc="NFRAMES=3, FRMDIVSR=4: everything times 4/3")
lib.case("group_scale", "five_by_four", model(5, 4), doc="NFRAMES=5, FRMDIVSR=4: smaller values")
lib.case("group_scale", "equal", model(8, 8), doc="equal: skipped")
lib.case("group_scale", "no_divisor", model(3, None), doc="no FRMDIVSR and no power of two: skipped")
lib.case("group_scale", "no_nframes", model(None, 4), doc="no NFRAMES: skipped")
ramp = lib.ramp("NIRCAM", nints=2, ngroups=3, shape=(6, 7))
ramp.data[0, 1, 2, 3] = np.nan
ramp.data[1, 2, 0, 0] = np.inf
ramp.meta.exposure.nframes, ramp.meta.exposure.frame_divisor = 6, 8
lib.case("group_scale", "ramp_nan", ramp, doc="a float ramp with NaN and infinity")
