"""Truth of the picture_frame step. Its regions are fixed for a full frame; a corner of one is enough for both of them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
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
