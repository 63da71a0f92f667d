"""What the drizzle library gives for small distorted images, for the tests of @calwebb/drizzle."""

import json
import warnings
from pathlib import Path

import numpy as np
from drizzle.resample import Drizzle, blot_image
from stcal.outlier_detection.median import nanmedian3D
from stcal.outlier_detection.utils import _abs_deriv, compute_weight_threshold, flag_crs, flag_resampled_crs

warnings.simplefilter("ignore")
OUT = Path(__file__).resolve().parents[2] / "packages/math/drizzle/test/fixtures.json"
rng = np.random.default_rng(5)
NY, NX, ONY, ONX = 9, 11, 14, 13


def numbers(a):
    return [None if not np.isfinite(v) else float(f"{v:.9g}") for v in np.ravel(a)]


def pixmap(angle, ratio, dx, dy):
    y, x = np.indices((NY, NX), dtype="f8")
    c, s = np.cos(np.radians(angle)) / ratio, np.sin(np.radians(angle)) / ratio
    u, v = x - NX / 2, y - NY / 2
    px = c * u - s * v + dx + 0.004 * u * v
    py = s * u + c * v + dy - 0.003 * u * u
    return np.dstack([px, py])


def exposure(k):
    m = pixmap(25 * k - 20, 0.9, 6.1 + 0.4 * k, 6.7 - 0.3 * k)
    if k == 1:
        m[0:2, 0:3] = np.nan
    data = rng.normal(10, 2, (NY, NX)).astype("f4")
    weight = rng.uniform(0.5, 2, (NY, NX)).astype("f4")
    weight[rng.random((NY, NX)) < 0.1] = 0
    dq = rng.integers(0, 16, (NY, NX)).astype("u4")
    return dict(m=m, data=data, weight=weight, dq=dq)


exposures = [exposure(k) for k in range(3)]
cases = []
for kernel, pixfrac in [("square", 1.0), ("square", 0.6), ("turbo", 1.0), ("turbo", 0.5), ("point", 1.0), ("square", 0.0),
                        ("gaussian", 1.0), ("gaussian", 0.7), ("lanczos2", 1.0), ("lanczos3", 1.0)]:
    d = Drizzle(kernel=kernel, fillval="-3", out_shape=(ONY, ONX), max_ctx_id=2)
    for e in exposures:
        d.add_image(e["data"], 1.0, e["m"], dq=e["dq"], weight_map=e["weight"], pixfrac=pixfrac, pixel_scale_ratio=0.9,
                    iscale=1.5, xmin=0, xmax=NX - 2, ymin=1, ymax=NY - 1)
    cases.append(dict(kernel=kernel, pixfrac=pixfrac, out=numbers(d.out_img), wht=numbers(d.out_wht),
                      con=d.out_ctx[0].ravel().tolist(), dq=d.out_dq.ravel().tolist()))

image = rng.normal(5, 1, (ONY, ONX)).astype("f4")
m = exposures[1]["m"].copy()
m[np.isnan(m)] = -1
blot = blot_image(image, m, fillval=np.nan, interp="linear")
sci = rng.normal(5, 1, (NY, NX)).astype("f4")
sci[4, 5] = 40
sci[4, 6] = 11
sci[7, 2] = np.nan
err = np.full((NY, NX), 1.0, "f4")
err[2, 2] = np.nan
near = (blot * 0.5 + 2.5).astype("f4")
stack = rng.normal(0, 1, (5, 6)).astype("f4")
stack[0, :3] = np.nan
stack[:, 4] = np.nan
weights = rng.normal(10, 1, 300).astype("f4")
weights[:20] = 0
weights[20:23] = [300, np.nan, 90]
OUT.write_text(json.dumps(dict(
    nx=NX, ny=NY, onx=ONX, ony=ONY,
    exposures=[dict(x=numbers(e["m"][..., 0]), y=numbers(e["m"][..., 1]), data=numbers(e["data"]), weight=numbers(e["weight"]),
                    dq=e["dq"].ravel().tolist()) for e in exposures],
    cases=cases,
    blot=dict(image=numbers(image), x=numbers(m[..., 0]), y=numbers(m[..., 1]), out=numbers(blot)),
    flags=dict(sci=numbers(sci), err=numbers(err), model=numbers(near), derivative=numbers(_abs_deriv(near)),
               resampled=flag_resampled_crs(sci, err, near, 5.0, 4.0, 1.2, 0.7, 0.25).astype(int).ravel().tolist(),
               plain=flag_crs(sci, err, near, 3.0).astype(int).ravel().tolist()),
    median=dict(stack=numbers(stack), out=numbers(nanmedian3D(stack[:, None, :].copy(), False))),
    threshold=dict(weights=numbers(weights), value=float(compute_weight_threshold(weights, 0.7))),
)) + "\n")
