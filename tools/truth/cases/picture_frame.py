"""Truth of the picture_frame step. Its regions are fixed for a full frame; a corner of one is enough for both of them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
import nirspec_references as nirspec  # noqa: E402
from lib import case, datamodels, ramp, reference  # noqa: E402

SHAPE = (100, 84)


def frame(like, shape=SHAPE):
    y, x = np.mgrid[: shape[0], : shape[1]]
    data = (0.3 * np.exp(-np.minimum(x, y) / 20)).astype("f4")
    data[50, 50] = np.nan
    model = datamodels.PictureFrameModel(data=data)
    model.meta.instrument.name, model.meta.instrument.detector = "NIRSPEC", "NRS1"
    model.meta.author, model.meta.description, model.meta.pedigree = "calwebb", "truth", "DUMMY"
    model.meta.useafter, model.meta.reftype, model.meta.telescope = "2020-01-01T00:00:00", "PICTUREFRAME", "JWST"
    return model


def exposure(nints=2, ngroups=3, instrument="NIRSPEC", subarray="FULL", **kw):
    rng = np.random.default_rng(4)
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    steps = 4 * np.exp(-np.minimum(x, y) / 20) * rng.uniform(1, 3, (nints, ngroups, 1, 1)) + rng.normal(0, 1, (nints, ngroups) + SHAPE)
    steps += 500 * ((x > 30) & (x < 60) & (y % 17 < 3))
    m = ramp(instrument, data=(np.cumsum(steps, 1) + 1000).astype("f4"), subarray=subarray, **kw)
    m.data[0, -1, 80, 80] = np.nan
    m.groupdq[0, -1, 20, 20] = 4
    return m


def run(name, m, params=None, refs=None, **kw):
    shape = m.data.shape[-2:]
    table = {"pictureframe": frame(m), "gain": reference("GainModel", m, data=np.full(shape, 2, "f4"), dq_def=False),
             "readnoise": reference("ReadnoiseModel", m, data=np.full(shape, 5, "f4"), dq_def=False)}
    table.update(refs or {})
    case("picture_frame", name, m, {"skip": False, "mask_science_regions": False, "suffix": "picture_frame", **(params or {})}, table, overrides=False, **kw)


run("ramp", exposure(), {"save_mask": True, "save_correction": True})
run("sigma", exposure(1), {"n_sigma": 0})
run("one_group", exposure(1, 1))
run("subarray", exposure(1, subarray="SUB512"))
run("nircam", exposure(1, instrument="NIRCAM"))
run("no_reference", exposure(1), refs={"pictureframe": "N/A"})
r = exposure(3, 2)
cube = datamodels.CubeModel(data=((r.data[:, 1] - r.data[:, 0]) / 10))
cube.err, cube.dq = np.zeros_like(cube.data), np.zeros(cube.data.shape, "u4")
cube.update(r)
run("rateints", cube, {"save_mask": True})
image = datamodels.ImageModel(data=cube.data[0])
image.err, image.dq = np.zeros_like(image.data), np.zeros(image.data.shape, "u4")
image.update(r)
image.data[76:, 76:] = 0
run("no_centre", image)


def spectra(exp_type, start=(1000, 915), **kw):
    """A ramp with slits in it: an odd part of the detector, called a full frame."""
    return nirspec.exposure(exposure(1), exp_type, "G140M", "F100LP", cls=None, start=start, **kw)


def run_spectra(name, m, params=None, refs=None, **kw):
    table = {**nirspec.optics(m, nirspec.SLITS), **(refs or {})}
    run(f"nirspec_{name}", m, {"mask_science_regions": True, "save_mask": True, **(params or {})}, table, **kw)


run_spectra("slits", spectra("NRS_FIXEDSLIT", start=(1720, 915), instrument__fixed_slit="S200A1"), doc="red ends of fixed slits; nothing is known of failed-open shutters, whose flags jwst can only put on whole frames")
run_spectra("no_data", spectra("NRS_FIXEDSLIT", instrument__detector="NRS2", instrument__fixed_slit="S200A1"), doc="no slit on the detector: done without leaving out science")
m = spectra("NRS_MSASPEC", start=(1000, 870), **nirspec.MOS)
run_spectra("shutters", m, extras={nirspec.METAFILE: nirspec.metafile(nirspec.OPEN_SHUTTERS, nirspec.SOURCES)})
run_spectra("shutters_lost", m, doc="no metadata file: FAILED")
