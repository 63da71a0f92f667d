"""Truth cases of calwebb_detector1, calwebb_dark and calwebb_guider: python tools/truth/cases/stage1_pipelines.py [name part]"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from lib import case, describe, ramp_cube, reference, uncal  # noqa: E402
from stdatamodels.jwst import datamodels  # noqa: E402


def exposure(instrument="NIRCAM", nints=2, ngroups=6, shape=(16, 20), seed=1, start=(101, 101), **kw):
    """A raw exposure of a subarray without reference pixels, with cosmic rays and saturation."""
    rng = np.random.default_rng(seed)
    data = ramp_cube(rng, nints, ngroups, shape, bias=2000)
    hits = rng.random(data.shape) < 0.01
    data += np.cumsum(np.where(hits, rng.uniform(200, 3000, data.shape), 0), axis=1).astype("f4")
    first = rng.integers(1, 8 * ngroups, (nints,) + shape)
    for g in range(ngroups):
        data[:, g][first <= g] = 62000
    return uncal(instrument, nints, ngroups, shape, data=data, start=start, subarray="GENERIC", **kw)


def references(model, seed=2):
    rng = np.random.default_rng(seed)
    shape = model.data.shape[-2:]
    ngroups = model.data.shape[1]
    noise = lambda low, high, *lead: rng.uniform(low, high, lead + shape).astype("f4")  # noqa: E731
    dq = np.zeros(shape, "u4")
    dq[2, 3], dq[4, 5], dq[6, 1] = 1, 4 + 1, 8
    coeffs = np.zeros((3,) + shape, "f4")
    coeffs[1], coeffs[2] = 1, 1e-7
    miri = model.meta.instrument.name == "MIRI"
    refs = {
        "mask": reference("MaskModel", model, dq=dq),
        "saturation": reference("SaturationModel", model, data=noise(55000, 60000), dq=np.zeros(shape, "u4")),
        "linearity": reference("LinearityModel", model, coeffs=coeffs, dq=np.zeros(shape, "u4")),
        "gain": reference("GainModel", model, data=noise(1.6, 2.2)),
        "readnoise": reference("ReadnoiseModel", model, data=noise(6, 14)),
    }
    if miri:
        dark = noise(0.1, 1, 2, ngroups + 1)
        refs["dark"] = reference("DarkMIRIModel", model, data=dark, dq=np.zeros((2, 1) + shape, "u4"))
        refs["reset"] = reference("ResetModel", model, data=noise(-3, 3, 2, 3), dq=np.zeros(shape, "u4"))
        rscd = refs["rscd"] = datamodels.RSCDModel()
        rscd.meta.instrument.name, rscd.meta.instrument.detector = "MIRI", "MIRIMAGE"
        rscd.meta.author, rscd.meta.description, rscd.meta.pedigree = "calwebb", "truth", "DUMMY"
        rscd.meta.useafter, rscd.meta.reftype = "2020-01-01T00:00:00", "rscd"
        dtype = rscd.get_dtype("rscd_group_skip_table")
        row = {"subarray": "GENERIC", "readpatt": "FASTR1"}
        rscd.rscd_group_skip_table = np.array([tuple(row.get(n, 2) for n in np.dtype(dtype).names)], dtype=dtype)
    else:
        refs["superbias"] = reference("SuperBiasModel", model, data=noise(1800, 1900), dq=np.zeros(shape, "u4"))
        refs["dark"] = reference("DarkModel", model, data=noise(0.1, 1, ngroups + 1), dq=np.zeros(shape, "u4"))
    if "dark" in refs:
        e = refs["dark"].meta.exposure
        e.nframes, e.groupgap, e.ngroups = model.meta.exposure.nframes, model.meta.exposure.groupgap, ngroups + 1
        e.group_time = model.meta.exposure.group_time
        if miri:
            e.nints = 2
    if "reset" in refs:
        refs["reset"].meta.exposure.nints, refs["reset"].meta.exposure.ngroups = 2, 3
    return refs


LOOSE = {"*": {"rtol": 1e-4, "atol": None, "frac": 0.0}, "SCI": {"rtol": 1e-4, "atol": 0.02}}
GENTLE = {"steps": {"refpix": {"skip": True}}}

for name, kw in {"nircam": {}, "nirspec": {"instrument": "NIRSPEC"}, "miri": {"instrument": "MIRI", "ngroups": 8}}.items():
    model = exposure(**kw)
    case("calwebb_dark", name, model, {**GENTLE, "suffix": "dark"} if name == "nircam" else GENTLE, references(model), tolerances=LOOSE)

for name, kw, params in [
    ("nircam", {}, GENTLE),
    ("niriss_products", {"instrument": "NIRISS"}, {
        "save_calibrated_ramp": True, "steps": {"refpix": {"skip": True}, "ramp_fit": {"save_opt": True}}}),
    ("nirspec_gain_factor", {"instrument": "NIRSPEC"}, GENTLE),
    ("fgs_one_integration", {"instrument": "FGS", "nints": 1}, GENTLE),
    ("miri", {"instrument": "MIRI", "ngroups": 9, "nints": 3}, GENTLE),
    ("miri_too_short", {"instrument": "MIRI", "ngroups": 3}, GENTLE),
    ("two_groups", {"ngroups": 2}, GENTLE),
    ("likely", {"ngroups": 8}, {"steps": {"refpix": {"skip": True}, "ramp_fit": {"algorithm": "LIKELY"}}}),
    ("no_fit", {}, {"steps": {"refpix": {"skip": True}, "ramp_fit": {"skip": True}}}),
    ("tso", {"nints": 3}, {"steps": {"refpix": {"skip": True}, **{a: {"skip": True} for a in ("ipc", "firstframe", "lastframe", "persistence")}}}),
]:
    model = exposure(**kw)
    refs = references(model)
    if name == "nirspec_gain_factor":
        refs["gain"].meta.exposure.gain_factor = 2.0
    loose = dict(LOOSE)
    if name == "likely":
        loose["*"] = {"rtol": 1e-4, "atol": None, "frac": 0.01, "nan_frac": 0.01}
        loose["DQ"] = {"frac_int": 0.01}
    case("calwebb_detector1", name, model, params, refs, tolerances=loose)

model = exposure()
model.data[:] = 65000
case("calwebb_detector1", "all_saturated", model, GENTLE, references(model), doc="nothing can be fitted: no product")


def guider(exp_type, nints, ngroups, shape=(8, 10), seed=15):
    rng = np.random.default_rng(seed)
    data = np.clip(np.cumsum(rng.normal(20, 15, (nints, ngroups) + shape), axis=1) + 300, 0, 65535)
    m = datamodels.GuiderRawModel(data=data.astype("f4"))
    m.planned_star_table = np.zeros(2, dtype=m.get_dtype("planned_star_table"))
    m.pointing_table = np.zeros(3, dtype=m.get_dtype("pointing_table"))
    describe(m, "FGS", nints=nints, ngroups=ngroups, shape=shape, start=(3, 4), tframe=0.33)
    m.meta.exposure.type = exp_type
    return m


def guider_references(model):
    rng = np.random.default_rng(6)
    shape = (32, 40)
    dq = np.zeros(shape, "u4")
    dq[6, 7] = 1
    flat = rng.uniform(0.8, 1.2, shape).astype("f4")
    flat[8, 8] = np.nan
    full = lambda cls, **arrays: reference(cls, model, start=(1, 1), **arrays)  # noqa: E731
    return {
        "mask": full("MaskModel", dq=dq),
        "gain": full("GainModel", data=rng.uniform(1.5, 2.5, shape).astype("f4")),
        "readnoise": full("ReadnoiseModel", data=rng.uniform(5, 15, shape).astype("f4")),
        "flat": full("FlatModel", data=flat, err=np.zeros(shape, "f4"), dq=np.zeros(shape, "u4")),
    }


for name, exp_type, nints, ngroups in [("id", "FGS_ID-IMAGE", 2, 2), ("acq1", "FGS_ACQ1", 3, 2), ("fineguide", "FGS_FINEGUIDE", 2, 8)]:
    model = guider(exp_type, nints, ngroups)
    case("calwebb_guider", name, model, {}, guider_references(model), tolerances=LOOSE)
model = guider("FGS_TRACK", 2, 2)
case("calwebb_guider", "no_flat", model, {"steps": {"flat_field": {"skip": True}}}, guider_references(model), tolerances=LOOSE)
