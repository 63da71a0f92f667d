"""Truth of the wfs_combine step (calwebb_wfs-image3)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from coron import association  # noqa: E402
from dither import exposure, sky_wcs  # noqa: E402
from lib import case  # noqa: E402

ASN = "jw01234-o001_wfs-image3_00001_asn.json"
SHAPE = (60, 56)


def image(k, offset, real=None, shape=SHAPE):
    """A PSF; `offset` is that of the world coordinates, `real` that of the image."""
    model = exposure(0, np.random.default_rng(20 + k), shape=shape, stars=False)
    model.meta.filename = f"jw01234001001_02101_{k:05d}_nrcb1_cal.fits"
    model.meta.observation.exposure_number = f"{k:05d}"
    w = sky_wcs(shape, -offset[0], -offset[1], 0.0)
    model.meta.wcs = w
    x, y = (30.3, 28.6) + np.array(real or offset)
    yy, xx = np.mgrid[:shape[0], :shape[1]]
    r2 = (xx - x) ** 2 + (yy - y) ** 2
    psf = 200 * np.exp(-r2 / 2 / 4.0) * (1 + 0.5 * np.cos(1.1 * (xx - x)) * np.sin(0.8 * (yy - y)))
    model.data = (psf + np.random.default_rng(30 + k).normal(0, 0.3, shape)).astype("f4")
    return model


def run(name, params=None, offset=(5, -3), real=None, change=None, pairs=1, doc="", expect_error=False, names=("jw01234-o001_t001_wfs",), kinds=("science",)):
    models = [image(1, (0, 0)), image(2, offset, real)]
    if pairs > 1:
        models += [image(3, (0, 0)), image(4, (-4, 2))]
    if change:
        change(*models)
    asn = association([(m, kinds[i % len(kinds)]) for i, m in enumerate(models[:2])], names[0], "wfs-image3")
    for p in range(1, pairs):
        asn["products"] += association([(m, "science") for m in models[2 * p:2 * p + 2]], names[p])["products"]
    extras = {m.meta.filename: m for m in models[1:]}
    extras[ASN] = asn
    case("calwebb_wfs-image3", name, models[0], params or {}, input_name=models[0].meta.filename, extras=extras, arguments=[ASN], doc=doc,
         expect_error=expect_error, tolerances={"*": {"rtol": 1e-5}, "header:C*": {"rtol": 1e-7}})


def bad(one, two):
    for seed, model in enumerate((one, two)):
        rng = np.random.default_rng(seed)
        model.dq[:4] |= 1
        model.dq[-4:] |= 1
        model.dq[:, :4] |= 1
        model.dq[:, -4:] |= 1
        flags = rng.random(SHAPE) < 0.06
        model.dq[flags] |= 1
        model.data[flags & (rng.random(SHAPE) < 0.5)] = np.nan
        model.data[rng.random(SHAPE) < 0.02] = np.nan
        model.err[9, 9] = np.nan


SMALL = {"do_refine": True, "psf_size": 24, "blur_size": 4}
run("plain", doc="offsets of the world coordinates")
run("negative", offset=(-6, 2), doc="the images change places")
run("negative_kept", {"flip_dithers": False}, offset=(-6, 2))
run("refined", SMALL, real=(7.4, -1.8), doc="the images are 2.4 and 1.2 pixels from where the coordinates say")
run("flagged", {**SMALL, "psf_size": 100}, real=(6.0, -3.0), change=bad, doc="bad pixels at the edges and in clusters, NaN")
run("flagged_n1", {**SMALL, "psf_size": 100, "n_size": 1}, real=(6.0, -3.0), change=bad)
run("two_products", {"do_refine": False}, pairs=2, names=("jw01234-o001_t001_one", "jw01234-o001_t001_two"))
run("no_pair", kinds=("science", "background"), expect_error=True)
