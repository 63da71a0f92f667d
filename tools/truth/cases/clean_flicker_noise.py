"""Truth of the clean_flicker_noise step."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from astropy.modeling import models  # noqa: E402
import nirspec_references as nirspec  # noqa: E402
from lib import case, datamodels, describe, ramp, reference  # noqa: E402

LOOSE = {"*": {"rtol": 1e-5, "atol": None, "frac": 0.0}, "SCI": {"rtol": 1e-5, "atol": 2e-3}}
BITS = {"*": {"rtol": 1e-5, "atol": None, "frac": 0.0}}


def striped(instrument="NIRCAM", nints=2, ngroups=3, shape=(40, 36), seed=1, rows=True, **kw):
    rng = np.random.default_rng(seed)
    ny, nx = shape
    y, x = np.mgrid[:ny, :nx]
    scene = 20 + 0.05 * x + 300 * np.exp(-((x - 11) ** 2 + (y - 25) ** 2) / 9) + 80 * np.exp(-((x - 28) ** 2 + (y - 9) ** 2) / 6)
    steps = np.repeat(scene[None, None], nints * ngroups, 1).reshape(nints, ngroups, ny, nx) + rng.normal(0, 3, (nints, ngroups, ny, nx))
    stripes = rng.normal(0, 6, (nints, ngroups, ny if rows else nx))
    steps += stripes[:, :, :, None] if rows else stripes[:, :, None, :]
    m = ramp(instrument, data=np.round(4 * np.cumsum(steps, 1) + 2000).astype("f4") / 4, **kw)
    m.groupdq[0, 1, 5, 5] = 4
    m.groupdq[:, 2:, 25 % ny, 11] = 2
    m.groupdq[0, 1, 30 % ny] = 1
    m.data[0, 1, 8 % ny, 8] = np.nan
    m.pixeldq[2, 3] = 1
    return m


def nested(m, seed=2, **more):
    shape = m.data.shape[-2:]
    out = {"gain": reference("GainModel", m, data=np.full(shape, 2, "f4"), dq_def=False),
           "readnoise": reference("ReadnoiseModel", m, data=np.full(shape, 8, "f4"), dq_def=False)}
    out.update(more)
    return out


def flat(m, seed=3):
    rng = np.random.default_rng(seed)
    data = rng.normal(1, 0.02, m.data.shape[-2:]).astype("f4")
    data[3, 3], data[4, 4], data[20, 30] = 0, np.nan, np.inf
    dq = np.zeros(data.shape, "u4")
    dq[:3] = 1
    return reference("FlatModel", m, data=data, err=np.zeros_like(data), dq=dq)


def run(name, m, params=None, refs=None, **kw):
    kw.setdefault("tolerances", BITS)
    case("clean_flicker_noise", name, m, {"skip": False, "suffix": "clean_flicker_noise", **(params or {})}, nested(m) if refs is None else refs, overrides=False, **kw)


ALL = {"save_mask": True, "save_background": True, "save_noise": True}
run("median", striped(), ALL)
run("median_columns", striped("NIRISS", rows=False), {"save_noise": True})
run("nirspec_median", striped("NIRSPEC", rows=False, exposure__type="NRS_FIXEDSLIT"), {"save_noise": True})
run("mask_per_integration", striped(), {"single_mask": False, "save_mask": True})
run("no_background", striped(), {"background_method": None, "save_background": True})
run("model", striped(shape=(48, 36)), {"background_method": "model", "background_box_size": [8, 6], "save_background": True}, tolerances=LOOSE)
run("model_odd_box", striped(shape=(45, 37)), {"background_method": "model", "background_box_size": [10, 8], "save_background": True}, tolerances=LOOSE)
run("sigma_zero", striped(), {"n_sigma": 0, "save_mask": True})
run("histogram", striped(shape=(64, 60)), {"fit_histogram": True, "n_sigma": 2.5}, tolerances={**LOOSE, "SCI": {"rtol": 1e-5, "atol": 2e-3, "frac": 0.02}})
m = striped()
run("flat", m, {"apply_flat_field": True, **ALL}, nested(m, flat=flat(m)))
m = striped()
run("flat_missing", m, {"apply_flat_field": True})
m = striped("MIRI", rows=False)
m.groupdq[:, -1] |= 1
run("miri", m, {"save_mask": True})
m = striped("MIRI", rows=False)
run("miri_science", m, {"mask_science_regions": True, "save_mask": True}, nested(m, flat=flat(m)))
run("miri_lrs", striped("MIRI", exposure__type="MIR_LRS-FIXEDSLIT"))
run("fft_not_nirspec", striped(), {"fit_method": "fft"})
run("fft_subarray", striped("NIRSPEC", 1, 3, (32, 80), rows=False, exposure__type="NRS_FIXEDSLIT"), {"fit_method": "fft", "save_noise": True}, tolerances=LOOSE)
run("fft_nrs2", striped("NIRSPEC", 1, 3, (32, 80), rows=False, exposure__type="NRS_FIXEDSLIT", instrument__detector="NRS2"), {"fit_method": "fft", "background_method": None}, tolerances=LOOSE)
run("fft_allslits", striped("NIRSPEC", 1, 2, (40, 60), rows=False, exposure__type="NRS_FIXEDSLIT", subarray="ALLSLITS"), {"fit_method": "fft"}, tolerances=LOOSE)
run("by_channel", striped(nints=1, ngroups=2, shape=(6, 2048), subarray="FULL"), {"fit_by_channel": True})
run("by_channel_subarray", striped(), {"fit_by_channel": True})
run("autoparam", striped("NIRISS", rows=False), {"autoparam": True, "save_background": True}, tolerances=LOOSE)
m = striped(shape=(48, 36))
run("autoparam_flat", m, {"autoparam": True, "save_background": True}, nested(m, flat=flat(m)), tolerances=LOOSE)
m = striped()
mask = datamodels.ImageModel(data=(np.random.default_rng(5).uniform(0, 1, (40, 36)) < 0.8).astype("f4"))
run("user_mask", m, {"user_mask": "mask.fits", "save_mask": True}, extras={"mask.fits": mask})
bad = datamodels.ImageModel(data=np.ones((40, 30), "f4"))
run("user_mask_shape", m, {"user_mask": "mask.fits"}, extras={"mask.fits": bad})
m = striped(ngroups=4)
m.groupdq[0, 2] |= 1
run("unusable_group", m)


def rate(nints=None, seed=7, instrument="NIRCAM"):
    r = striped(instrument, nints or 1, 3, seed=seed)
    data = (r.data[:, 2] - r.data[:, 1]) / 10
    model = datamodels.CubeModel(data=data) if nints else datamodels.ImageModel(data=data[0])
    model.err, model.dq = np.zeros_like(model.data), np.zeros(model.data.shape, "u4")
    model.update(r)
    return model


run("rate", rate(), ALL, {})
run("rateints", rate(3), ALL, {})


def spectra(exp_type, shape=(60, 70), start=(1000, 915), grating="G140M", filt="F100LP", nints=1, **kw):
    """A ramp of NIRSpec with stripes, somewhere on the detector."""
    m = striped("NIRSPEC", nints, 3, shape, rows=False)
    kw.setdefault("subarray", "ALLSLITS")
    return nirspec.exposure(m, exp_type, grating, filt, cls=None, start=start, **kw)


def run_spectra(name, m, params=None, types=nirspec.SLITS, refs=None, **kw):
    run(f"nirspec_{name}", m, {"mask_science_regions": True, "save_mask": True, **(params or {})}, {**nested(m), **nirspec.optics(m, types), **(refs or {})}, **kw)


metafile = {nirspec.METAFILE: nirspec.metafile(nirspec.OPEN_SHUTTERS, nirspec.SOURCES)}
fixed = {nirspec.METAFILE: nirspec.metafile(nirspec.OPEN_WITH_FIXED, nirspec.SOURCES)}
m = spectra("NRS_FIXEDSLIT", start=(1740, 915), instrument__fixed_slit="S200A1")
run_spectra("slits", m, doc="red ends of the boxes of fixed slits; failed-open shutters do not matter")
m = spectra("NRS_BRIGHTOBJ", nints=2, instrument__fixed_slit="S1600A1", start=(1000, 1010))
run_spectra("bright", m, {"single_mask": False}, doc="the same science in both integrations")
m = spectra("NRS_FIXEDSLIT", (40, 50), detector="NRS2", instrument__fixed_slit="S200A1")
run_spectra("no_data", m, doc="no slit on the detector: FAILED")
m = spectra("NRS_MSASPEC", start=(1000, 870), subarray="FULL", **nirspec.MOS)
run_spectra("shutters", m, extras=metafile, doc="slitlets, rows of the fixed slits; nothing is known of failed-open shutters, whose flags jwst can only put on whole frames")
m = spectra("NRS_MSASPEC", (300, 40), start=(1000, 880), subarray="FULL", grating="G235M", filt="F170LP", **nirspec.MOS)
run_spectra("shutters_fixed", m, {"n_sigma": 0}, extras=fixed, doc="a fixed slit is open too: its rows stay; no clipping")
m = spectra("NRS_MSASPEC", (40, 50), subarray="FULL", **nirspec.MOS)
run_spectra("shutters_lost", m, doc="no metadata file: FAILED")


def series(m, x=12, y=26):
    """An imaging time series whose source is planned near (x, y), from 1, and gets fainter."""
    n = m.data.shape[0]
    w = m.meta.wcsinfo
    w.siaf_xref_sci, w.siaf_yref_sci = x, y
    w.v2_ref, w.v3_ref, w.roll_ref, w.ra_ref, w.dec_ref, w.v3yangle, w.vparity = 10.0, -20.0, 33.0, 150.0, -2.0, 0.0, -1
    m.meta.visit.tsovisit = True
    m.meta.exposure.integration_time = 30.0
    m.meta.bunit_data = m.meta.bunit_err = "DN/s"
    rows = [(i + 1, *(60000.0 + np.arange(6) + i)) for i in range(n)]
    names = ["integration_number", "int_start_MJD_UTC", "int_mid_MJD_UTC", "int_end_MJD_UTC", "int_start_BJD_TDB", "int_mid_BJD_TDB", "int_end_BJD_TDB"]
    m.int_times = np.array(rows, dtype=[(k, "f8" if i else "i4") for i, k in enumerate(names)])
    return m


def sky(m):
    """Where pixels point: the photometry of jwst asks for it, and its sums do not depend on it."""
    ref = datamodels.DistortionModel(model=models.Scale(0.03) & models.Scale(0.03), input_units="pixel", output_units="arcsec")
    ref.extension = ".asdf"
    ref.meta.instrument.name, ref.meta.instrument.detector, ref.meta.exposure.type = m.meta.instrument.name, m.meta.instrument.detector, m.meta.exposure.type
    ref.meta.author, ref.meta.description, ref.meta.pedigree = "calwebb", "truth", "DUMMY"
    ref.meta.useafter, ref.meta.reftype, ref.meta.telescope = "2020-01-01T00:00:00", "distortion", "JWST"
    return ref


def run_series(name, m, params=None, refs=None, **kw):
    gain = reference("GainModel", m, data=np.random.default_rng(8).uniform(1.8, 2.2, m.data.shape[-2:]).astype("f4"), dq_def=False)
    run(f"series_{name}", m, {"background_method": "median_image", "save_noise": True, "save_background": True, **(params or {})},
        {**nested(m), "gain": gain, "distortion": sky(m), **(refs or {})}, **kw)


m = series(striped(nints=3, exposure__type="NRC_TSIMAGE"))
run_series("ramp", m, doc="the flux in an aperture about the centroid scales the median image")
m = series(rate(4))
m.meta.exposure.type = "NRC_TSIMAGE"
m.data[1] *= 0.9
m.data[2, 24:27, 10:13] = np.nan
run_series("rates", m, doc="one integration without a source")
m = series(striped("MIRI", 3, rows=False))
run_series("miri", m, refs={"flat": flat(m)}, doc="a time series of MIRI")
m = series(striped(nints=2, exposure__type="NRC_TSIMAGE"))
m.meta.wcsinfo.siaf_xref_sci = None
run_series("nowhere", m, doc="the source has no planned position: FAILED")
m = series(striped(nints=2, shape=(64, 64), exposure__type="NRC_TSIMAGE", instrument__pupil="WLP8", subarray="SUB64P"))
run_series("whole", m, doc="the whole subarray is the aperture")
