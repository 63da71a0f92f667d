"""Backgrounds and masks of small images by photutils, astropy and jwst, for the tests of @calwebb/scene."""

import gzip
import json
from pathlib import Path

import numpy as np
from jwst.clean_flicker_noise.background_level import background_level, clip_to_background

HERE = Path(__file__).resolve().parents[2] / "packages/math/scene/test/fixtures"
rng = np.random.default_rng(3)
ny, nx = 48, 40
y, x = np.mgrid[:ny, :nx]
image = (5 + 0.1 * x + 0.002 * (y - 20) ** 2 + rng.normal(0, 0.5, (ny, nx)) + 30 * np.exp(-((x - 11) ** 2 + (y - 30) ** 2) / 9)).astype("f4")
mask = np.ones((ny, nx), bool)
mask[3:17, 24:40] = False
mask[40, 5] = False
cases = []
for method, box in (("median", None), ("model", None), ("model", [8, 10]), ("model", [7, 9]), ("model", [48, 40])):
    m = mask.copy()
    b = background_level(image, m, background_method=method, background_box_size=box)
    cases.append({"method": method, "box": box, "background": [float(v) for v in np.ravel(b)], "mask": "".join("1" if v else "0" for v in m.ravel())})
clips = []
for kw in ({}, {"sigma_upper": 3, "lower_half_only": True}, {"fit_histogram": True}, {"sigma_lower": 1.5, "sigma_upper": 1, "fit_histogram": True, "lower_half_only": True}):
    m = mask.copy()
    clip_to_background(image, m, **kw)
    clips.append({"options": kw, "mask": "".join("1" if v else "0" for v in m.ravel())})
out = {"made_by": "tools/truth/scene_fixtures.py", "ny": ny, "nx": nx, "image": [float(v) for v in image.ravel()],
       "mask": "".join("1" if v else "0" for v in mask.ravel()), "levels": cases, "clips": clips}
HERE.mkdir(parents=True, exist_ok=True)
with open(HERE / "scene.json.gz", "wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as g:
    g.write(json.dumps(out).encode())
