"""Truth of calwebb_image3: associations of dithered exposures, and one exposure."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from dither import dithered, exposure  # noqa: E402
from lib import case  # noqa: E402

TOLERANCES = {"*": {"rtol": 1e-4, "frac": 0.005}, "SCI": {"rtol": 1e-4, "atol": 1e-4, "frac": 0.005, "nan_frac": 0.002},
              "VAR_*": {"rtol": 2e-4, "frac": 0.005}, "DQ": {"frac_int": 0.002}, "CON": {"frac_int": 0.002}, "header:PIXAR*": {"rtol": 1e-7},
              "header:PXSCLRT": {"rtol": 1e-7}, "header:C*": {"rtol": 1e-7}, "header:BKGLEVEL": {"rtol": 1e-4, "atol": 1e-4},
              "header:S_REGION": {"atol": 1e-8}}
PARAMS = {"steps": {"tweakreg": {"skip": True}, "resample": {"blendheaders": False}, "source_catalog": {"skip": True}}}

case("calwebb_image3", "association", params=PARAMS, tolerances=TOLERANCES, doc="four exposures with cosmic rays",
     **dithered(4, np.random.default_rng(7), cr=6))
case("calwebb_image3", "one_file", exposure(0, np.random.default_rng(4)), PARAMS, tolerances=TOLERANCES,
     input_name="jw01234001001_02101_00001_nrcb1_cal.fits")


def blended():
    """Four pictures of a target acquisition: two of one group, and one that is a background, which takes part in nothing."""
    given = dithered(4, np.random.default_rng(11), cr=5)
    extras = given["extras"]
    models = [given["model"], *[m for m in extras.values() if not isinstance(m, dict)]]
    models[1].meta.observation.exposure_number = models[0].meta.observation.exposure_number
    for model in models:  # the table of the headers tells who wrote the exposures
        model.meta.exposure.type = "NRC_TACONFIRM"
        model.meta.calibration_software_version, model.meta.calibration_software_revision = "3.0.0", "RELEASE"
    (association,) = [a for a in extras.values() if isinstance(a, dict)]
    association["products"][0]["members"][2]["exptype"] = "background"
    return given


case("calwebb_image3", "blended", params={"steps": {"tweakreg": {"skip": True}, "source_catalog": {"skip": True}}}, tolerances=TOLERANCES,
     doc="a table of the headers; a background among the members; a type that is not one of images", **blended())
