"""Truth of the gain_scale step."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from lib import case, describe, reference  # noqa: E402
from stdatamodels.jwst import datamodels  # noqa: E402

rng = np.random.default_rng(14)


def rate(shape=(8, 10), variances=True):
    m = (datamodels.CubeModel if len(shape) == 3 else datamodels.ImageModel)(data=rng.normal(5, 2, shape).astype("f4"))
    m.err = rng.uniform(0.1, 1, shape).astype("f4")
    m.dq = np.zeros(shape, "u4")
    m.data[..., 2, 2] = np.nan
    if variances:
        m.var_poisson = rng.uniform(0.1, 1, shape).astype("f4")
        m.var_rnoise = rng.uniform(0.1, 1, shape).astype("f4")
    return describe(m, "NIRSPEC", nints=1, ngroups=5, shape=shape[-2:])


def gain(like, factor=None):
    m = reference("GainModel", like, data=np.ones((8, 10), "f4"))
    if factor is not None:
        m.meta.exposure.gain_factor = factor
    return m


def run(name, m, ref):
    case("gain_scale", name, m, {"suffix": "gain_scale"}, {"gain": ref}, overrides=isinstance(ref, str) is False)


m = rate()
run("reference", m, gain(m, 2.03))
m.meta.exposure.gain_factor = 1.7
run("keyword_wins", m, gain(m, 2.03))
m = rate((3, 8, 10))
run("cube", m, gain(m, 2.0))
m = rate(variances=False)
run("without_variances", m, gain(m, 0.9))
m = rate()
run("no_factor", m, gain(m))
run("not_applicable", rate(), "N/A")
