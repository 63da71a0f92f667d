"""Common coordinates of several images by stcal, for the tests of @calwebb/wcs."""

import json
from pathlib import Path

import asdf
import gwcs
import numpy as np
from astropy import coordinates as coord
from astropy import units as u
from astropy.modeling import models as m
from gwcs import coordinate_frames as cf
from stcal.alignment import util

HERE = Path(__file__).resolve().parents[2] / "packages/core/wcs/test/fixtures"
SHAPE = (100, 128)
SCALE = 3e-5


def image(ra, dec, roll, bend=2e-9):
    detector = cf.Frame2D(name="detector", axes_order=(0, 1), unit=(u.pix, u.pix))
    world = cf.CelestialFrame(reference_frame=coord.ICRS(), name="world")
    a = np.deg2rad(roll)
    x = m.Polynomial2D(2, c1_0=-SCALE * np.cos(a), c0_1=SCALE * np.sin(a), c2_0=bend, c1_1=-bend)
    y = m.Polynomial2D(2, c1_0=SCALE * np.sin(a), c0_1=SCALE * np.cos(a), c0_2=bend)
    transform = m.Shift(-60.0) & m.Shift(-50.0) | m.Mapping((0, 1, 0, 1)) | x & y | m.Pix2Sky_TAN() | m.RotateNative2Celestial(ra, dec, 180)
    back = m.AffineTransformation2D(np.linalg.inv(SCALE * np.array([[-np.cos(a), np.sin(a)], [np.sin(a), np.cos(a)]])))
    transform.inverse = m.RotateCelestial2Native(ra, dec, 180) | m.Sky2Pix_TAN() | back | m.Shift(60.0) & m.Shift(50.0)
    transform.bounding_box = ((-0.5, SHAPE[1] - 0.5), (-0.5, SHAPE[0] - 0.5))
    return gwcs.WCS([(detector, transform), (world, None)])


FIELDS = {
    "plain": ([image(150.1, 2.2, 20), image(150.102, 2.2015, 21), image(150.099, 2.2021, 65)], dict(ra_ref=150.1, dec_ref=2.2, roll_ref=19.5, v3yangle=-0.24, vparity=-1)),
    "zero": ([image(359.9995, -40.0, 100), image(0.0008, -40.001, 101)], dict(ra_ref=359.9995, dec_ref=-40.0, roll_ref=100.2, v3yangle=1.25, vparity=1)),
    "pole": ([image(10.0, 89.999, 0), image(190.0, 89.9995, 30)], dict(ra_ref=10.0, dec_ref=89.999, roll_ref=3.0, v3yangle=0.5, vparity=-1)),
}
OPTIONS = {
    "default": {}, "ratio": {"pscale_ratio": 0.6}, "scale": {"pscale": 4e-5}, "rotation": {"rotation": 77.0}, "north": {"rotation": 0.0},
    "shape": {"shape": (150, 170)}, "crpix": {"shape": (300, 320), "crpix": (130.25, 121.5)},
    "crval": {"crval": (None, None)},
}

tree, truth = {}, {"made_by": "tools/truth/alignment_fixtures.py", "fields": {}, "rotation": []}
for roll, angle, parity in [(0.3, 0.01, 1), (2.5, -0.2, -1), (-1.0, 3.0, -1)]:
    truth["rotation"].append({"roll": roll, "angle": angle, "parity": parity, "matrix": [float(v) for v in util.calc_rotation_matrix(roll, angle, parity)]})
for name, (images, info) in FIELDS.items():
    tree[name] = images
    regions = [util.compute_s_region_imaging(w, shape=SHAPE, center=False) for w in images]
    entry = {
        "info": info, "regions": regions, "centred": util.compute_s_region_imaging(images[0], shape=SHAPE, center=True),
        "fiducial": [float(v) for v in util.compute_fiducial(images)],
        "scale": float(util.compute_scale(images[0], (info["ra_ref"], info["dec_ref"]))), "common": {},
    }
    for label, options in OPTIONS.items():
        options = {k: (info["ra_ref"] + 2e-4, info["dec_ref"] - 1e-4) if k == "crval" else v for k, v in options.items()}
        w = util.wcs_from_sregions([np.array(i.footprint()) for i in images], images[0], info, **options)
        x, y = np.array([0.0, 10.5, 120.0, 77.0]), np.array([0.0, 90.25, 3.0, 150.0])
        box = w.bounding_box.bounding_box(order="F")
        entry["common"][label] = {
            "options": options, "sky": [[float(v) for v in a] for a in w(x, y, with_bounding_box=False)],
            "pixel_shape": [int(v) for v in w.pixel_shape], "box": [[float(v) for v in i] for i in box],
        }
    truth["fields"][name] = entry
asdf.AsdfFile(tree).write_to(HERE / "alignment.asdf", all_array_storage="internal")
(HERE / "alignment.json").write_text(json.dumps(truth))
