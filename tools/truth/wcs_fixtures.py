"""Transforms and their values, made by astropy, gwcs and the JWST transforms: packages/core/wcs/test/fixtures/transforms.asdf and .json.

    python tools/truth/wcs_fixtures.py            writes the fixtures
    python tools/truth/wcs_fixtures.py FILE       checks an ASDF file that calwebb wrote from them (tools/truth/wcs_written.mjs)
"""

import json
import sys
import warnings
from pathlib import Path

import asdf
import numpy as np
from astropy import coordinates as coord
from astropy import units as u
from astropy.modeling import models as m
from gwcs import WCS, FITSImagingWCSTransform
from gwcs import coordinate_frames as cf
from gwcs import geometry, selector, spectroscopy
from stdatamodels.jwst.transforms import models as jw

warnings.simplefilter("ignore")
HERE = Path(__file__).resolve().parents[2] / "packages/core/wcs/test/fixtures"
rng = np.random.default_rng(5)


def poly2(degree, scale=1e-3, **kw):
    names = [f"c{i}_{j}" for i in range(degree + 1) for j in range(degree + 1 - i)]
    return m.Polynomial2D(degree, **{n: rng.normal() * scale ** (int(n[1]) + int(n[3])) for n in names}, **kw)


def ortho(cls, *degrees, **kw):
    t = cls(*degrees, **kw)
    t.parameters = rng.normal(size=t.parameters.size)
    return t


PIX = [np.linspace(-7, 2051, 13), np.linspace(2040, 3, 13)]
UNIT = [np.linspace(-0.9, 0.95, 13), np.linspace(0.8, -0.7, 13), np.linspace(0.1, 0.6, 13), np.linspace(0.3, 0.7, 13)]
SKY = [np.linspace(1, 359, 13), np.linspace(-80, 85, 13)]
NEAR = [np.linspace(-0.3, 0.4, 13), np.linspace(0.2, -0.25, 13)]
NATIVE = [np.linspace(-170, 175, 13), np.linspace(20, 88, 13)]
ALL = [np.linspace(-170, 175, 13), np.linspace(-70, 78, 13)]
WAVE = [np.linspace(0.6, 5.2, 13)]

CASES = {}


def add(name, model, inputs, inverse=True):
    CASES[name] = (model, inputs[: model.n_inputs], inverse)


add("shift", m.Shift(3.25), PIX)
add("scale", m.Scale(0.031), PIX)
add("multiply", m.Multiply(-2.5), PIX)
add("identity", m.Identity(2), PIX)
add("mapping", m.Mapping((1, 0)), PIX)
add("mapping_many", m.Mapping((0, 1, 0, 1)), PIX)
add("mapping_drop", m.Mapping((1,), n_inputs=3), UNIT, False)
add("const1d", m.Const1D(4.5), PIX, False)
add("const2d", m.Const2D(-1.5), PIX, False)
add("polynomial1d", m.Polynomial1D(3, c0=1, c1=0.2, c2=-1e-4, c3=1e-8), PIX, False)
add("polynomial1d_domain", m.Polynomial1D(3, c0=1, c1=0.2, c2=-0.3, c3=0.1, domain=(0, 2048), window=(-1, 1)), PIX, False)
for d in (1, 3, 5, 7):
    add(f"polynomial2d_{d}", poly2(d), PIX, False)
add("polynomial2d_domain", poly2(4, 0.5, x_domain=(0, 2048), y_domain=(0, 1024)), PIX, False)
add("chebyshev1d", ortho(m.Chebyshev1D, 5, domain=(0, 2048)), PIX, False)
add("chebyshev2d", ortho(m.Chebyshev2D, 3, 4, x_domain=(0, 2048), y_domain=(0, 2048)), PIX, False)
add("legendre1d", ortho(m.Legendre1D, 4), UNIT, False)
add("legendre2d", ortho(m.Legendre2D, 2, 5), UNIT, False)
add("hermite1d", ortho(m.Hermite1D, 4), UNIT, False)
add("hermite2d", ortho(m.Hermite2D, 3, 1), UNIT, False)
add("affine", m.AffineTransformation2D(matrix=[[1.1, -0.3], [0.2, 0.9]], translation=[4, -7]), PIX)
add("rotation2d", m.Rotation2D(37.5), PIX)
add("sequence3d", m.RotationSequence3D([-0.12, 0.11, 67.3, 2.2, -150.1], axes_order="zyxyz"), UNIT)
add("spherical_sequence", m.SphericalRotationSequence([12, -33, 67.3], axes_order="zyx"), SKY)
add("euler", m.EulerAngleRotation(23.4, 11.2, -55, axes_order="zxz"), SKY)
add("native2celestial", m.RotateNative2Celestial(150.1, 2.2, 180), NATIVE)
add("celestial2native", m.RotateCelestial2Native(150.1, 2.2, 180), SKY)
add("spherical_to_cartesian", geometry.SphericalToCartesian(wrap_lon_at=180), SKY)
add("cartesian_to_spherical", geometry.CartesianToSpherical(wrap_lon_at=360), UNIT)
add("cartesian_to_spherical_180", geometry.CartesianToSpherical(wrap_lon_at=180), UNIT)
add("to_direction_cosines", geometry.ToDirectionCosines(), UNIT)
add("from_direction_cosines", geometry.FromDirectionCosines(), UNIT)
add("tabular1d", m.Tabular1D(points=np.arange(5.0) * 600 - 100, lookup_table=np.array([1.0, 3, 4, 8, 9]), bounds_error=False, fill_value=np.nan), PIX, False)
add("tabular1d_extrapolated", m.Tabular1D(points=np.arange(5.0) * 300, lookup_table=np.array([9.0, 7, 4, 2, 1]), bounds_error=False, fill_value=None), PIX, False)
add("tabular1d_nearest", m.Tabular1D(points=np.arange(5.0) * 700 - 100, lookup_table=np.array([1.0, 3, 4, 8, 9]), method="nearest", bounds_error=False, fill_value=-1), PIX, False)
add("tabular2d", m.Tabular2D(points=(np.arange(4.0) * 700 - 20, np.arange(3.0) * 1050 - 20), lookup_table=rng.normal(size=(4, 3)), bounds_error=False, fill_value=-9.0), PIX, False)
for code, kw in {"TAN": {}, "SIN": {}, "ARC": {}, "ZEA": {}, "STG": {}, "AZP": {"mu": 2, "gamma": 30}, "AIR": {"theta_b": 45}}.items():
    add(f"sky2pix_{code}", getattr(m, f"Sky2Pix_{code}")(**kw), NATIVE)
    add(f"pix2sky_{code}", getattr(m, f"Pix2Sky_{code}")(**kw), [10 * NEAR[0], 10 * NEAR[1]])
add("sky2pix_SIN_slant", m.Sky2Pix_SIN(xi=0.1, eta=-0.2), NATIVE)
for code, kw in {"CAR": {}, "MER": {}, "CEA": {"lam": 0.7}, "CYP": {"mu": 1.2, "lam": 0.8}, "SFL": {}, "PAR": {}, "MOL": {}, "AIT": {}, "PCO": {},
                 "COP": {"sigma": 45, "delta": 20}, "COE": {"sigma": 45, "delta": 20}, "COD": {"sigma": 45, "delta": 20}, "COO": {"sigma": 45, "delta": 20},
                 "BON": {"theta1": 40}}.items():
    reach = [NATIVE[0], NATIVE[1]] if code in ("COP", "COE", "COD", "COO") else ALL
    add(f"sky2pix_{code}", getattr(m, f"Sky2Pix_{code}")(**kw), reach)
    add(f"pix2sky_{code}", getattr(m, f"Pix2Sky_{code}")(**kw), [30 * NEAR[0], 30 * NEAR[1] + 3])
add("compose", m.Shift(2) & m.Shift(-3) | m.Rotation2D(20) | m.Scale(2) & m.Scale(3), PIX)
add("arithmetic", (m.Shift(2) * m.Scale(3) - m.Const1D(2)) / m.Shift(5000) + m.Polynomial1D(1, c0=1, c1=2) ** m.Const1D(2), PIX, False)
add("fix_inputs", m.fix_inputs(poly2(3), {"y": 12.5}), PIX, False)
add("fix_inputs_index", m.fix_inputs(poly2(2), {0: 3.0}), PIX, False)
two = m.Mapping((0, 1, 0, 1)) | poly2(3) & poly2(3)
two.inverse = m.Mapping((0, 1, 0, 1)) | poly2(2) & poly2(2)
two.name = "stored"
two.bounding_box = ((-0.5, 99.5), (-0.5, 199.5))
add("stored_inverse", two, PIX)
add("fits_imaging", FITSImagingWCSTransform(m.Pix2Sky_TAN(), crpix=[1000.2, 900.1], crval=[5.36, -72.5], cdelt=[1e-4, 1e-4], pc=[[-0.9, 0.1], [0.1, 0.9]]), PIX)
for name, model, x in [
    ("linear1d", m.Linear1D(slope=2, intercept=-1), PIX), ("planar2d", m.Planar2D(1, 2, 3), PIX),
    ("sine1d", m.Sine1D(2, 0.1, 0.3), UNIT), ("cosine1d", m.Cosine1D(2, 0.1, 0.3), UNIT), ("tangent1d", m.Tangent1D(2, 0.1, 0.02), UNIT),
    ("arcsine1d", m.ArcSine1D(2, 0.1, 0.3), UNIT), ("arccosine1d", m.ArcCosine1D(2, 0.1, 0.3), UNIT), ("arctangent1d", m.ArcTangent1D(2, 0.1, 0.02), UNIT),
    ("exponential1d", m.Exponential1D(2, 0.7), UNIT), ("logarithmic1d", m.Logarithmic1D(2, 0.7), WAVE),
    ("power_law1d", m.PowerLaw1D(2, 1.5, 0.7), WAVE), ("broken_power_law1d", m.BrokenPowerLaw1D(2, 2, 0.7, 1.4), WAVE),
    ("exp_cutoff", m.ExponentialCutoffPowerLaw1D(2, 2, 0.7, 1.4), WAVE), ("log_parabola1d", m.LogParabola1D(2, 2, 0.7, 0.4), WAVE),
    ("smooth_broken", m.SmoothlyBrokenPowerLaw1D(2, 2, 0.7, 1.6, 0.3), WAVE),
    ("gaussian1d", m.Gaussian1D(2, 2, 0.7), WAVE), ("gaussian2d", m.Gaussian2D(2, 0.1, 0.2, 0.4, 0.7, theta=0.3), UNIT),
    ("lorentz1d", m.Lorentz1D(2, 2, 0.7), WAVE), ("drude1d", m.Drude1D(2, 2, 0.7), WAVE), ("moffat1d", m.Moffat1D(2, 2, 0.7, 1.3), WAVE),
    ("moffat2d", m.Moffat2D(2, 0.2, 0.1, 0.7, 1.3), UNIT), ("ricker1d", m.RickerWavelet1D(2, 2, 0.7), WAVE), ("ricker2d", m.RickerWavelet2D(2, 0.1, 0.2, 0.5), UNIT),
    ("box1d", m.Box1D(2, 2, 0.7), WAVE), ("box2d", m.Box2D(2, 0.1, 0.2, 0.7, 0.9), UNIT), ("trapezoid1d", m.Trapezoid1D(2, 2, 0.7, 3), WAVE),
    ("disk2d", m.Disk2D(2, 0.1, 0.2, 0.5), UNIT), ("ring2d", m.Ring2D(2, 0.1, 0.2, 0.3, 0.4), UNIT), ("ellipse2d", m.Ellipse2D(2, 0.1, 0.2, 0.9, 0.4, 0.3), UNIT),
    ("plummer1d", m.Plummer1D(2, 0.7), WAVE), ("redshift", m.RedshiftScaleFactor(0.7), WAVE), ("schechter1d", m.Schechter1D(1e-4, 3, -1.2), WAVE),
    ("arctan2", m.math.Arctan2Ufunc(), UNIT), ("sqrt", m.math.SqrtUfunc(), WAVE), ("subtract", m.math.SubtractUfunc(), UNIT),
]:
    add(f"function_{name}", model, x, name in ("linear1d", "sine1d", "tangent1d", "arctangent1d", "redshift"))
add("gwcs_grating_angle", spectroscopy.AnglesFromGratingEquation3D(0.01, -1), [WAVE[0], UNIT[2], UNIT[3]], False)
add("gwcs_grating_wavelength", spectroscopy.WavelengthFromGratingEquation(0.01, -1), [UNIT[2], UNIT[3]], False)
add("snell3d", spectroscopy.Snell3D(), [UNIT[3] + 1, UNIT[0] / 2, UNIT[1] / 2, UNIT[2]], False)
B, C = [0.58339748, 0.46085267, 3.8915394], [0.00252643, 0.010078333, 1200.556]
add("sellmeier_glass", spectroscopy.SellmeierGlass(B, C), WAVE, False)
add("sellmeier_zemax", spectroscopy.SellmeierZemax(65, 35, 0, 0, B, C, [-2.66e-05, 0.0, 0.0], [0.0, 0.0, 0.0]), WAVE, False)
add("jw_grating_angle", jw.AngleFromGratingEquation(17e3, -1), [WAVE[0] * 1e-6, UNIT[2], UNIT[3] / 2, UNIT[3]], False)
add("jw_grating_wavelength", jw.WavelengthFromGratingEquation(17e3, -1), [UNIT[2], UNIT[3], UNIT[0]], False)
add("unitless2dircos", jw.Unitless2DirCos(), UNIT)
add("dircos2unitless", jw.DirCos2Unitless(), UNIT)
add("rotation3d_to_gwa", jw.Rotation3DToGWA([0.3, -12, 33.1, 1.2], "xyzx"), [UNIT[0] / 2, UNIT[1] / 2, UNIT[2]])
add("refraction_index", jw.RefractionIndexFromPrism(16.3), [UNIT[0], UNIT[1], UNIT[2]], False)
add("logical", jw.Logical("GT", 0.4, -1.5), UNIT, False)
add("ab2slice", jw.MIRI_AB2Slice(-1.77, 0.177, 1), [UNIT[0] * 1.5], False)
SLITS = [jw.Slit("a", slit_id=3), jw.Slit("b", slit_id=7)]
three = m.Shift(1) & m.Scale(2) & m.Identity(1)
two_d = m.Shift(1) & m.Scale(2)
add("gwa_to_slit", jw.Gwa2Slit(SLITS, [three, three | three]), [7.0] + UNIT[:3])
add("slit_to_msa", jw.Slit2Msa(SLITS, [two_d, two_d | two_d]), [3.0] + UNIT[:2])
add("soss", jw.NirissSOSSModel([1, 2], [m.Mapping((0, 1, 1)) | three, m.Mapping((0, 1, 0)) | three | three]), [PIX[0], PIX[1], np.full(13, 2.0)], False)
regions = np.zeros((2048, 2048), dtype="i2")[::64, ::64].copy()
regions[3:20, 5:30], regions[20:25, 2:9] = 1, 2
mapper = selector.LabelMapperArray(regions)
DET = [np.linspace(0, 31, 13), np.linspace(30, 1, 13)]
add("label_array", mapper, DET, False)
add("regions", selector.RegionsSelector(("x", "y"), ("u", "v"), {1: two_d, 2: two_d | two_d}, mapper), DET, False)
add("label_dict", selector.LabelMapperDict(("x", "y"), {0.5: m.Mapping((1,)) | m.Shift(1), 0.25: m.Mapping((1,)) | m.Scale(2)}, inputs_mapping=m.Mapping((0,), n_inputs=2), atol=1e-3), [np.repeat([0.5, 0.2502, 0.1], [5, 5, 3]), DET[1]], False)
add("label_range", selector.LabelMapperRange(("x", "y"), {(0, 5): m.Mapping((1,)) | m.Shift(1), (10, 20): m.Mapping((1,)) | m.Scale(2)}, inputs_mapping=m.Mapping((0,), n_inputs=2)), DET, False)
T = [-2.66e-05, 0.0, 0.0, 0.0, 0.0, 0.0]
add("snell", jw.Snell(-16.5, B, C, T, 37, 0, 38, 0), [WAVE[0] * 1e-6, UNIT[0] / 4, UNIT[1] / 4, UNIT[3]], False)
add("snell_warm", jw.Snell(-16.5, B, C, T, 37, 0, 78, 0), [WAVE[0] * 1e-6, UNIT[0] / 4, UNIT[1] / 4, UNIT[3]], False)


def wcs():
    detector = cf.Frame2D(name="detector", axes_order=(0, 1), unit=(u.pix, u.pix))
    sky = cf.CelestialFrame(reference_frame=coord.ICRS(), name="sky")
    spec = cf.SpectralFrame(name="wave", unit=(u.micron,), axes_order=(2,), axes_names=("lambda",))
    world = cf.CompositeFrame([sky, spec], name="world")
    slit = cf.CoordinateFrame(3, ["SPATIAL", "SPATIAL", "SPECTRAL"], (0, 1, 2), unit=(u.pix, u.pix, u.micron), name="slit")
    first = m.Mapping((0, 1, 1)) | m.Shift(-100) & m.Shift(-200) & m.Polynomial1D(1, c0=0.6, c1=2e-3)
    first.bounding_box = ((-0.5, 199.5), (-0.5, 99.5))
    tan = (m.Scale(2e-5) & m.Scale(2e-5) | m.Pix2Sky_TAN() | m.RotateNative2Celestial(0.0005, -45, 180)) & m.Identity(1)
    return WCS([(detector, first), (slit, tan), (world, None)])


def numbers(arrays):
    return [[None if not np.isfinite(v) else float(v) for v in np.broadcast_to(a, (13,))] for a in arrays]


def values(model, inputs, inverse):
    out = model(*inputs, with_bounding_box=False)
    out = [out] if model.n_outputs == 1 else list(out)
    truth = {"input": numbers(inputs), "output": numbers(out)}
    if inverse:
        back = model.inverse(*out)
        truth["inverse"] = numbers([back] if model.n_inputs == 1 else list(back))
    return truth


def write():
    HERE.mkdir(parents=True, exist_ok=True)
    tree = {"transforms": {n: c[0] for n, c in CASES.items()}, "wcs": wcs()}
    asdf.AsdfFile(tree).write_to(HERE / "transforms.asdf", all_array_storage="internal")
    truth = {n: values(*c) for n, c in CASES.items()}
    w = wcs()
    x, y = np.meshgrid(np.linspace(-3, 210, 6), np.linspace(-2, 105, 5))
    x, y = x.ravel(), y.ravel()
    fw = w(x, y)
    fill = lambda arrays: [[None if not np.isfinite(v) else float(v) for v in a] for a in arrays]  # noqa: E731
    truth["__wcs"] = {
        "input": fill([x, y]), "output": fill(fw), "unbound": fill(w(x, y, with_bounding_box=False)),
        "frames": w.available_frames, "footprint": np.asarray(w.footprint()).tolist(),
        "axes_types": list(w.output_frame.axes_type), "axes_names": list(w.output_frame.axes_names),
    }
    (HERE / "transforms.json").write_text(json.dumps(truth))
    print(len(CASES), "transforms,", (HERE / "transforms.asdf").stat().st_size, "bytes")


def check(file):
    truth = json.loads((HERE / "transforms.json").read_text())
    bad = 0
    with asdf.open(file) as f:
        for name, (_, inputs, inverse) in CASES.items():
            got, want = values(f["transforms"][name], inputs, inverse), truth[name]
            for key in want:
                a, b = (np.array(v[key], dtype=float) for v in (got, want))
                if not np.allclose(a, b, rtol=1e-13, atol=1e-13, equal_nan=True):
                    bad += 1
                    print(name, key, np.nanmax(np.abs(a - b)))
        w = f["wcs"]
        t = truth["__wcs"]
        assert w.available_frames == t["frames"]
        for options, key in (({}, "output"), ({"with_bounding_box": False}, "unbound")):
            got = np.array(w(*np.array(t["input"]), **options), dtype=float)
            if not np.allclose(got, np.array(t[key], dtype=float), rtol=0, atol=1e-10, equal_nan=True):
                bad += 1
                print("wcs", key)
    print(f"{file}: {bad} differences")
    sys.exit(bool(bad))


if __name__ == "__main__":
    check(sys.argv[1]) if len(sys.argv) > 1 else write()
