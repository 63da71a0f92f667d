"""Truth of the dark_current step."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from lib import case, ramp, reference  # noqa: E402

rng = np.random.default_rng(12)
SHAPE = (10, 12)


def dark(cls, like, ngroups, nints=None, nframes=1, groupgap=0, shape=SHAPE, average=None, keyword=None):
    lead = (ngroups,) if nints is None else (nints, ngroups)
    data = np.cumsum(rng.normal(2, 1, lead + shape), axis=-3).astype("f4")
    data[..., 1, 1] = np.nan
    data[..., -1, 2, 2] = np.nan
    dq = np.zeros(shape if nints is None else (nints, 1) + shape, "u4")
    dq[..., 3, 3] = 64
    dq.reshape(-1, *shape)[-1, 4, 4] = 1
    arrays = dict(data=data, dq=dq)
    if average is not None:
        arrays["average_dark_current"] = average
    m = reference(cls, like, **arrays)
    m.meta.exposure.nframes, m.meta.exposure.ngroups, m.meta.exposure.groupgap = nframes, ngroups, groupgap
    if nints:
        m.meta.exposure.nints = nints
    if keyword is not None:
        m.meta.exposure.average_dark_current = keyword
    return m


def run(name, m, ref, params=None, **kw):
    case("dark_current", name, m, {"suffix": "dark_current", **(params or {})}, {"dark": ref}, **kw)


m = ramp("NIRCAM", 2, 5, SHAPE)
run("same_pattern", m, dark("DarkModel", m, 8, average=np.full(SHAPE, 0.01, "f4")), {"dark_output": "dark_used.fits"})
run("keyword_average", m, dark("DarkModel", m, 5, keyword=0.25))
run("user_average", m, dark("DarkModel", m, 5, keyword=0.25, average=np.full(SHAPE, 0.01, "f4")), {"average_dark_current": 1.5})
run("average_of_other_shape", m, dark("DarkModel", m, 5, average=np.full((4, 4), 0.01, "f4")))
run("extrapolated", m, dark("DarkModel", m, 3), {"dark_output": "dark_used.fits"})
run("not_applicable", m, "N/A")

m = ramp("NIRCAM", 1, 4, SHAPE, nframes=4, groupgap=1)
run("averaged", m, dark("DarkModel", m, 20), {"dark_output": "dark_used.fits"})
run("averaged_extrapolated", m, dark("DarkModel", m, 13), {"dark_output": "dark_used.fits"})
run("averaged_same", m, dark("DarkModel", m, 4, nframes=4, groupgap=1))

m = ramp("NIRCAM", 1, 4, SHAPE, nframes=1, groupgap=2)
run("single_frames_with_gap", m, dark("DarkModel", m, 12), {"dark_output": "dark_used.fits"})

m = ramp("NIRCAM", 1, 4, SHAPE, nframes=2)
run("dark_has_more_frames", m, dark("DarkModel", m, 4, nframes=4, keyword=0.5), doc="skipped, but the average dark current is set")
run("dark_has_larger_gap", m, dark("DarkModel", m, 9, nframes=2, groupgap=3))

m = ramp("MIRI", 3, 5, SHAPE)
run("miri", m, dark("DarkMIRIModel", m, 6, nints=2), {"dark_output": "dark_used.fits"})
run("miri_extrapolated", m, dark("DarkMIRIModel", m, 3, nints=2), {"dark_output": "dark_used.fits"})
m = ramp("MIRI", 3, 5, SHAPE)
m.meta.exposure.integration_start, m.meta.exposure.integration_end = 4, 6
run("miri_segment", m, dark("DarkMIRIModel", m, 6, nints=2))
m = ramp("MIRI", 3, 3, SHAPE, nframes=3, groupgap=1)
run("miri_averaged", m, dark("DarkMIRIModel", m, 12, nints=2), {"dark_output": "dark_used.fits"})
m = ramp("MIRI", 1, 3, SHAPE, nframes=3, groupgap=1)
run("miri_one_integration", m, dark("DarkMIRIModel", m, 12, nints=2), {"dark_output": "dark_used.fits"})

m = ramp("NIRSPEC", 1, 3, SHAPE)
run("nirspec", m, dark("DarkNirspecModel", m, 4))

m = ramp("NIRCAM", 1, 3, SHAPE)
run("wrong_shape", m, dark("DarkModel", m, 4, shape=(8, 8)), expect_error=True)
