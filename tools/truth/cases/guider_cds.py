"""Truth of the guider_cds step."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from lib import case, describe, reference  # noqa: E402
from stdatamodels.jwst import datamodels  # noqa: E402

rng = np.random.default_rng(15)


def raw(exp_type, nints, ngroups, shape=(8, 10), start=(3, 4)):
    data = (np.cumsum(rng.normal(20, 15, (nints, ngroups) + shape), axis=1) + 300).astype("f4")
    m = datamodels.GuiderRawModel(data=data)
    m.dq = np.zeros(shape, "u4")
    m.dq[2, 2] = 1
    m.err = np.zeros_like(data)
    t = m.get_dtype("planned_star_table")
    m.planned_star_table = np.zeros(2, dtype=t)
    m.planned_star_table["ra"] = [1.5, 2.5]
    m.pointing_table = np.zeros(3, dtype=m.get_dtype("pointing_table"))
    describe(m, "FGS", nints=nints, ngroups=ngroups, shape=shape, start=start, tframe=0.33)
    m.meta.exposure.type = exp_type
    return m


def refs(like, shape=(16, 20)):
    g = rng.uniform(1.5, 2.5, shape).astype("f4")
    g[5, 5] = 0
    g[5, 6] = np.nan
    r = rng.uniform(5, 15, shape).astype("f4")
    return {"gain": reference("GainModel", like, data=g, start=(1, 1)), "readnoise": reference("ReadnoiseModel", like, data=r, start=(1, 1))}


def run(name, m, ref=None, **kw):
    case("guider_cds", name, m, {"suffix": "guider_cds"}, ref or refs(m), **kw)


run("id_image", raw("FGS_ID-IMAGE", 2, 2))
stack = raw("FGS_ID-STACK", 2, 2, shape=(24, 30), start=(1, 1))
run("id_stack", stack, {k: v for k, v in refs(stack).items()}, doc="larger than the references: their mean is used")
run("acq1", raw("FGS_ACQ1", 3, 2))
run("acq2", raw("FGS_ACQ2", 2, 2))
run("track", raw("FGS_TRACK", 4, 2))
m = raw("FGS_FINEGUIDE", 3, 8)
m.data[1, 2, 3, 3] = np.nan
run("fineguide", m)
run("three_groups", raw("FGS_ACQ1", 2, 3), doc="the first two groups count")
run("same_size", (m := raw("FGS_TRACK", 2, 2, start=(1, 1))), refs(m, (8, 10)))
run("not_applicable", raw("FGS_TRACK", 2, 2), {"gain": "N/A", "readnoise": "N/A"})
run("outside", raw("FGS_TRACK", 2, 2, start=(15, 4)), expect_error=True)
run("one_group", raw("FGS_TRACK", 2, 1), expect_error=True)
