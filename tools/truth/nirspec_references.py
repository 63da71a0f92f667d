"""Small synthetic references of the NIRSpec optics: the geometry is plausible, the numbers are nobody's.

    exposure(...)      an exposure with what coordinates need in its header
    optics(model)      every reference that assign_wcs takes for an exposure, by type
    metafile(rows)     an MSA metadata file
    failed_open(list)  an MSAOPER reference
"""

import json

import numpy as np
from astropy.io import fits
from astropy.modeling import fitting
from astropy.modeling import models as m
from lib import describe
from stdatamodels.jwst import datamodels

CAMERA, COLLIMATOR, PIXEL = 0.29, 0.63, 18e-6  # focal lengths [m], pixel [m]
RANGES = {  # filter or lamp and grating: shortest and longest wavelength [m]
    "CLEAR_PRISM": (0.6e-6, 5.3e-6), "F070LP_G140M": (0.7e-6, 1.27e-6), "F100LP_G140M": (0.97e-6, 1.89e-6), "F100LP_G140H": (0.97e-6, 1.89e-6),
    "F170LP_G235M": (1.7e-6, 3.2e-6), "F170LP_G235H": (1.7e-6, 3.2e-6), "F290LP_G395M": (2.9e-6, 5.2e-6), "F290LP_G395H": (2.9e-6, 5.2e-6),
    "FLAT1_G140M": (1.0e-6, 1.8e-6), "FLAT2_G235M": (1.7e-6, 3.1e-6),
}
GROOVES = {"G140M": 95400.0, "G235M": 57100.0, "G395M": 34200.0, "G140H": 265000.0, "G235H": 158000.0, "G395H": 91600.0}
TILT = {"G140M": -5.87, "G235M": -5.97, "G395M": -5.93, "G140H": -10.9, "G235H": -11.1, "G395H": -10.7, "MIRROR": 0.0}
QUADRANTS = {1: (-0.048, -0.022), 2: (-0.048, 0.004), 3: (0.009, 0.004), 4: (0.009, -0.022)}  # corner on the MSA [m]
FIXED_SLITS = [  # number, centre, width, height [m]
    (0, -0.0004, 0.0029, 78e-6, 1.23e-3), (1, 0.0004, 0.0012, 78e-6, 1.23e-3), (2, 0.0, -0.0004, 157e-6, 1.44e-3),
    (3, 0.0002, -0.0017, 628e-6, 0.62e-3), (4, 0.0035, -0.003, 78e-6, 1.23e-3),
]
FIELDS = [("NO", "i4"), ("XC", "f8"), ("YC", "f8"), ("SIZEX", "f4"), ("SIZEY", "f4")]
TYPES = ["camera", "chromcorr", "collimator", "disperser", "fore", "fpa", "ifufore", "ifupost", "ifuslicer", "msa", "ote", "wavelengthrange"]


def exposure(data, exp_type, grating, filt, detector="NRS1", cls="ImageModel", **kw):
    model = data if cls is None else getattr(datamodels, cls)(data=data)
    head = dict(exposure__type=exp_type, instrument__grating=grating, instrument__filter=filt, instrument__detector=detector, subarray="FULL",
                nints=model.data.shape[0] if model.data.ndim > 2 else 1, ngroups=model.data.shape[1] if model.data.ndim > 3 else 1,
                instrument__gwa_xtilt=0.3595, instrument__gwa_ytilt=0.1341, instrument__gwa_tilt=37.1, wcsinfo__velosys=-11000.0)
    model = describe(model, "NIRSPEC", shape=model.data.shape[-2:], **{**head, **kw})
    w = model.meta.wcsinfo
    w.v2_ref, w.v3_ref, w.roll_ref, w.ra_ref, w.dec_ref, w.v3yangle, w.vparity = 378.6, -428.4, 33.3, 150.1, -2.2, 138.5, -1
    model.meta.velocity_aberration.scale_factor = 1.00003
    return model


def polynomial(rng, scale, along, size, degree=3, strength=0.02):
    """A polynomial that is near `scale` times one of the two coordinates, for coordinates up to `size`."""
    p = m.Polynomial2D(degree)
    setattr(p, "c1_0" if along == 0 else "c0_1", scale)
    setattr(p, "c0_1" if along == 0 else "c1_0", scale * rng.normal() * 1e-3)
    p.c0_0 = scale * size * rng.normal() * 1e-3
    for i in range(degree + 1):
        for j in range(degree + 1 - i):
            if i + j > 1:
                setattr(p, f"c{i}_{j}", scale * rng.normal() * strength / size ** (i + j - 1))
    return p


def distorted(seed, scale, size, scale_y=None, degree=3, strength=0.02):
    """Two polynomials with fitted polynomials as their inverse."""
    rng = np.random.default_rng(seed)
    px, py = polynomial(rng, scale, 0, size, degree, strength), polynomial(rng, scale_y or scale, 1, size, degree, strength)
    x, y = (a.ravel() for a in np.meshgrid(np.linspace(-size, size, 41), np.linspace(-size, size, 41)))
    u, v = px(x, y), py(x, y)
    fit = fitting.LinearLSQFitter()
    big = max(np.abs(u).max(), np.abs(v).max())
    back = []
    for target in (x, y):
        q = fit(m.Polynomial2D(5), u / big, v / big, target)
        for name, value in zip(q.param_names, q.parameters):
            i, j = (int(k) for k in name[1:].split("_"))
            setattr(q, name, value / big ** (i + j))
        back.append(q)
    forward = m.Mapping((0, 1, 0, 1)) | px & py
    forward.inverse = m.Mapping((0, 1, 0, 1)) | back[0] & back[1]
    return forward


def both(forward):
    """The same for three inputs, the third of which (the wavelength) is not used."""
    out = m.Mapping((0, 1), n_inputs=3) | forward
    out.inverse = m.Mapping((0, 1), n_inputs=3) | forward.inverse
    return out


def _simple(name, model, **kw):
    cls = getattr(datamodels, name)
    return cls(model=model, **kw)


def camera():
    return _simple("CameraModel", distorted(1, 1 / CAMERA, 0.045))


def collimator():
    return _simple("CollimatorModel", distorted(2, COLLIMATOR, 0.1))


def fpa():
    half = m.Shift(-1024.0) & m.Shift(-1024.0)
    scale = m.Scale(PIXEL) & m.Scale(PIXEL)
    ref = datamodels.FPAModel()
    ref.nrs1_model = half | m.Rotation2D(0.05) | scale | m.Shift(-0.0203) & m.Shift(0.0001)
    ref.nrs2_model = half | m.Rotation2D(180.03) | scale | m.Shift(0.0204) & m.Shift(-0.00005)
    return ref


def disperser(grating):
    ref = datamodels.DisperserModel()
    ref.theta_x, ref.theta_y, ref.theta_z = 0.0294, -0.0008, -0.0523
    ref.tilt_x, ref.tilt_y = 0.0, TILT.get(grating, -24.6)
    if grating == "PRISM":
        ref.angle = 16.5
        ref.kcoef, ref.lcoef = [0.5675888, 0.4710914, 3.8484723], [0.0025264299, 0.0100783328, 1200.5559736]
        ref.tcoef = [-2.66e-05, 0.0, 0.0, 0.0, 0.0, 0.0]
        ref.tref, ref.pref = 35.0, 0.0
    elif grating != "MIRROR":
        ref.groovedensity = GROOVES[grating]
    ref.gwa_tiltx = {"temperatures": [39.58], "tilt_model": m.Polynomial1D(1, c0=3307.85, c1=-9182.88), "unit": "arcsec", "zeroreadings": [0.35972327]}
    ref.gwa_tilty = {"temperatures": [39.58], "tilt_model": m.Polynomial1D(1, c0=12.5, c1=420.0), "unit": "arcsec", "zeroreadings": [0.134]}
    return ref


def fore():
    static = distorted(3, 2552.0 / 3600, 0.05)
    drift = m.Polynomial2D(1, c0_0=3e-6, c1_0=0.2, c0_1=-0.1), m.Polynomial2D(1, c0_0=-2e-6, c1_0=0.1, c0_1=0.3)
    xy = m.Mapping((0, 1), n_inputs=3)

    def with_wavelength(poly, change):
        return (xy | poly) + ((xy | change) * (m.Mapping((2,)) | m.Identity(1)))

    forward = m.Mapping((0, 1, 2, 0, 1, 2)) | with_wavelength(static[1], drift[0]) & with_wavelength(static[2], drift[1])
    back = static.inverse
    zero = m.Polynomial2D(1)
    forward.inverse = m.Mapping((0, 1, 2, 0, 1, 2)) | with_wavelength(back[1], zero) & with_wavelength(back[2], zero)
    return _simple("FOREModel", forward)


def ifufore():
    return _simple("IFUFOREModel", both(distorted(4, 0.42, 0.013)))


def ote():
    linear = m.AffineTransformation2D(matrix=[[3580.0, 21.0], [-20.0, 3605.0]], translation=[378.6, -428.4])
    return _simple("OTEModel", distorted(5, 1.0, 0.04, strength=0.001) | linear)


def chromcorr():
    def shifted(axis, rate):
        out = m.Mapping((axis,), n_inputs=3) + (m.Mapping((2,)) | m.Scale(rate))
        return out

    forward = m.Mapping((0, 1, 2, 0, 1, 2, 2)) | shifted(0, 2.5) & shifted(1, -1.5) & m.Identity(1)
    forward.inverse = m.Mapping((0, 1, 2, 0, 1, 2, 2)) | shifted(0, -2.5) & shifted(1, 1.5) & m.Identity(1)
    return _simple("ChromCorrModel", forward)


def msa():
    ref = datamodels.MSAModel()
    number = np.arange(365 * 4)
    for q, (x, y) in QUADRANTS.items():
        data = np.zeros(number.size, dtype=FIELDS)
        data["NO"] = number + 1
        data["XC"], data["YC"] = (number % 365) * 105e-6, (number // 365) * 204e-6
        data["SIZEX"], data["SIZEY"] = 78e-6, 178e-6
        ref[f"Q{q}"] = {"data": data, "model": m.Rotation2D(0.02 * q) | m.Shift(x) & m.Shift(y)}
    ref["Q5"] = {"data": np.array(FIXED_SLITS, dtype=FIELDS), "model": m.Rotation2D(0.01) | m.Shift(1e-5) & m.Shift(-2e-5)}
    return ref


def slice_rows(i):
    """Rows of the detector that slice i is centred on: above and below the fixed slits."""
    return 40 + 60 * i if i < 15 else 1130 + 60 * (i - 15)


def ifuslicer():
    data = np.zeros(30, dtype=FIELDS)
    data["NO"] = np.arange(30)
    data["XC"], data["SIZEX"], data["SIZEY"] = (np.arange(30) - 14.5) * 8e-4, 8e-4, 0.012
    return datamodels.IFUSlicerModel(data=data, model=m.Rotation2D(0.1) | m.Shift(1e-5) & m.Shift(-1e-5))


def ifupost():
    ref = datamodels.IFUPostModel()
    for i in range(30):
        k = 0.14
        x = 0.0009 * (i % 3 - 1)
        y = -(slice_rows(i) - 1024) * PIXEL / CAMERA * COLLIMATOR
        linear = m.Shift(-(i - 14.5) * 8e-4) & m.Shift(0.0) | m.Rotation2D(0.02 * i) | m.Scale(k) & m.Scale(k) | m.Shift(x) & m.Shift(y)
        px, py = m.Polynomial2D(2, c1_0=1.0, c2_0=0.01, c1_1=0.003 * i), m.Polynomial2D(2, c0_1=1.0, c0_2=0.02, c1_1=-0.002 * i)
        dx, dy = m.Polynomial2D(1, c0_0=0.3, c1_0=2.0), m.Polynomial2D(1, c0_0=-0.2, c0_1=-3.0)
        ref[f"slice_{i}"] = {"linear": linear, "xpoly": px, "xpoly_distortion": dx, "ypoly": py, "ypoly_distortion": dy}
    return ref


def wavelengthrange():
    return datamodels.WavelengthrangeModel(
        wrange_selector=list(RANGES), wrange=[list(r) for r in RANGES.values()], order=[-1] * len(RANGES), wunits="m",
        extract_orders=None)


def optics(model, types=TYPES):
    """References of an exposure, of the types that it needs; others have none."""
    makers = {"disperser": lambda: disperser(model.meta.instrument.grating)}
    out = {}
    for type_ in types:
        ref = makers.get(type_, globals().get(type_))()
        ref.extension = ".asdf"
        ref.meta.instrument.name = "NIRSPEC"
        ref.meta.instrument.detector = model.meta.instrument.detector
        ref.meta.exposure.type = model.meta.exposure.type
        ref.meta.author, ref.meta.description, ref.meta.pedigree = "calwebb", "truth", "DUMMY"
        ref.meta.useafter, ref.meta.reftype, ref.meta.telescope = "2020-01-01T00:00:00", type_, "JWST"
        out[type_] = ref
    return out


class Saved:
    """A file that is written by a function of its path."""

    def __init__(self, write, extension):
        self.save, self.extension = write, extension


def failed_open(shutters):
    """An MSAOPER reference: (quadrant, x, y, state by which it is open) of each shutter."""
    states = ("state", "TA state", "Internal state")
    rows = [{"Q": q, "x": x, "y": y, **{s: "open" if s == which else "normal" for s in states}} for q, x, y, which in shutters]

    def save(path):
        with open(path, "w") as f:
            json.dump({"title": "truth", "reftype": "msaoper", "pedigree": "DUMMY", "author": "calwebb", "instrument": "NIRSPEC", "msaoper": rows}, f, indent=1)

    return Saved(save, ".json")


SLITS = [t for t in TYPES if not t.startswith("ifu") and t != "chromcorr"]  # what slits and shutters need
SLICES = [t for t in TYPES if t != "msa"]  # what the IFU needs, without failed-open shutters
COLUMNS = [("slitlet_id", ">i2"), ("msa_metadata_id", ">i2"), ("shutter_quadrant", ">i2"), ("shutter_row", ">i2"), ("shutter_column", ">i2"),
            ("source_id", ">i2"), ("background", "S1"), ("shutter_state", "S6"), ("estimated_source_in_shutter_x", ">f4"),
            ("estimated_source_in_shutter_y", ">f4"), ("dither_point_index", ">i2"), ("primary_source", "S1"), ("fixed_slit", "S7")]
SOURCE_COLUMNS = [("program", ">i4"), ("source_id", ">i4"), ("source_name", "S20"), ("alias", "S20"), ("ra", ">f8"), ("dec", ">f8"),
           ("preimage_id", "S30"), ("stellarity", ">f8")]


def metafile(rows, sources=(), old=False):
    """An MSA metadata file: shutters and sources as tuples; an old one has no column for fixed slits."""
    fields = COLUMNS[:-1] if old else COLUMNS
    shutters = np.array([r[: len(fields)] for r in rows], dtype=fields)
    table = np.array(list(sources), dtype=SOURCE_COLUMNS)

    def save(path):
        hdus = [fits.PrimaryHDU(), fits.BinTableHDU(shutters, name="SHUTTER_INFO"), fits.BinTableHDU(table, name="SOURCE_INFO")]
        fits.HDUList(hdus).writeto(path, overwrite=True)

    return Saved(save, ".fits")


NAN = float("nan")
# Slitlets with a source, with sky alone, with a virtual source; other dithers and configurations.
OPEN_SHUTTERS = [
    (1, 12, 1, 100, 2, 1, "Y", "OPEN", NAN, NAN, 1, "N", "NONE"), (1, 12, 1, 100, 3, 1, "N", "OPEN", 0.3, 0.2, 1, "Y", "NONE"), (1, 12, 1, 100, 4, 1, "Y", "OPEN", NAN, NAN, 1, "N", "NONE"),
    (2, 12, 2, 200, 2, 0, "Y", "OPEN", NAN, NAN, 1, "N", "NONE"), (2, 12, 2, 200, 4, 0, "Y", "OPEN", NAN, NAN, 1, "N", "NONE"),
    (3, 12, 3, 300, 1, -5, "N", "OPEN", 0.9, 0.1, 1, "Y", "NONE"), (3, 12, 3, 300, 3, -5, "Y", "OPEN", 0.9, 0.1, 1, "N", "NONE"), (4, 12, 4, 10, 2, 7, "N", "OPEN", NAN, 0.1, 1, "Y", "NONE"),
    (9, 12, 1, 10, 2, 7, "N", "OPEN", NAN, 0.1, 2, "Y", "NONE"), (9, 13, 1, 10, 2, 7, "N", "OPEN", NAN, 0.1, 1, "Y", "NONE"),
]
OPEN_WITH_FIXED = [*OPEN_SHUTTERS, (0, 12, 5, 0, 0, 9, "N", "OPEN", 0.4, 0.1, 1, "Y", "S200A1"), (0, 12, 5, 0, 0, 1, "N", "OPEN", 0.4, 0.1, 1, "N", "S200B1")]
SOURCES = [(1234, 1, "1234_1", "one", 10.5, -2.25, "x", 0.1), (1234, 7, "1234_7", "seven", 11.5, -2.5, "x", 0.2)]
METAFILE = "jw01234001001_01_msa.fits"
MOS = {"instrument__msa_metadata_id": 12, "instrument__msa_metadata_file": METAFILE, "dither__position_number": 1}
FAILED_OPEN = [(1, 101, 3, "state"), (2, 150, 2, "TA state"), (3, 20, 1, "Internal state"), (4, 300, 4, "none"), (4, 310, 4, "state")]
