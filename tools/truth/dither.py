"""Dithered exposures of a small field with distortion, for the steps that combine images."""

import numpy as np
from astropy import coordinates, units as u
from astropy.modeling.models import Identity, Mapping, Pix2Sky_TAN, Polynomial2D, RotateNative2Celestial, Scale, Shift
from gwcs import coordinate_frames as cf
from gwcs import wcs as gwcs
from stcal.alignment.util import compute_s_region_imaging
from stdatamodels.jwst import datamodels

from lib import describe

SCALE = 0.063  # arcsec
RA, DEC = 53.1, -27.8


def sky_wcs(shape, dx, dy, roll):
    ny, nx = shape
    distortion = []
    for main, cross in ((1, 0), (0, 1)):
        p = Polynomial2D(2, c0_0=0, c1_0=float(main), c0_1=float(cross))
        p.c2_0, p.c1_1, p.c0_2 = 2e-4 * (1 + main), -1e-4, 1.5e-4 * (1 + cross)
        distortion.append(p)
    c, s = np.cos(np.radians(roll)), np.sin(np.radians(roll))
    turn = [Polynomial2D(1, c0_0=0, c1_0=-c, c0_1=s), Polynomial2D(1, c0_0=0, c1_0=s, c0_1=c)]
    two = Mapping((0, 1, 0, 1))
    optics = (Shift(dx - nx / 2) & Shift(dy - ny / 2)) | two | (distortion[0] & distortion[1]) | two | (turn[0] & turn[1])
    sky = (Scale(SCALE / 3600) & Scale(SCALE / 3600)) | Pix2Sky_TAN() | RotateNative2Celestial(RA, DEC, 180)
    inverse = sky.inverse | turn_inverse(c, s) | distortion_inverse(distortion, shape) | (Shift(nx / 2 - dx) & Shift(ny / 2 - dy))
    forward = optics | sky
    forward.inverse = inverse
    detector = cf.Frame2D(name="detector", axes_order=(0, 1), unit=(u.pix, u.pix))
    world = cf.CelestialFrame(name="world", reference_frame=coordinates.ICRS(), unit=(u.deg, u.deg))
    w = gwcs.WCS([(detector, forward), (world, None)])
    w.bounding_box = ((-0.5, nx - 0.5), (-0.5, ny - 0.5))
    w.array_shape = shape
    return w


def turn_inverse(c, s):
    return Mapping((0, 1, 0, 1)) | (Polynomial2D(1, c0_0=0, c1_0=-c, c0_1=s) & Polynomial2D(1, c0_0=0, c1_0=s, c0_1=c))


def distortion_inverse(forward, shape):
    from astropy.modeling.fitting import LinearLSQFitter

    y, x = np.mgrid[-shape[0]:shape[0] + 1, -shape[1]:shape[1] + 1].astype("f8")
    u_, v_ = forward[0](x, y), forward[1](x, y)
    fit = LinearLSQFitter()
    return Mapping((0, 1, 0, 1)) | (fit(Polynomial2D(5), u_, v_, x) & fit(Polynomial2D(5), u_, v_, y))


def exposure(k, rng, shape=(22, 24), instrument="NIRCAM", level=None, exptime=100.0, stars=True, cr=0):
    ny, nx = shape
    dx, dy = [(0, 0), (3.3, 1.6), (-2.4, 2.7), (1.2, -3.1)][k % 4]
    model = datamodels.ImageModel(shape)
    describe(model, instrument, shape=shape)
    m = model.meta
    m.filename = f"jw01234001001_02101_0000{k + 1}_nrcb1_cal.fits"
    m.observation.program_number, m.observation.observation_number, m.observation.visit_number = "01234", "001", "001"
    m.observation.visit_group, m.observation.sequence_id, m.observation.activity_id = "02", "1", "01"
    m.observation.exposure_number = f"0000{k + 1}"
    m.observation.date, m.observation.time = "2023-02-25", f"0{k + 1}:00:00.000"
    m.exposure.start_time, m.exposure.end_time = 60000.0 + k, 60000.01 + k
    m.exposure.exposure_time, m.exposure.measurement_time, m.exposure.duration = exptime, 0.9 * exptime, 1.2 * exptime
    m.exposure.zero_frame = bool(k % 2)
    m.target.proposer_name = ["M 31", "M 31", "NGC 224", "M 31"][k % 4]
    m.bunit_data, m.bunit_err = "MJy/sr", "MJy/sr"
    m.photometry.pixelarea_arcsecsq = SCALE**2
    m.photometry.pixelarea_steradians = (np.radians(SCALE / 3600)) ** 2
    if level is not None:
        m.background.level, m.background.subtracted = level, False
    roll = 8.0 * k
    w = sky_wcs(shape, dx, dy, roll)
    m.wcs = w
    i = m.wcsinfo
    i.ra_ref, i.dec_ref, i.roll_ref, i.v3yangle, i.vparity = RA, DEC, roll, 0.0, -1
    i.v2_ref, i.v3_ref, i.wcsaxes = 120.0, -500.0, 2
    i.s_region = compute_s_region_imaging(w, shape, center=False)
    y, x = np.mgrid[:ny, :nx].astype("f8")
    ra, dec = w(x, y, with_bounding_box=False)
    image = np.full(shape, 1.0 + (level or 0))
    if stars:
        for (a, d, f) in ((0.1, 0.2, 50), (-0.3, -0.25, 20), (0.35, -0.1, 30)):
            r2 = ((ra - RA) * np.cos(np.radians(DEC)) * 3600 - a) ** 2 + ((dec - DEC) * 3600 - d) ** 2
            image += f * np.exp(-r2 / 2 / 0.08**2)
    sigma = 0.05
    model.data = (image + rng.normal(0, sigma, shape)).astype("f4")
    model.var_rnoise = (sigma**2 * rng.uniform(0.8, 1.2, shape) * 100 / exptime).astype("f4")
    model.var_poisson = (image * 1e-3).astype("f4")
    model.var_flat = (image**2 * 1e-5).astype("f4")
    model.err = np.sqrt(model.var_rnoise + model.var_poisson + model.var_flat).astype("f4")
    model.dq = np.zeros(shape, "u4")
    model.dq[4, 5] = 1
    model.dq[10, 11] = 4
    model.dq[15, 3:5] = 1 << 9
    model.data[7, 7] = np.nan
    model.var_rnoise[12, 3] = 0
    for _ in range(cr):
        model.data[rng.integers(1, ny - 1), rng.integers(1, nx - 1)] += rng.uniform(5, 40)
    return model


def association(models, name="jw01234-o001_t001_test", asn_id="o001"):
    return {"asn_type": "image3", "asn_rule": "DMS_Level3_Base", "asn_pool": "pool.csv", "asn_id": asn_id, "program": "01234",
            "target": "t001", "version_id": None, "code_version": "1.0", "degraded_status": "none", "constraints": "none",
            "products": [{"name": name, "members": [{"expname": m.meta.filename, "exptype": "science"} for m in models]}]}


def dithered(n, rng, **kw):
    """Arguments of lib.case for n exposures in an association."""
    models = [exposure(k, rng, **kw) for k in range(n)]
    asn = "jw01234-o001_image3_00001_asn.json"
    extras = {m.meta.filename: m for m in models[1:]}
    extras[asn] = association(models)
    return dict(model=models[0], input_name=models[0].meta.filename, extras=extras, arguments=[asn])
