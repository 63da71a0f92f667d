"""Truth of calwebb_image2: one exposure, associations, cubes."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from astropy.modeling import models as m  # noqa: E402
from lib import case, describe, reference  # noqa: E402
from stdatamodels.jwst import datamodels  # noqa: E402

SHAPE = (24, 28)
SCALE = 0.031
FIRST, SECOND = "jw01234001001_02101_00001_nrcb1", "jw01234001001_02101_00002_nrcb1"
BACK = [f"jw01234002001_02101_0000{k}_nrcb1_rate.fits" for k in (1, 2)]
TOLERANCES = {"*": {"rtol": 1e-5, "atol": None, "frac": 0.0}, "header:[AB]*_[0-9]_[0-9]": {"rtol": 1e-4, "atol": 1e-13},
              "header:CD?_?": {"rtol": 1e-7}, "header:SIP*ERR": {"rtol": 0.05}, "SCI": {"rtol": 1e-5, "atol": 5e-6}, "VAR_FLAT": {"atol": 1e-9},
              # The area of a pixel is a difference of coordinates near 150 degrees.
              "header:PIXAR_*": {"rtol": 1e-8}}


def rate(seed=1, shape=SHAPE, level=20.0, ra=150.1, **kw):
    rng = np.random.default_rng(seed)
    model = (datamodels.CubeModel if len(shape) == 3 else datamodels.ImageModel)(data=rng.normal(level, 1, shape).astype("f4"))
    model.err = rng.uniform(0.5, 1, shape).astype("f4")
    model.var_poisson = rng.uniform(0.1, 0.5, shape).astype("f4")
    model.var_rnoise = rng.uniform(0.1, 0.5, shape).astype("f4")
    model.dq = np.where(rng.random(shape) < 0.02, 1, 0).astype("u4")
    describe(model, shape=shape[-2:], nints=shape[0] if len(shape) == 3 else 1, exposure__mid_time=60000.5, exposure__exposure_time=50.0,
             exposure__effective_exposure_time=50.0, exposure__measurement_time=45.0, exposure__end_time=60001.0, **kw)
    w = model.meta.wcsinfo
    w.v2_ref, w.v3_ref, w.roll_ref, w.ra_ref, w.dec_ref, w.v3yangle, w.vparity = -0.7, -555.8, 33.3, ra, -2.2, -0.24, -1
    w.wcsaxes, w.ctype1, w.ctype2, w.cunit1, w.cunit2 = 2, "RA---TAN", "DEC--TAN", "deg", "deg"
    w.crpix1, w.crpix2, w.crval1, w.crval2, w.cdelt1, w.cdelt2 = 14.5, 12.5, ra, -2.2, SCALE / 3600, SCALE / 3600
    return model


def references(like):
    rng = np.random.default_rng(9)
    x = m.Polynomial2D(2, c1_0=-SCALE, c0_1=1e-5, c2_0=1e-8, c1_1=-2e-8)
    y = m.Polynomial2D(2, c1_0=1e-5, c0_1=SCALE, c0_2=1e-8)
    model = m.Shift(-14) & m.Shift(-12) | m.Mapping((0, 1, 0, 1)) | x & y | m.Shift(-0.7) & m.Shift(-555.8)
    model.inverse = (m.Shift(0.7) & m.Shift(555.8) | m.Mapping((0, 1, 0, 1))
                     | m.Polynomial2D(1, c1_0=-1 / SCALE) & m.Polynomial2D(1, c0_1=1 / SCALE) | m.Shift(14) & m.Shift(12))
    distortion = datamodels.DistortionModel(model=model, input_units="pixel", output_units="arcsec")
    distortion.extension = ".asdf"
    flat = reference("FlatModel", like, data=rng.normal(1, 0.05, SHAPE).astype("f4"), err=rng.uniform(0.001, 0.01, SHAPE).astype("f4"), dq=np.zeros(SHAPE, "u4"))
    photom = datamodels.NrcImgPhotomModel(phot_table=np.array([("F150W", "CLEAR", 0.31, 0.01)], dtype=[("filter", "S12"), ("pupil", "S12"), ("photmjsr", "f4"), ("uncertainty", "f4")]))
    area = datamodels.PixelAreaModel(data=rng.uniform(0.98, 1.02, SHAPE).astype("f4"))
    area.meta.photometry.pixelarea_steradians, area.meta.photometry.pixelarea_arcsecsq = 2.2587e-14, 0.000961
    for model, kind in ((distortion, "distortion"), (photom, "photom"), (area, "area")):
        for path in ("meta.instrument.name", "meta.instrument.detector", "meta.exposure.type"):
            model[path] = like[path]
        meta = model.meta
        meta.author, meta.description, meta.pedigree, meta.useafter, meta.reftype, meta.telescope = "calwebb", "truth", "DUMMY", "2020-01-01T00:00:00", kind, "JWST"
    return {"distortion": distortion, "filteroffset": "N/A", "flat": flat, "photom": photom, "area": area}


def asn(*products):
    return {
        "asn_type": "image2", "asn_rule": "Asn_Lv2Image", "asn_pool": "pool.csv", "asn_id": "o001", "program": "01234", "target": "1",
        "version_id": None, "code_version": "1.0", "degraded_status": "No known degraded exposures in association.", "constraints": "none",
        "products": [{"name": name, "members": [{"expname": f, "exptype": t} for f, t in members]} for name, members in products],
    }


def run(name, model, params=None, **kw):
    case("calwebb_image2", name, model, params, references(model), tolerances=TOLERANCES, **kw)


no_picture = {"steps": {"resample": {"skip": True}}}
run("rate", rate(), input_name=f"{FIRST}_rate.fits", doc="one exposure, with its picture")
run("rate_named", rate(), {**no_picture, "output_file": "mine"}, input_name=f"{FIRST}_rate.fits")
table = asn((FIRST, [(f"{FIRST}_rate.fits", "science"), (BACK[0], "background"), (BACK[1], "background")]), (SECOND, [(f"{SECOND}_rate.fits", "science")]))
run("association", rate(), {**no_picture, "save_bsub": True}, input_name=f"{FIRST}_rate.fits", arguments=["jw01234-o001_image2_00001_asn.json"],
    extras={"jw01234-o001_image2_00001_asn.json": table, f"{SECOND}_rate.fits": rate(2, ra=150.1001), BACK[0]: rate(3, level=5), BACK[1]: rate(4, level=5)},
    doc="two products, one with backgrounds")
cube = (2,) + SHAPE
backs = [b.replace("_rate", "_rateints") for b in BACK]
ints = asn((FIRST, [(f"{FIRST}_rateints.fits", "science"), (backs[0], "background"), (backs[1], "background")]))
run("integrations", rate(5, cube, exposure__type="NRC_TSIMAGE"), {"steps": {"bkg_subtract": {"save_results": True}}}, input_name=f"{FIRST}_rateints.fits",
    arguments=["jw01234-o001_tso-image2_00001_asn.json"],
    extras={"jw01234-o001_tso-image2_00001_asn.json": ints, backs[0]: rate(6, cube, 5), backs[1]: rate(7, cube, 5)}, doc="a time series with backgrounds")
