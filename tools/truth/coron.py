"""Small coronagraphic and time-series cubes with a world coordinate system."""

import numpy as np
from stdatamodels.jwst import datamodels

from dither import DEC, RA, SCALE, sky_wcs
from lib import describe


def spot(shape, x, y, width, flux):
    """Two lobes with a hole, like a star behind a mask: it has structure that a shift shows in."""
    yy, xx = np.mgrid[:shape[0], :shape[1]].astype("f8")
    lobe = lambda dx, dy, w: np.exp(-((xx - x - dx) ** 2 + (yy - y - dy) ** 2) / 2 / w**2)  # noqa: E731
    return flux * (lobe(2.5, 1, width) + 0.7 * lobe(-2, -2.2, width) + 0.2 * lobe(0, 3, 2 * width))


def cube(number, seed, nints=3, shape=(18, 20), shift=(0.0, 0.0), flux=300.0, exp_type="NRC_CORON", detector="NRCALONG", planet=None, wcs=True,
         suffix="calints", instrument="NIRCAM", noise=0.5, roll=0.0, segment=""):
    """Exposure of `nints` integrations; float32 [nints, ny, nx] with errors, variances, flags and NaN."""
    rng = np.random.default_rng(seed)
    ny, nx = shape
    full = (nints,) + shape
    model = datamodels.CubeModel(full)
    describe(model, instrument, nints=nints, shape=shape)
    m = model.meta
    m.instrument.detector = detector
    m.exposure.type = exp_type
    m.exposure.start_time, m.exposure.end_time = 60000.0 + number, 60000.01 + number
    m.exposure.exposure_time, m.exposure.measurement_time, m.exposure.duration = 30.0 * nints, 27.0 * nints, 36.0 * nints
    m.exposure.integration_time = 27.0
    m.exposure.effective_exposure_time = 27.0 * nints
    m.observation.exposure_number = f"{number:05d}"
    m.target.catalog_name = m.target.proposer_name = "STAR"
    m.filename = f"jw01234001001_02101_{number:05d}{segment}_{detector.lower()}_{suffix}.fits"
    m.bunit_data = m.bunit_err = "MJy/sr"
    m.photometry.pixelarea_arcsecsq = SCALE**2
    m.photometry.pixelarea_steradians = (np.radians(SCALE / 3600)) ** 2
    image = spot(shape, nx / 2 + shift[0], ny / 2 + shift[1], 1.6, flux) + 2.0
    if planet:
        yy, xx = np.mgrid[:ny, :nx]
        image = image + planet[2] * np.exp(-((xx - planet[0]) ** 2 + (yy - planet[1]) ** 2) / 2)
    model.data = (image + rng.normal(0, noise, full)).astype("f4")
    model.var_rnoise = np.full(full, noise**2, "f4")
    model.var_poisson = np.broadcast_to(np.abs(image) * 1e-3, full).astype("f4")
    model.var_flat = np.broadcast_to(image**2 * 1e-6, full).astype("f4")
    model.err = np.sqrt(model.var_rnoise + model.var_poisson + model.var_flat)
    model.dq = np.zeros(full, "u4")
    model.dq[:, 3, 4] = 1
    model.dq[0, 7, 8] = 1 | 1 << 10
    model.dq[:, 0, :2] = 1
    model.dq[nints - 1, 9, 9] = 4
    model.data[:, 3, 4] = np.nan
    model.data[0, 12, 11] = np.nan
    times = np.zeros(nints, dtype=model.get_dtype("int_times"))
    times["integration_number"] = np.arange(1, nints + 1)
    for k, name in enumerate(n for n in times.dtype.names if n != "integration_number"):
        times[name] = 60000 + number + 0.001 * np.arange(nints) + 0.0003 * (k % 3) + (0.004 if "BJD" in name else 0)
    model.int_times = times
    if wcs:
        w = sky_wcs(shape, 0, 0, roll)
        w.bounding_box = ((-0.5, nx - 0.5), (-0.5, ny - 0.5))
        m.wcs = w
        i = m.wcsinfo
        i.ra_ref, i.dec_ref, i.roll_ref, i.v3yangle, i.vparity = RA, DEC, roll, 0.0, -1
        i.v2_ref, i.v3_ref, i.wcsaxes = 120.0, -500.0, 2
        i.siaf_xref_sci, i.siaf_yref_sci = nx / 2 + 1.0, ny / 2 + 1.0
        from stcal.alignment.util import compute_s_region_imaging

        i.s_region = compute_s_region_imaging(w, shape, center=False)
    return model


def stack(models):
    """The integrations of exposures in one cube, as the reference implementation's stack_refs makes it."""
    out = datamodels.CubeModel(data=np.concatenate([m.data for m in models]), err=np.concatenate([m.err for m in models]),
                               dq=np.concatenate([m.dq for m in models]))
    out.update(models[0])
    out.meta.cal_step.stack_psfs = "COMPLETE"
    return out


def association(members, name="jw01234-o001_t001_coron", asn_type="coron3"):
    """`members`: pairs of a model and its type."""
    return {"asn_type": asn_type, "asn_rule": "Asn_Lv3", "asn_pool": "pool.csv", "asn_id": "o001", "program": "01234", "target": "t001",
            "version_id": None, "code_version": "1.0", "degraded_status": "none", "constraints": "none",
            "products": [{"name": name, "members": [{"expname": m.meta.filename, "exptype": t} for m, t in members]}]}


def psfmask(like):
    """A mask with a hole of less weight in the middle."""
    ny, nx = like.data.shape[-2:]
    yy, xx = np.mgrid[:ny, :nx]
    model = datamodels.PsfMaskModel(data=np.where((xx - nx / 2) ** 2 + (yy - ny / 2) ** 2 < 9, 0.2, 1.0).astype("f4"))
    model.meta.instrument.name = like.meta.instrument.name
    model.meta.author, model.meta.description, model.meta.pedigree = "calwebb", "truth", "DUMMY"
    model.meta.useafter, model.meta.reftype, model.meta.telescope = "2020-01-01T00:00:00", "psfmask", "JWST"
    return model
