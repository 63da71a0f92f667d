"""Truth of the flat_field step (images)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from lib import case, describe, reference  # noqa: E402
from stdatamodels.jwst import datamodels  # noqa: E402

rng = np.random.default_rng(18)
SHAPE = (10, 12)


def image(instrument="NIRCAM", shape=SHAPE, start=(1, 1), cls=None, **kw):
    cls = cls or ("CubeModel" if len(shape) == 3 else "ImageModel")
    m = getattr(datamodels, cls)(data=rng.normal(50, 20, shape).astype("f4"))
    m.err = rng.uniform(0.5, 2, shape).astype("f4")
    m.dq = np.zeros(shape if cls != "GuiderCalModel" else shape[-2:], "u4")
    m.dq[..., 7, 7] = 1
    m.data[..., 6, 6] = np.nan
    m.err[..., 6, 7] = np.nan
    if cls != "GuiderCalModel":
        m.var_poisson = rng.uniform(0.1, 1, shape).astype("f4")
        m.var_rnoise = rng.uniform(0.1, 1, shape).astype("f4")
    return describe(m, instrument, nints=1, ngroups=5, shape=shape[-2:], start=start, **kw)


def flat(like, shape=SHAPE, start=None):
    data = rng.normal(1, 0.1, shape).astype("f4")
    data[1, 1] = np.nan
    data[1, 2] = 0
    data[1, 3] = -0.5
    err = rng.uniform(0.001, 0.01, shape).astype("f4")
    err[1, 4] = np.nan
    dq = np.zeros(shape, "u4")
    dq[2, 2] = 512     # NO_FLAT_FIELD
    dq[2, 3] = 1
    dq[2, 4] = 2048    # UNRELIABLE_FLAT
    return reference("FlatModel", like, data=data, err=err, dq=dq, start=start)


def run(name, m, ref, params=None, **kw):
    case("flat_field", name, m, {"suffix": "flat_field", **(params or {})}, {"flat": ref, **kw.pop("refs", {})}, **kw)


m = image()
run("image", m, flat(m))
run("inverse", m, flat(m), {"inverse": True})
run("save_flat", m, flat(m), {"save_interpolated_flat": True})
m = image(shape=(3,) + SHAPE)
run("cube", m, flat(m))
m = image(shape=(8, 9), start=(3, 2))
run("subarray_cut", m, flat(m, (12, 14), start=(1, 1)))
m = image(shape=(14, 14))
run("flat_too_small", m, flat(m))
m = image("MIRI")
run("miri", m, flat(m))
m = image("NIRSPEC", exposure__type="NRS_IMAGE")
run("nirspec_image", m, flat(m))
m = image("FGS", (2,) + SHAPE, cls="GuiderCalModel", exposure__type="FGS_TRACK")
run("guider", m, flat(m))
run("guider_inverse", m, flat(m), {"inverse": True})
m = image()
run("user_flat", m, flat(m), {"user_supplied_flat": "own_flat.fits"}, extras={"own_flat.fits": flat(m)})
run("user_flat_inverse", m, "N/A", {"user_supplied_flat": "own_flat.fits", "inverse": True, "save_interpolated_flat": True}, extras={"own_flat.fits": flat(m)})
m = image("MIRI", cls="IFUImageModel", exposure__type="MIR_MRS", instrument__detector="MIRIFUSHORT")
run("mrs", m, flat(m))
m = image()
run("not_applicable", m, "N/A")
m.meta.cal_step.extract_2d = "COMPLETE"
run("after_extract_2d", m, flat(m))
m = image("NIRSPEC", exposure__type="NRS_AUTOFLAT")
run("nirspec_autoflat", m, flat(m))
m = image(shape=(10, 14))
run("flat_too_narrow", m, flat(m), {"save_interpolated_flat": True}, doc="SKIPPED, the flat is saved all the same")
m = image()
m.var_rnoise = None
run("no_variance", m, flat(m), expect_error=True)
m = image()
ref = flat(m)
ref.dq_def = np.array([(0, 1, "DO_NOT_USE", ""), (1, 2, "NO_FLAT_FIELD", ""), (2, 4, "UNRELIABLE_FLAT", "")], dtype=ref.get_dtype("dq_def"))
ref.dq[3, 3], ref.dq[3, 4], ref.dq[3, 5] = 2, 4, 6
run("dq_def", m, ref, doc="flags of the reference have values of their own")
