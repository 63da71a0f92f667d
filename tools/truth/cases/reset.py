"""Truth of the reset step."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from lib import case, ramp, reference  # noqa: E402

rng = np.random.default_rng(13)
SHAPE = (10, 12)


def reset(like, nints=2, ngroups=4):
    data = rng.normal(0, 5, (nints, ngroups) + SHAPE).astype("f4")
    data[0, 1, 2, 2] = np.nan
    dq = np.zeros(SHAPE, "u4")
    dq[3, 3] = 64
    m = reference("ResetModel", like, data=data, dq=dq)
    m.meta.exposure.nints, m.meta.exposure.ngroups = nints, ngroups
    return m


def run(name, m, ref, **kw):
    case("reset", name, m, {"suffix": "reset"}, {"reset": ref}, **kw)


m = ramp("MIRI", 3, 7, SHAPE)
run("more_groups_and_integrations", m, reset(m))
m = ramp("MIRI", 1, 3, SHAPE)
run("fewer_groups", m, reset(m, nints=3, ngroups=6))
m = ramp("MIRI", 2, 5, SHAPE)
m.meta.exposure.nints, m.meta.exposure.integration_start, m.meta.exposure.integration_end = 6, 2, 3
run("segment", m, reset(m, nints=3))
ref = reset(m)
ref.meta.exposure.ngroups = 2
run("keyword_limits_groups", m, ref)
run("not_applicable", m, "N/A")
m = ramp("NIRCAM", 1, 3, SHAPE)
run("not_miri", m, "N/A")
