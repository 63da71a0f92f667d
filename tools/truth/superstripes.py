"""Inputs of superstripe exposures: NIRISS, two stripes per integration, repeated or not."""

import lib
import numpy as np
from stdatamodels.jwst import datamodels
from stdatamodels.jwst.datamodels import dqflags


def ramp(nints=2, ngroups=3, fast=16, seed=1, stripes=2, repeat=0, zero_frame=False, detector_frame=(-2, -1)):
    """[nints * stripes, ngroups, fast, lines]: 4 reference lines and 6 lines of each stripe, `1 + repeat` times."""
    rng = np.random.default_rng(seed)
    lines = 10 * (1 + repeat)
    shape = (nints * stripes, ngroups, fast, lines)
    data = (np.cumsum(rng.poisson(60, shape), axis=1) + 500 + rng.normal(0, 4, shape)).astype("f4")
    data[0, ngroups - 1, 3, 2] = 60000
    data[1, ngroups - 1, 5, 1] = -3
    m = datamodels.SuperstripeRampModel(data=data)
    m.pixeldq = np.zeros((stripes, fast, lines), "u4")
    m.groupdq = np.zeros(shape, "u1")
    lib.describe(m, "NIRISS", nints=nints * stripes, ngroups=ngroups, shape=shape[-2:], start=(2048, 1), subarray="SUBTEST")
    if zero_frame:
        m.meta.exposure.zero_frame = True
        m.zeroframe = data[:, 0] + 1
        m.zeroframe[0, 2, 2] = 0
    s = m.meta.subarray
    s.fastaxis, s.slowaxis = detector_frame
    s.multistripe_reads1, s.multistripe_skips1, s.multistripe_reads2, s.multistripe_skips2 = 4, 20, 6, 0
    s.repeat_stripe, s.interleave_reads1 = int(repeat > 0), 0
    s.superstripe_step, s.num_superstripe = 8, stripes
    reference = np.zeros((fast, lines), bool)
    for k in range(1 + repeat):  # the slow axis runs backwards: the first lines read are the last columns
        reference[:, lines - 10 * k - 4:lines - 10 * k] = True
    m.pixeldq[:, reference] |= dqflags.pixel["REFERENCE_PIXEL"]
    return m


def times(m):
    n = m.data.shape[0]
    t = np.zeros(n, dtype=m.get_dtype("int_times"))
    t[t.dtype.names[0]] = np.arange(n) + 1
    for k, name in enumerate(t.dtype.names[1:]):
        t[name] = 60000 + np.arange(n) * 0.01 + 0.003 * (k % 3)
    m.int_times = t
    return m


def full(cls, like, data=None, dq=None, fast=16):
    """A reference that covers all lines."""
    kw = {k: v for k, v in (("data", data), ("dq", dq)) if v is not None}
    model = lib.reference(cls, like, start=(1, 1), **kw)
    model.meta.subarray.xsize, model.meta.subarray.ysize = 2048, fast
    return model
