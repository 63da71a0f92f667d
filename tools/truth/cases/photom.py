"""Truth of the photom step (images)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from lib import case, describe  # noqa: E402
from stdatamodels.jwst import datamodels  # noqa: E402

rng = np.random.default_rng(35)
SHAPE = (8, 9)
CLASSES = {"NIRCAM": "NrcImgPhotomModel", "NIRISS": "NisImgPhotomModel", "MIRI": "MirImgPhotomModel", "FGS": "FgsImgPhotomModel"}


def image(instrument="NIRCAM", shape=SHAPE, start=(1, 1), flat=False, **kw):
    m = getattr(datamodels, "CubeModel" if len(shape) == 3 else "ImageModel")(data=rng.normal(50, 20, shape).astype("f4"))
    m.err = rng.uniform(0.5, 2, shape).astype("f4")
    m.dq = np.zeros(shape, "u4")
    m.var_poisson = rng.uniform(0.1, 1, shape).astype("f4")
    m.var_rnoise = rng.uniform(0.1, 1, shape).astype("f4")
    if flat:
        m.var_flat = rng.uniform(0.1, 1, shape).astype("f4")
        m.var_flat[..., 5, 5] = np.nan
    m.dq[..., 7, 7] = 1
    m.dq[..., 7, 6] = 4
    m.data[..., 6, 6] = np.nan
    m.err[..., 6, 7] = np.nan
    return describe(m, instrument, nints=shape[0] if len(shape) == 3 else 1, ngroups=5, shape=shape[-2:], start=start, **{"exposure__mid_time": 60123.4567, **kw})


def rows(instrument):
    """Selectors of each row; the second fits the exposure."""
    if instrument == "FGS":
        return [()]
    second = {"MIRI": "subarray"}.get(instrument, "pupil")
    fits = {"NIRCAM": ("F150W", "CLEAR"), "NIRISS": ("CLEAR", "F150W"), "MIRI": ("F770W", "SUB64")}[instrument]
    other = "FULL" if second == "subarray" else "F444W"
    return [("F560W", fits[1]), fits, (fits[0], other)]


def table(model, name, selectors, **columns):
    dtype = model.get_dtype(name)
    out = np.zeros(len(selectors), dtype)
    for i, s in enumerate(selectors):
        for j, value in enumerate(s):
            out[out.dtype.names[j]][i] = value
    for key, values in columns.items():
        out[key] = values
    setattr(model, name, out)


def photom(like, instrument="NIRCAM", selectors=None, times=(), pixar=True):
    selectors = rows(instrument) if selectors is None else selectors
    n = len(selectors)
    m = getattr(datamodels, CLASSES[instrument])()
    table(m, "phot_table", selectors, photmjsr=np.linspace(0.31, 0.77, n) if n > 1 else [0.37], uncertainty=[0.01] * n)
    values = {"linear": dict(t0=59700.0, lossperyear=0.03), "exponential": dict(t0=59600.0, amplitude=0.21, tau=130.0, const=0.79),
              "powerlaw": dict(t0=59500.0, year1value=0.92, tsoft=12.0, alpha=-0.11)}
    for t in times:
        table(m, f"timecoeff_{t}", selectors, **{k: [v] * n for k, v in values[t].items()})
    for path in ("meta.instrument.name", "meta.instrument.detector", "meta.exposure.type"):
        m[path] = like[path]
    if pixar:
        m.meta.photometry.pixelarea_steradians, m.meta.photometry.pixelarea_arcsecsq = 2.3e-14, 0.000978
    m.meta.author, m.meta.description, m.meta.pedigree, m.meta.useafter, m.meta.reftype = "calwebb", "truth", "DUMMY", "2020-01-01T00:00:00", "photom"
    return m


def area(like, shape=SHAPE, pixar=True):
    m = datamodels.PixelAreaModel(data=rng.uniform(0.98, 1.02, shape).astype("f4"))
    m.meta.instrument.name, m.meta.instrument.detector = like.meta.instrument.name, like.meta.instrument.detector
    if pixar:
        m.meta.photometry.pixelarea_steradians, m.meta.photometry.pixelarea_arcsecsq = 2.287e-14, 0.000973
    return m


# The last bit of a float32 power depends on the processor.
POWER = {"*": {"rtol": 1e-5, "atol": None, "frac": 0.0}, "header:PHOT*": {"rtol": 2e-7}}


def run(name, m, phot, ref_area="N/A", params=None, **kw):
    case("photom", name, m, {"suffix": "photom", **(params or {})}, {"photom": phot, "area": ref_area}, **kw)


m = image()
run("nircam", m, photom(m), area(m))
run("nircam_inverse", m, photom(m, times=["linear"]), area(m), {"inverse": True})
m = image(flat=True)
run("nircam_var_flat", m, photom(m))
m = image(shape=(3,) + SHAPE, exposure__type="NRC_TSIMAGE")
run("nircam_cube", m, photom(m, times=["linear"]), area(m))
m = image("NIRISS")
run("niriss", m, photom(m, "NIRISS"), area(m))
m = image("NIRISS", shape=(2,) + SHAPE, exposure__type="NIS_AMI")
run("niriss_cube", m, photom(m, "NIRISS"), area(m))
m = image("FGS")
run("fgs", m, photom(m, "FGS", times=["powerlaw"]), area(m), tolerances=POWER)
m = image("MIRI", subarray="SUB64")
run("miri_exponential", m, photom(m, "MIRI", times=["exponential"]), area(m))
run("miri_all_times", m, photom(m, "MIRI", times=["linear", "exponential", "powerlaw"]), area(m), tolerances=POWER)
run("miri_no_time", m, photom(m, "MIRI", times=["exponential"]), "N/A", {"apply_time_correction": False})
m = image("MIRI", subarray="MASK1065", start=(3, 2))
run("miri_generic", m, photom(m, "MIRI", [("F560W", "FULL"), ("F770W", "GENERIC")]), area(m, (12, 14)))
run("no_row", m, photom(m, "MIRI", [("F560W", "FULL"), ("F1130W", "GENERIC")]), area(m, (12, 14)))
m = image()
run("no_pixel_area", m, photom(m, pixar=False))
run("area_without_keywords", m, photom(m), area(m, pixar=False))
run("not_applicable", m, "N/A", area(m))
m = image("NIRSPEC", exposure__type="NRS_IMAGE")
run("nirspec_not_applicable", m, "N/A", "N/A")
m = image(exposure__mid_time=59000.0)
run("before_power_law", m, photom(m, times=["powerlaw"]), area(m), expect_error=True, doc="the power law has no value before its start")
