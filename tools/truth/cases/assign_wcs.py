"""Truth of the assign_wcs step: images, spectra of NIRSpec."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from astropy.modeling import models as m  # noqa: E402
import nirspec_references as nirspec  # noqa: E402
from lib import case, describe  # noqa: E402
from stdatamodels.jwst import datamodels  # noqa: E402

POINTING = {  # V2, V3 [arcsec], V3 to ideal Y [deg], parity, pixel [arcsec]
    "NIRCAM": (-0.7, -555.8, -0.24, -1, 0.031),
    "NIRISS": (-289.97, -697.77, -0.57, -1, 0.0656),
    "MIRI": (-453.56, -373.81, 4.84, -1, 0.11),
    "FGS": (207.19, -697.5, -1.25, -1, 0.069),
}
SIP = {"*": {"rtol": 1e-5, "atol": None, "frac": 0.0}, **{f"header:{k}_?_?": {"rtol": 1e-6, "atol": 1e-12} for k in ("A", "B", "AP", "BP")},
       "header:CD?_?": {"rtol": 1e-7}, "header:SIP*ERR": {"rtol": 0.05}}


def image(instrument="NIRCAM", shape=(40, 48), start=(1, 1), roll=33.3, ra=150.1, dec=-2.2, va=1.00003, **kw):
    model = (datamodels.CubeModel if len(shape) == 3 else datamodels.ImageModel)(data=np.ones(shape, "f4"))
    model = describe(model, instrument, shape=shape[-2:], start=start, **kw)
    v2, v3, angle, parity, _ = POINTING[instrument]
    w = model.meta.wcsinfo
    w.v2_ref, w.v3_ref, w.roll_ref, w.ra_ref, w.dec_ref, w.v3yangle, w.vparity = v2, v3, roll, ra, dec, angle, parity
    w.wcsaxes, w.ctype1, w.ctype2, w.cunit1, w.cunit2 = 2, "RA---TAN", "DEC--TAN", "deg", "deg"
    w.crpix1, w.crpix2, w.crval1, w.crval2 = shape[-1] / 2 + 0.5, shape[-2] / 2 + 0.5, ra, dec
    w.cdelt1 = w.cdelt2 = POINTING[instrument][4] / 3600
    if va is not None:
        model.meta.velocity_aberration.scale_factor = va
    return model


def distortion(model, instrument="NIRCAM", degree=3, strength=1e-5, box=None):
    rng = np.random.default_rng(degree)
    v2, v3, angle, parity, scale = POINTING[instrument]
    c, s = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    centre = 1024 if instrument != "MIRI" else 512

    def poly(a, b):
        p = m.Polynomial2D(degree)
        p.c0_0, p.c1_0, p.c0_1 = rng.normal(), a * scale, b * scale
        for i in range(degree + 1):
            for j in range(degree + 1 - i):
                if i + j > 1:
                    setattr(p, f"c{i}_{j}", rng.normal() * scale * strength ** (i + j - 1))
        return p

    forward = m.Shift(-centre) & m.Shift(-centre) | m.Mapping((0, 1, 0, 1)) | poly(parity * c, s) & poly(-parity * s, c) | m.Shift(v2) & m.Shift(v3)
    back = m.Polynomial2D(1, c1_0=parity * c / scale, c0_1=-parity * s / scale), m.Polynomial2D(1, c1_0=s / scale, c0_1=c / scale)
    forward.inverse = m.Shift(-v2) & m.Shift(-v3) | m.Mapping((0, 1, 0, 1)) | back[0] & back[1] | m.Shift(centre) & m.Shift(centre)
    if box is not None:
        forward.bounding_box = box
    ref = datamodels.DistortionModel(model=forward, input_units="pixel", output_units="arcsec")
    ref.extension = ".asdf"
    return _meta(ref, model, "distortion")


def _meta(ref, model, kind):
    meta = ref.meta
    meta.instrument.name, meta.instrument.detector = model.meta.instrument.name, model.meta.instrument.detector
    meta.exposure.type = model.meta.exposure.type
    meta.author, meta.description, meta.pedigree, meta.useafter, meta.reftype, meta.telescope = "calwebb", "truth", "DUMMY", "2020-01-01T00:00:00", kind, "JWST"
    return ref


def offsets(model, rows):
    ref = datamodels.FilteroffsetModel(filters=rows, instrument=model.meta.instrument.name)
    ref.extension = ".asdf"
    return _meta(ref, model, "filteroffset")


def run(name, model, dist, filteroffset="N/A", params=None, **kw):
    case("assign_wcs", name, model, {"suffix": "assign_wcs", **(params or {})}, {"distortion": dist, "filteroffset": filteroffset}, tolerances=SIP, **kw)


def spectrum(exp_type, grating, filt, detector="NRS1", cls="ImageModel", shape=(12, 16), **kw):
    """A NIRSpec exposure; its data are as small as they can be, because coordinates do not depend on them."""
    return nirspec.exposure(np.ones(shape, "f4"), exp_type, grating, filt, detector, cls=cls, **kw)


def run_nirspec(name, model, params=None, refs=None, **kw):
    refs = nirspec.optics(model) if refs is None else refs
    kw.setdefault("tolerances", {"*": {"rtol": 1e-5, "atol": None, "frac": 0.0}})
    case("assign_wcs", f"nirspec_{name}", model, {"suffix": "assign_wcs", **(params or {})}, refs, **kw)


a = image()
pairs = [{"filter": "F150W", "pupil": "CLEAR", "column_offset": 0.31, "row_offset": -0.72}, {"filter": "F200W", "pupil": "CLEAR", "column_offset": 9.0, "row_offset": 9.0}]
run("nircam_offset", a, distortion(a), offsets(a, pairs), doc="offset by filter and pupil; box of the data")
run("no_match", a, distortion(a), offsets(a, pairs[1:]), doc="no offset for the filter")
a = image(start=(101, 205))
run("subarray", a, distortion(a), doc="the data are part of the detector")
a = image(shape=(3, 20, 24), start=(9, 1), exposure__type="NRC_TSIMAGE")
run("cube", a, distortion(a, degree=2))
a = image("FGS", va=None)
run("fgs_box", a, distortion(a, "FGS", box=((-0.5, 60.5), (-0.5, 70.5))), doc="box of the reference, no velocity aberration")
a = image("MIRI", start=(1, 1))
run("miri", a, distortion(a, "MIRI", degree=4, box=((-0.5, 1023.5), (3.5, 1027.5))), offsets(a, [{"filter": "F770W", "column_offset": 0.2, "row_offset": 1.4}]))
a = image("NIRISS", ra=0.0004, dec=-71.0, start=(65, 1))
run("niriss_zero", a, distortion(a, "NIRISS", strength=3e-5), offsets(a, [{"filter": "CLEAR", "pupil": "F150W", "column_offset": -1.5, "row_offset": 0.25}]), doc="across 0 degrees")
a = image(shape=(64, 64))
run("linear", a, distortion(a, degree=1), doc="no distortion: no SIP")
run("degree", a, distortion(a, strength=1e-3), params={"sip_degree": 4, "sip_inv_degree": 3, "sip_npoints": 16})
run("accurate", a, distortion(a, degree=5, strength=2e-3), params={"sip_max_pix_error": 1e-5, "sip_max_inv_pix_error": 1e-3})
run("no_inverse", a, distortion(a, strength=1e-3), params={"sip_max_inv_pix_error": 0.0})
run("few_points", a, distortion(a), params={"sip_npoints": 5}, doc="too few points: the header keeps its WCS")
run("no_sip", a, distortion(a), params={"sip_approx": False})
a = image("NIRCAM", shape=(20, 24), exposure__type="NRC_DARK")
run("dark", a, distortion(a), doc="no place on the sky; the references are recorded all the same")
a = image("MIRI", shape=(20, 24), start=(413, 51), exposure__type="MIR_LYOT")
run("miri_subarray_box", a, distortion(a, "MIRI", box=((-0.5, 1023.5), (3.5, 1027.5))), offsets(a, [{"filter": "F770W", "column_offset": 0.2, "row_offset": 1.4}]))
a = image("NIRISS", shape=(20, 24), ra=0.0, dec=-90.0, exposure__type="NIS_AMI")
run("south_pole", a, distortion(a, "NIRISS"), offsets(a, [{"filter": "CLEAR", "pupil": "F150W"}]), doc="a row without offsets")
a = image("NIRCAM", shape=(20, 24), start=(5, 1))
a.meta.subarray.xsize = a.meta.subarray.ysize = None
run("no_subarray_size", a, distortion(a), doc="the box is empty: no S_REGION, no SIP")

SLITS, SLICES = nirspec.SLITS, nirspec.SLICES
a = spectrum("NRS_FIXEDSLIT", "G140M", "F100LP", instrument__fixed_slit="S200A1")
run_nirspec("slits", a, refs=nirspec.optics(a, SLITS), doc="all fixed slits on one detector, velocity, tilt of the wheel")
a = spectrum("NRS_FIXEDSLIT", "G140H", "F100LP", "NRS2", subarray="SUBS400A1", start=(1, 897), instrument__fixed_slit="S400A1")
run_nirspec("subarray", a, {"slit_y_low": -0.4, "slit_y_high": 0.6}, nirspec.optics(a, SLITS), doc="one slit; edges given; NRS2 is read the other way round")
a = spectrum("NRS_FIXEDSLIT", "PRISM", "CLEAR", instrument__fixed_slit=None, wcsinfo__velosys=None)
run_nirspec("prism", a, refs=nirspec.optics(a, SLITS), doc="prism; no primary slit, no velocity")
a = spectrum("NRS_FIXEDSLIT", "G235H", "F100LP", instrument__fixed_slit="S200B1", instrument__gwa_xtilt=None, instrument__gwa_ytilt=None)
run_nirspec("unknown_filter", a, refs=nirspec.optics(a, SLITS), doc="the range comes from another filter of the grating; no tilt is known")
a = spectrum("NRS_FIXEDSLIT", "G140M", "F100LP", "NRS2", instrument__fixed_slit="S200A1")
run_nirspec("no_data", a, refs=nirspec.optics(a, SLITS), expect_error=True, doc="no slit falls on the detector")
a = spectrum("NRS_BRIGHTOBJ", "G395H", "F290LP", "NRS2", "CubeModel", (2, 12, 16), subarray="SUB2048", start=(1, 1030), instrument__fixed_slit="S1600A1")
run_nirspec("bright", a, refs=nirspec.optics(a, SLITS), doc="time series")
a = spectrum("NRS_LAMP", "G140M", "OPAQUE", instrument__lamp_mode="FIXEDSLIT", instrument__lamp_state="FLAT1", instrument__fixed_slit="NONE")
run_nirspec("lamp", a, refs=nirspec.optics(a, SLITS), doc="coordinates end at the MSA, in um")
SHUTTERS, WITH_FIXED, nan = nirspec.OPEN_SHUTTERS, nirspec.OPEN_WITH_FIXED, nirspec.NAN


def mos(name, rows, old=False, **kw):
    model = spectrum("NRS_MSASPEC", "G235M", "F170LP", **{**nirspec.MOS, **kw.pop("meta", {})})
    files = {nirspec.METAFILE: nirspec.metafile(rows, nirspec.SOURCES, old)} if rows is not None else {}
    run_nirspec(name, model, refs=nirspec.optics(model, SLITS), extras=files, **kw)


mos("shutters", SHUTTERS, old=True, doc="slitlets with a source, with sky alone, with a virtual source; a file without fixed slits")
mos("shutters_fixed", WITH_FIXED, doc="a fixed slit beside slitlets")
mos("shutters_lost", None, expect_error=True, doc="the metadata file is not there")
mos("shutters_nameless", None, expect_error=True, meta={"instrument__msa_metadata_file": None})
mos("shutters_numberless", SHUTTERS, expect_error=True, meta={"instrument__msa_metadata_id": None})
mos("shutters_primaries", [*SHUTTERS, (4, 12, 4, 10, 3, 7, "N", "OPEN", nan, 0.1, 1, "Y", "NONE")], expect_error=True, doc="two primary sources in a slitlet")
mos("shutters_mixed", [*WITH_FIXED, (0, 12, 5, 0, 0, 9, "N", "OPEN", 0.4, 0.1, 1, "Y", "S200A1")], expect_error=True, doc="a fixed slit that is open twice")
a = spectrum("NRS_IFU", "PRISM", "CLEAR", cls="IFUImageModel")
run_nirspec("slices", a, refs=nirspec.optics(a, SLICES), doc="a map of the slices, coordinates without their numbers")
a = spectrum("NRS_IFU", "G140M", "F100LP", "NRS2", "IFUImageModel")
run_nirspec("no_slices", a, refs=nirspec.optics(a, SLICES), expect_error=True)


IMAGES = [t for t in SLITS if t != "msa"]


def nirspec_image(name, exp_type, filt="CLEAR", grating="MIRROR", params=None, detector="NRS1", shape=(40, 48), cls="ImageModel", doc="", expect_error=False, **kw):
    a = spectrum(exp_type, grating, filt, detector, cls, shape, **kw)
    w = a.meta.wcsinfo
    w.crpix1, w.crpix2, w.wcsaxes = 20.5, 18.0, 2
    a.meta.wcsinfo.s_region = "POLYGON ICRS 1 2 3 4"
    run_nirspec(f"image_{name}", a, params, nirspec.optics(a, IMAGES), tolerances=SIP, doc=doc, expect_error=expect_error)


nirspec_image("tacq", "NRS_TACQ", "F110W", start=(901, 1001), subarray="SUB32", doc="an acquisition through the mirror: S_REGION and SIP")
nirspec_image("mimf", "NRS_MIMF", "F110W", detector="NRS2", shape=(2, 80, 96), cls="CubeModel", instrument__gwa_xtilt=None, instrument__gwa_ytilt=None, doc="NRS2 is read the other way round; no tilt is known")
nirspec_image("grating", "NRS_VERIFY", "F100LP", "G140M", expect_error=True, doc="an image by its type, with a grating in the wheel")
nirspec_image("verify", "NRS_VERIFY", "CLEAR", params={"sip_degree": 3}, instrument__lamp_mode="IFU", doc="the lamp mode is that of a spectrum")
nirspec_image("opaque", "NRS_IMAGE", "OPAQUE", instrument__lamp_state="FLAT1", doc="coordinates end at the MSA, in um: no S_REGION, no SIP")
nirspec_image("lamp", "NRS_LAMP", "F110W", instrument__lamp_state="FLAT1", instrument__lamp_mode="FIXEDSLIT", doc="a lamp with the mirror: coordinates alone")
nirspec_image("dark", "NRS_DARK", "OPAQUE", instrument__lamp_state="NONE", doc="any type with the mirror")
nirspec_image("no_mode", "NRS_LAMP", "OPAQUE", "G140M", instrument__lamp_state="FLAT1", instrument__lamp_mode="IMAGE", doc="a lamp that is neither an image nor a spectrum: skipped")

a = spectrum("NRS_AUTOFLAT", "G235M", "OPAQUE", instrument__lamp_state="FLAT2", instrument__lamp_mode="NONE", **nirspec.MOS)
run_nirspec("autoflat", a, refs=nirspec.optics(a, SLITS), extras={nirspec.METAFILE: nirspec.metafile(nirspec.OPEN_SHUTTERS, nirspec.SOURCES, True)}, doc="shutters by a lamp in no mode: the header does not speak of wavelengths")
