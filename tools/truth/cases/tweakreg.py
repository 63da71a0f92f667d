"""Truth of the tweakreg step: alignment by catalogs of the user. The exposures have few pixels, and their catalogs many sources."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from astropy import coordinates, units as u  # noqa: E402
from astropy.modeling.models import Mapping, Polynomial2D, Scale, Shift  # noqa: E402
from astropy.table import Table  # noqa: E402
from dither import association, distortion_inverse  # noqa: E402
from gwcs import coordinate_frames as cf, wcs as gwcs  # noqa: E402
from jwst.assign_wcs.pointing import v23tosky  # noqa: E402
from lib import case, describe  # noqa: E402
from stdatamodels.jwst import datamodels  # noqa: E402

TOLERANCES = {"*": {"rtol": 1e-5, "frac": 0.0}, "header:C*": {"rtol": 1e-7}, "header:S_REGION": {"atol": 2e-9}}
SCALE, N = 0.063, 400
RNG = np.random.default_rng(5)
STARS = np.array([RNG.uniform(-40, 40, 150), RNG.uniform(-40, 40, 150)])  # V2, V3 from the reference point [arcsec]
DITHERS = [(0, 0), (6.1, -3.2), (-4.4, 7.7), (13.0, 9.5)]


def exposure(k, error, turn):
    """An exposure whose WCS is wrong by `error` arcsec and `turn` degrees, and the pixels of the stars in it."""
    model = datamodels.ImageModel((4, 4))
    describe(model, "NIRCAM", shape=(4, 4))
    m = model.meta
    m.filename = f"jw01234001001_02101_{k + 1:05d}_nrcb1_cal.fits"
    m.observation.exposure_number = f"{k + 1:05d}"
    i = m.wcsinfo
    i.ra_ref, i.dec_ref, i.roll_ref, i.v3yangle, i.vparity = 53.1, -27.8, 12.0, 0.0, -1
    i.v2_ref, i.v3_ref, i.wcsaxes = 120.0, -500.0, 2
    dx, dy = DITHERS[k]
    optics, inverse = [], []
    for main, cross in ((1, 0), (0, 1)):
        p = Polynomial2D(2, c1_0=SCALE * main, c0_1=SCALE * cross, c2_0=1e-8 * (1 + main), c1_1=-2e-8, c0_2=1e-8)
        optics.append(p)

    def wcs(dx, dy, angle):
        c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        two = Mapping((0, 1, 0, 1))
        turned = Polynomial2D(1, c1_0=c, c0_1=-s) & Polynomial2D(1, c1_0=s, c0_1=c)
        back = Polynomial2D(1, c1_0=c, c0_1=s) & Polynomial2D(1, c1_0=-s, c0_1=c)
        unit = [Polynomial2D(2, **{n: getattr(p, n).value / SCALE for n in p.param_names}) for p in optics]
        forward = (Shift(-N / 2) & Shift(-N / 2)) | two | (optics[0] & optics[1]) | two | turned | (Shift(120 + dx) & Shift(-500 + dy))
        small = distortion_inverse(unit, (N // 8, N // 8))
        forward.inverse = ((Shift(-120 - dx) & Shift(500 - dy)) | two | back
                           | (Scale(1 / SCALE) & Scale(1 / SCALE)) | small | (Shift(N / 2) & Shift(N / 2)))
        detector = cf.Frame2D(name="detector", axes_order=(0, 1), unit=(u.pix, u.pix))
        v23 = cf.Frame2D(name="v2v3", axes_order=(0, 1), unit=(u.arcsec, u.arcsec))
        world = cf.CelestialFrame(name="world", reference_frame=coordinates.ICRS(), unit=(u.deg, u.deg))
        w = gwcs.WCS([(detector, forward), (v23, v23tosky(model)), (world, None)])
        w.bounding_box = ((-0.5, N - 0.5), (-0.5, N - 0.5))
        return w

    right, wrong = wcs(dx, dy, 0.0), wcs(dx + error[0], dy + error[1], turn)
    m.wcs = wrong
    x, y = right.get_transform("v2v3", "detector")(120 + STARS[0], -500 + STARS[1])
    inside = (x > 0) & (x < N - 1) & (y > 0) & (y < N - 1)
    rng = np.random.default_rng(100 + k)
    noise = rng.normal(0, 0.03, (2, inside.sum()))
    noise[:, rng.integers(0, inside.sum(), 3)] += 1.5
    table = Table({"id": np.arange(1, inside.sum() + 1), "x": x[inside] + noise[0], "y": y[inside] + noise[1],
                   "flux": rng.uniform(10, 1000, inside.sum())})
    return model, table, right, inside


def run(name, params=None, doc="", *, change=lambda model, table, k: None, refcat=None, n=4):
    models, extras = [], {}
    for k in range(n):
        error = [(0, 0), (0.12, -0.3), (-0.21, 0.1), (0.05, 0.18)][k]
        model, table, right, inside = exposure(k, error, [0, 0.02, -0.015, 0.01][k])
        change(model, table, k)
        models.append(model)
        extras[f"cat{k}.ecsv"] = table
        model.meta.tweakreg_catalog = f"cat{k}.ecsv"
    ra, dec = models[0].meta.wcs.get_transform("v2v3", "world")(120.3 + STARS[0], -499.8 + STARS[1])
    if refcat:
        extras["sky.ecsv"] = refcat(Table({"RA": ra, "DEC": dec}))
        params = {"abs_refcat": "sky.ecsv", "abs_minobj": 5, "abs_searchrad": 2.0, **(params or {})}
    asn = "jw01234-o001_image3_00001_asn.json"
    extras.update({m.meta.filename: m for m in models[1:]})
    extras[asn] = association(models)
    params = {"suffix": "tweakreg", "use_custom_catalogs": True, "sip_approx": False, "minobj": 5, "searchrad": 1.0, "separation": 0.4,
              "tolerance": 0.25, **(params or {})}
    case("tweakreg", name, models[0], params, input_name=models[0].meta.filename, extras=extras, arguments=[asn], tolerances=TOLERANCES, doc=doc)


def grouped(model, table, k):
    model.meta.observation.exposure_number = f"{1 + k // 2:05d}"


def weighted(model, table, k):
    table["weight"] = np.linspace(0.2, 3, len(table))


def few(model, table, k):
    if k == 2:
        table.remove_rows(slice(3, None))
    if k == 3:
        table.remove_rows(slice(0, None))


def same(table):
    return table


def heavy(table):
    table["weight"] = np.linspace(3, 0.2, len(table))
    return table


run("rshift", doc="three exposures move onto the first; outliers are clipped in rounds", params={"nclip": 5, "sigma": 1.5})
run("general", {"fitgeometry": "general", "nclip": 0})
run("shift_order", {"fitgeometry": "shift", "enforce_user_order": True, "expand_refcat": True})
run("groups_expand", {"fitgeometry": "rscale", "expand_refcat": True}, "two groups of two detectors", change=grouped)
run("weights", {"expand_refcat": True}, "catalogs with weights", change=weighted)
run("few_sources", doc="too few matches leave one exposure as it is, no sources another", change=few)
run("absolute", {"abs_fitgeometry": "general"}, refcat=same)
run("absolute_weights", {"fitgeometry": "shift"}, refcat=heavy)
run("confused", {"separation": 0.3}, "separation is too small for tolerance: FAILED")
