"""Truth of the linearity step."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from lib import case, ramp, reference  # noqa: E402

rng = np.random.default_rng(11)
SHAPE = (12, 16)


def coefficients(order=4, shape=SHAPE):
    c = np.zeros((order + 1,) + tuple(shape), "f4")
    c[1] = 1 + rng.normal(0, 1e-3, shape)
    for k in range(2, order + 1):
        c[k] = rng.normal(1, 0.1, shape) * 10.0 ** (-5.2 * (k - 1))
    return c


def spoiled(c):
    c[2, 1, 1] = np.nan
    c[0, 1, 2] = np.nan
    c[1, 2, 2] = 0
    c[:, 3, 3] = 0
    dq = np.zeros(c.shape[1:], "u4")
    dq[4, 4] = 32      # NO_LIN_CORR
    dq[4, 5] = 1024    # NONLINEAR
    dq[5, 5] = 32 | 1
    c[3, 5, 5] = np.nan
    return dq


def science(nints=2, ngroups=5, shape=SHAPE, **kw):
    m = ramp("NIRCAM", nints=nints, ngroups=ngroups, shape=shape, data=(np.cumsum(rng.uniform(0, 15000, (nints, ngroups) + shape), 1)).astype("f4"), **kw)
    m.groupdq[m.data > 45000] |= 2
    m.data[0, 1, 6, 6] = np.nan
    m.data[0, 2, 6, 7] = -20
    m.pixeldq[7, 7] = 1 << 20
    m.groupdq[:, :, 8, 8] |= 2
    return m


m = science()
c = coefficients()
dq = spoiled(c)
lin = reference("LinearityModel", m, coeffs=c, dq=dq)
case("linearity", "bad_coefficients", m, {"suffix": "linearity"}, {"linearity": lin}, doc="NaN, zero and flagged coefficients; saturated groups; NaN and negative data")

for order in (1, 2, 5, 7):
    m = science(nints=1)
    case("linearity", f"order{order}", m, {"suffix": "linearity"}, {"linearity": reference("LinearityModel", m, coeffs=coefficients(order), dq=np.zeros(SHAPE, "u4"))})

m = science(exposure__zero_frame=True)
m.zeroframe = m.data[:, 0].copy()
m.zeroframe[0, 2:4] = 0
case("linearity", "zero_frame", m, {"suffix": "linearity"}, {"linearity": lin}, doc="zeros of the zero frame stay zero")

m = science(shape=(9, 10), start=(4, 3))
case("linearity", "subarray_cut", m, {"suffix": "linearity"}, {"linearity": reference("LinearityModel", m, coeffs=(c3 := coefficients(3, (16, 20))), dq=spoiled(c3), start=(1, 1))})

m = science(ngroups=6, nframes=4)
c2 = coefficients(2)
inv = np.zeros_like(c2)
inv[1] = 1
inv[2] = -c2[2]
dq = spoiled_dq = np.zeros(SHAPE, "u4")
dq[4, 4] = 32
inv[2, 1, 1] = np.nan
case("linearity", "averaged_frames", m, {"suffix": "linearity"}, {"linearity": reference("LinearityModel", m, coeffs=c2, inv_coeffs=inv, dq=dq)}, doc="inverse coefficients: every frame of a group is corrected")

m = science(ngroups=6, nframes=4)
m.meta.exposure.read_times = [[1, 2], [3, 4]]
case("linearity", "averaged_frames_read_times", m, {"suffix": "linearity"}, {"linearity": reference("LinearityModel", m, coeffs=c2, inv_coeffs=inv, dq=dq)}, doc="read times: the classic correction")

m = science(nints=1, ngroups=3)
case("linearity", "not_applicable", m, {"suffix": "linearity"}, {"linearity": "N/A"})

m = science(shape=(9, 10), start=(14, 3))
case("linearity", "outside", m, {"suffix": "linearity"}, {"linearity": reference("LinearityModel", m, coeffs=coefficients(2, (16, 20)), dq=np.zeros((16, 20), "u4"), start=(1, 1))}, expect_error=True)
