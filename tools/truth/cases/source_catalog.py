"""Truth of the source_catalog step."""

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

TOLERANCES = {
    "*": {"rtol": 1e-4, "atol": 1e-9, "frac": 0.0}, "?centroid": {"rtol": 0, "atol": 1e-4}, "sky_centroid": {"rtol": 0, "atol": 3e-9},
    "sky_bbox_*": {"rtol": 0, "atol": 3e-9}, "*_flux_err": {"rtol": 5e-4}, "*mag": {"rtol": 0, "atol": 2e-4}, "*mag_err": {"rtol": 1e-3, "atol": 1e-6},
    "CI_*": {"rtol": 3e-4}, "sharpness": {"rtol": 1e-3}, "roundness": {"rtol": 1e-3, "atol": 1e-4}, "semi*_sigma": {"rtol": 1e-3},
    "ellipticity": {"rtol": 0, "atol": 1e-3}, "*orientation": {"rtol": 0, "atol": 0.05},
}
SHAPE = (72, 80)


def sky(scale=8.6e-6):
    detector = cf.Frame2D(name="detector", axes_order=(0, 1), unit=(u.pix, u.pix))
    world = cf.CelestialFrame(reference_frame=coord.ICRS(), name="world")
    a = np.deg2rad(23.0)
    turn = m.AffineTransformation2D(scale * np.array([[-np.cos(a), np.sin(a)], [np.sin(a), np.cos(a)]]))
    transform = m.Shift(-40.0) & m.Shift(-36.0) | turn | m.Pix2Sky_TAN() | m.RotateNative2Celestial(150.1, 2.2, 180)
    transform.bounding_box = ((-0.5, SHAPE[1] - 0.5), (-0.5, SHAPE[0] - 0.5))
    return gwcs.WCS([(detector, transform), (world, None)])


def mosaic(instrument="NIRCAM", seed=11, **meta):
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    data = 0.3 + 0.001 * x + rng.normal(0, 0.02, SHAPE)
    for cx, cy, flux, width in [(12.3, 14.8, 9, 1.1), (40.1, 20.6, 30, 1.1), (44.9, 22.2, 14, 1.1), (65.4, 50.7, 5, 1.2), (20.2, 55.5, 60, 1.3),
                                (58.8, 11.1, 3, 1.1), (33.3, 44.4, 20, 3.2), (36.9, 47.9, 12, 1.1), (76.0, 66.0, 8, 1.1)]:
        data += flux / (2 * np.pi * width**2) * np.exp(-((x - cx) ** 2 + 1.3 * (y - cy) ** 2) / (2 * width**2))
    model = datamodels.ImageModel(data=data.astype("f4"))
    model.err = np.full(SHAPE, 0.02, "f4") + 0.01 * np.sqrt(np.abs(data)).astype("f4")
    model.wht = np.ones(SHAPE, "f4")
    model.wht[:, :4] = 0
    model.data[:, :4] = model.err[:, :4] = np.nan
    describe(model, instrument, shape=SHAPE, **meta)
    model.meta.bunit_data = model.meta.bunit_err = "MJy/sr"
    model.meta.photometry.pixelarea_steradians, model.meta.photometry.pixelarea_arcsecsq = 2.25e-14, 9.6e-4
    model.meta.resample.pixel_scale_ratio = 0.8
    model.meta.wcsinfo.crpix1, model.meta.wcsinfo.crpix2 = 41.0, 37.0
    model.meta.wcs = sky()
    return model


def references(model):
    name, selectors = {"NIRCAM": ("Nrc", ("filter", "pupil")), "MIRI": ("Mir", ("filter", "subarray")), "FGS": ("Fgs", ())}[model.meta.instrument.name]
    apcorr = getattr(datamodels, f"{name}ImgApcorrModel")()
    rows = np.zeros(6, apcorr.get_dtype("apcorr_table"))
    values = {"filter": model.meta.instrument.filter, "pupil": model.meta.instrument.pupil, "subarray": model.meta.subarray.name}
    for key in selectors:
        rows[key] = values[key]
    rows["eefraction"], rows["radius"], rows["apcorr"] = np.arange(2, 8) / 10, np.linspace(0.7, 2.6, 6), np.linspace(5, 1.4, 6)
    rows["skyin"], rows["skyout"] = 4.0, 7.0
    apcorr.apcorr_table = rows
    apcorr.meta.instrument.name = model.meta.instrument.name
    from astropy.table import Table

    columns = {"NIRCAM": ("filter", "pupil"), "MIRI": ("filter",), "FGS": ("detector",)}[model.meta.instrument.name]
    values["detector"] = model.meta.instrument.detector
    vega = datamodels.ABVegaOffsetModel()
    vega.abvega_offset = Table({**{k: [values[k], "OTHER"] for k in columns}, "abvega_offset": [1.706, 9.0]})
    vega.extension = ".asdf"
    for ref, kind in ((apcorr, "apcorr"), (vega, "abvegaoffset")):
        ref.meta.author, ref.meta.description, ref.meta.pedigree, ref.meta.useafter, ref.meta.reftype = "calwebb", "truth", "DUMMY", "2020-01-01T00:00:00", kind
    return {"apcorr": apcorr, "abvegaoffset": vega}


def run(name, model, params=None, **kw):
    case("source_catalog", name, model, {"npixels": 8, "bkg_boxsize": 40, **(params or {})}, references(model), input_name="jw01234-o001_t001_test_i2d.fits", tolerances=TOLERANCES, **kw)


LOOSE = {"roundlo": -1.0, "roundhi": 1.0, "sharplo": 0.0, "sharphi": 3.0}
run("segmentation", mosaic())
run("options", mosaic(), {"connectivity": "4", "multithresh_mode": "sinh", "contrast": 0.01, "nlevels": 16, "localbkg_width": 6, "kernel_fwhm": 2.8,
                          "aperture_ee1": 20, "aperture_ee2": 40, "aperture_ee3": 60, "ci1_star_threshold": 1.2, "ci2_star_threshold": 1.1, "suffix": "mycat"})
run("not_deblended", mosaic(), {"deblend": False, "snr_threshold": 6.0, "multithresh_mode": "linear"})
run("dao", mosaic(), {"starfinder": "dao", "minsep_fwhm": 2.0, "sigma_radius": 2.0, **LOOSE})
run("iraf", mosaic("MIRI", subarray="FULL"), {"starfinder": "iraf", "brightest": 4, **LOOSE}, doc="rows by filter and subarray")
run("fgs", mosaic("FGS"), {"kernel_fwhm": 1.5}, doc="no filter: the only rows")
holes = mosaic()
holes.data[np.random.default_rng(3).random(SHAPE) < 0.03] = np.nan
run("holes", holes)
lost = mosaic()
lost.meta.wcs = None
run("no_wcs", lost, doc="no positions on the sky")
nothing = mosaic()
nothing.data[:] = np.nan
run("all_nan", nothing, doc="no catalog")
run("no_box", mosaic(), {"bkg_boxsize": 0}, doc="the whole image is one box")
