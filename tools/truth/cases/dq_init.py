"""Truth of dq_init."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import lib  # noqa: E402
import numpy as np  # noqa: E402
from stdatamodels.jwst import datamodels  # noqa: E402


def mask(like, shape=None, start=None, seed=9, dq_def=True):
    rng = np.random.default_rng(seed)
    shape = shape or like.data.shape[-2:]
    dq = np.where(rng.uniform(size=shape) < 0.2, rng.integers(0, 4096, shape), 0).astype("u4")
    return lib.reference("MaskModel", like, dq=dq, start=start, dq_def=dq_def)


def guider(shape=(8, 8), nints=2, kind="FGS_TRACK"):
    rng = np.random.default_rng(2)
    m = datamodels.GuiderRawModel(data=rng.integers(100, 9000, (nints, 2) + shape).astype("f4"))
    m.err = np.zeros((nints, 2) + shape, "f4")
    m.dq = np.zeros(shape, "u4")
    m.dq[1, 1] = 4
    lib.describe(m, "FGS", nints=nints, ngroups=2, shape=shape, start=(101, 201), subarray="8X8")
    m.meta.exposure.type = kind
    return m


raw = lib.uncal("NIRCAM", nints=2, ngroups=3, shape=(9, 11))
lib.case("dq_init", "translated", raw, refs={"mask": mask(raw)}, doc="DQ_DEF with other bits than the master table")
lib.case("dq_init", "no_dq_def", raw, refs={"mask": mask(raw, dq_def=False)}, doc="flags as they are")
lib.case("dq_init", "not_applicable", raw, refs={"mask": "N/A"}, doc="no mask: skipped")
sub = lib.uncal("NIRCAM", ngroups=2, shape=(9, 11), start=(21, 31), subarray="SUB64")
lib.case("dq_init", "cut", sub, refs={"mask": mask(sub, (30, 32), start=(15, 20))}, doc="the mask covers more")
lib.case("dq_init", "too_small", sub, refs={"mask": mask(sub, (9, 8))}, expect_error=True, doc="the mask covers less")
user = datamodels.MaskModel(dq=(np.arange(99).reshape(9, 11) % 7 == 0).astype("u4") * 1025)
lib.case("dq_init", "user_flags", raw, {"user_supplied_dq": "user.fits"}, {"mask": mask(raw)}, extras={"user.fits": user}, doc="further flags of the user")
wrong = datamodels.MaskModel(dq=np.ones((5, 11), "u4"))
lib.case("dq_init", "user_wrong_shape", raw, {"user_supplied_dq": "user.fits"}, {"mask": mask(raw)}, extras={"user.fits": wrong}, expect_error=True, doc="flags of another shape")
done = lib.ramp("NIRCAM", ngroups=2, shape=(9, 11))
done.pixeldq[3, 3], done.groupdq[0, 1, 2, 2] = 2048, 4
lib.case("dq_init", "existing_flags", done, refs={"mask": mask(done)}, doc="flags that are there stay")
g = guider()
lib.case("dq_init", "guider", g, refs={"mask": mask(g)}, doc="guider exposures have one DQ array")
import superstripes  # noqa: E402

s = superstripes.ramp()
flags = np.where(np.random.default_rng(5).uniform(size=(16, 2048)) < 0.2, 3, 0).astype("u4")
lib.case("dq_init", "superstripes", s, refs={"mask": superstripes.full("MaskModel", s, dq=flags)}, doc="one plane of flags per stripe")
