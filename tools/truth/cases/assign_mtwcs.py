"""Truth of the assign_mtwcs step."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import gwcs  # noqa: E402
import numpy as np  # noqa: E402
from astropy import coordinates as coord  # noqa: E402
from astropy import units as u  # noqa: E402
from astropy.modeling import models as m  # noqa: E402
from gwcs import coordinate_frames as cf  # noqa: E402
from lib import case, describe  # noqa: E402
from stdatamodels.jwst import datamodels  # noqa: E402

SHAPE = (12, 14)


def exposure(k, ra=20.0, target=None, dec=-11.0, cls="ImageModel", **meta):
    shape = SHAPE if cls == "ImageModel" else (2,) + SHAPE
    model = describe(getattr(datamodels, cls)(data=np.full(shape, k, "f4")), "NIRCAM", shape=SHAPE, **meta)
    detector = cf.Frame2D(name="detector", axes_order=(0, 1), unit=(u.pix, u.pix))
    world = cf.CelestialFrame(reference_frame=coord.ICRS(), name="world")
    transform = m.Shift(-6.0) & m.Shift(-5.0) | m.Scale(1e-5) & m.Scale(1e-5) | m.Pix2Sky_TAN() | m.RotateNative2Celestial(ra, dec, 180)
    transform.bounding_box = ((-0.5, SHAPE[1] - 0.5), (-0.5, SHAPE[0] - 0.5))
    model.meta.wcs = gwcs.WCS([(detector, transform), (world, None)])
    model.meta.wcsinfo.s_region = "POLYGON ICRS  1.0 1.0 1.0 2.0 2.0 2.0 2.0 1.0"
    if target is not None:
        model.meta.wcsinfo.mt_ra, model.meta.wcsinfo.mt_dec = target
    return model


def run(name, models, kinds=None, **kw):
    files = {f"jw01234001001_02101_{k + 1:05d}_nrcb1_cal.fits": model for k, model in enumerate(models)}
    kinds = kinds or ["science"] * len(models)
    asn = {
        "asn_type": "image3", "asn_rule": "DMS_Level3_Base", "asn_pool": "none", "asn_id": "o001", "program": "01234", "target": "t001",
        "version_id": None, "code_version": "1.0", "degraded_status": "No known degraded exposures in association.", "constraints": "none",
        "products": [{"name": "jw01234-o001_t001", "members": [{"expname": f, "exptype": t} for f, t in zip(files, kinds)]}],
    }
    case("assign_mtwcs", name, models[0], {}, {}, extras={**files, "jw01234-o001_image3_00001_asn.json": asn},
         arguments=["jw01234-o001_image3_00001_asn.json"], **kw)


TARGETS = [(20.0001, -11.0), (20.0004, -11.0002)]
run("moving", [exposure(1, target=TARGETS[0]), exposure(2, target=TARGETS[1])])
run("no_position", [exposure(1, target=TARGETS[0]), exposure(2)], doc="all as they are, and COMPLETE")
run("zero", [exposure(1, ra=359.9999, target=(359.9999, 3.0)), exposure(2, ra=0.0001, target=(0.0001, 3.0))], doc="right ascensions are averaged as numbers")
run("background", [exposure(1, target=TARGETS[0]), exposure(2, target=TARGETS[1])], ["science", "background"])
run("cubes", [exposure(1, target=TARGETS[0], cls="CubeModel", exposure__type="NRC_TSIMAGE"), exposure(2, target=TARGETS[1], cls="CubeModel", exposure__type="NRC_WFSS")], doc="S_REGION of imaging types alone")
case("assign_mtwcs", "single", exposure(1, target=TARGETS[0]), {}, {}, doc="one exposure, no association: FAILED")
