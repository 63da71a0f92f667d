"""Truth of the bkg_subtract step (imaging and cubes)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from lib import case, describe  # noqa: E402
from stdatamodels.jwst import datamodels  # noqa: E402

SHAPE = (8, 9)


def exposure(seed, instrument="MIRI", shape=SHAPE, start=(1, 1), level=20.0, **kw):
    rng = np.random.default_rng(seed)
    cls = datamodels.CubeModel if len(shape) == 3 else datamodels.ImageModel
    m = cls(data=rng.normal(level, 2, shape).astype("f4"))
    m.err = rng.uniform(0.5, 2, shape).astype("f4")
    m.var_poisson = rng.uniform(0.1, 1, shape).astype("f4")
    m.var_rnoise = rng.uniform(0.1, 1, shape).astype("f4")
    m.dq = np.where(rng.random(shape) < 0.1, 4, 0).astype("u4")
    return describe(m, instrument, nints=shape[0] if len(shape) == 3 else 1, ngroups=5, shape=shape[-2:], start=start, **kw)


def backgrounds(n, seed=100, **kw):
    out = {}
    for k in range(n):
        m = exposure(seed + k, level=5.0, **kw)
        m.data[..., 1, 1] = np.nan          # nowhere a value
        m.err[..., 1, 2] = np.nan
        if k == 0:
            m.data[..., 2, 2] = np.nan
            m.data[..., 2, 3] = np.inf
            m.data[..., 2, 4] = 500         # clipped when there are enough others
            m.dq[..., 3, 3] = 1
        out[f"jw01234002001_02101_{k + 1:05d}_mirimage_rate.fits"] = m
    return out


def run(name, m, bkg, params=None, **kw):
    case("bkg_subtract", name, m, {"suffix": "bkg_subtract", **({"bkg_list": list(bkg)} if bkg else {}), **(params or {})}, extras=bkg or None, **kw)


run("two", exposure(1), backgrounds(2), {"save_combined_background": True})
run("many_clipped", exposure(1), backgrounds(13), {"save_combined_background": True})
run("one_round", exposure(1), backgrounds(13), {"sigma": 1.2, "maxiters": 1})
run("tight", exposure(1), backgrounds(9), {"sigma": 1.0})
run("cube", exposure(2, shape=(3,) + SHAPE), backgrounds(2, shape=(14,) + SHAPE), {"save_combined_background": True})
run("larger_background", exposure(3, start=(3, 2)), backgrounds(2, shape=(12, 14)))
apart = backgrounds(2)
apart.update({"jw01234002001_02101_00009_mirimage_rate.fits": exposure(7, start=(201, 301))})
run("one_elsewhere", exposure(4), apart)
run("none", exposure(5), None)
asn = {
    "asn_type": "image2", "asn_rule": "DMSLevel2bBase", "asn_pool": "none", "asn_id": "o001", "program": "01234", "target": "none",
    "version_id": None, "code_version": "1.0", "degraded_status": "No known degraded exposures in association.", "constraints": "none",
    "products": [{"name": "jw01234001001_02101_00001_mirimage",
                  "members": [{"expname": "jw01234001001_02101_00001_mirimage_in.fits", "exptype": "science"}]
                  + [{"expname": f, "exptype": "background"} for f in backgrounds(2)]}],
}
case("bkg_subtract", "association", exposure(6), {"suffix": "bkg_subtract"}, extras={"jw01234-o001_image2_00001_asn.json": asn, **backgrounds(2)},
     arguments=["jw01234-o001_image2_00001_asn.json"])
nrs = dict(instrument="NIRSPEC", instrument__gwa_xtilt=0.35, instrument__gwa_ytilt=0.1, exposure__type="NRS_FIXEDSLIT")
run("nirspec", exposure(8, **nrs), backgrounds(2, **nrs))
run("nirspec_other_tilt", exposure(8, **nrs), backgrounds(2, **{**nrs, "instrument__gwa_xtilt": 0.36}))
run("no_rounds", exposure(1), backgrounds(11), {"maxiters": 0})
run("cube_two_rounds", exposure(2, shape=(3,) + SHAPE), backgrounds(3, shape=(12,) + SHAPE), {"maxiters": 2, "save_combined_background": True})
m = exposure(3)
m.meta.subarray.xsize = None
run("no_place", m, backgrounds(1), expect_error=True)
name = "jw01234001001_02101_00001_mirimage_in.fits"
case("bkg_subtract", "second_input", exposure(1), {"suffix": "bkg_subtract"}, extras=backgrounds(1), arguments=[name, next(iter(backgrounds(1)))],
     doc="the background as the second input")
