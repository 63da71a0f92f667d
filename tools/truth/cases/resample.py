"""Truth of the resample step."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from dither import dithered, exposure  # noqa: E402
from lib import case  # noqa: E402

TOLERANCES = {"*": {"rtol": 1e-4, "frac": 0.002}, "SCI": {"rtol": 1e-4, "atol": 1e-5, "frac": 0.002}, "VAR_*": {"rtol": 2e-4, "frac": 0.002},
              "CON": {"frac_int": 0.002}, "header:PIXAR*": {"rtol": 1e-7}, "header:PXSCLRT": {"rtol": 1e-7}, "header:C*": {"rtol": 1e-7}}


# The mean pixel area of a tiny image, from the angles of a spherical polygon, is only good to 2e-4 there.
COARSE = {**TOLERANCES, "ERR": {"rtol": 5e-4, "frac": 0.002}, "VAR_*": {"rtol": 1e-3, "frac": 0.002}, "header:PXSCLRT": {"rtol": 5e-4}}


def run(name, n=3, params=None, doc="", tolerances=TOLERANCES, **kw):
    case("resample", name, params={"suffix": "i2d", **(params or {})}, tolerances=tolerances, doc=doc, **dithered(n, np.random.default_rng(3), **kw))


run("default", doc="three exposures with different rolls and a sky level that has not been subtracted", level=0.4)
run("exptime_turbo", params={"weight_type": "exptime", "kernel": "turbo", "pixfrac": 0.8, "propagate_dq": True, "report_var": False})
run("cropped", params={"output_shape": [20, 18], "crpix": [9.5, 8.0], "crval": [53.1, -27.8], "rotation": 30.0, "pixel_scale": 0.05},
    doc="an output that the exposures hang over", tolerances=COARSE)
run("coarse_map", n=2, params={"pixmap_stepsize": 3.0, "pixmap_order": 3, "enable_err": False, "enable_ctx": False})
run("gaussian", n=2, params={"kernel": "gaussian", "fillval": "-1.5", "blendheaders": False})
run("single", n=2, params={"single": True})
case("resample", "one_file", exposure(0, np.random.default_rng(4)), {"suffix": "i2d", "kernel": "lanczos3"}, tolerances=TOLERANCES,
     input_name="jw01234001001_02101_00001_nrcb1_cal.fits")


def flawed(name, params, doc):
    """Two exposures of one group, a third with read noise of zero, a fourth with all pixels flagged."""
    given = dithered(4, np.random.default_rng(5))
    models = [given["model"], *[m for m in given["extras"].values() if not isinstance(m, dict)]]
    models[1].meta.observation.exposure_number = "00001"
    models[2].var_rnoise[:] = 0
    models[3].dq[:] = 1
    case("resample", name, params={"suffix": "i2d", **params}, tolerances=TOLERANCES, doc=doc, **given)


flawed("flawed", {"propagate_dq": True}, "an exposure without weights and one without good pixels")
flawed("flawed_single", {"single": True}, "a group of two exposures, and groups without weights and without good pixels")
