"""Truth of calwebb_tso3 for images."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from coron import association, cube  # noqa: E402
from lib import case, reference  # noqa: E402

ASN = "jw01234-o001_tso3_00001_asn.json"
TOLERANCES = {"*": {"rtol": 1e-5}, "MJD": {"rtol": 0, "atol": 1e-8}, "BJD_TDB": {"rtol": 0, "atol": 1e-8}, "psf_*": {"rtol": 2e-3},
              "centroid_?": {"rtol": 0, "atol": 1e-4}, "aperture_?": {"rtol": 0, "atol": 1e-4}, "aperture_ra*": {"rtol": 0, "atol": 1e-8},
              "aperture_dec*": {"rtol": 0, "atol": 1e-8}}


def segment(k, nints, first, **kw):
    model = cube(1, 6 + k, nints, shape=(22, 24), segment=f"-seg{k:03d}", **{"exp_type": "NRC_TSIMAGE", "detector": "NRCBLONG", **kw})
    rng = np.random.default_rng(k)
    yy, xx = np.mgrid[:22, :24]
    star = 80 * np.exp(-((xx - 12.3) ** 2 / 2 / 1.3**2 + (yy - 11.6) ** 2 / 2 / 1.1**2))
    model.data = (star + 3 + rng.normal(0, 0.2, (nints, 22, 24))).astype("f4")
    model.data[nints // 2, 5, 6] += 30
    model.data[:, 3, 4] = np.nan
    model.err[:] = 0.3
    m = model.meta
    m.visit.tsovisit = True
    m.exposure.nints, m.exposure.integration_start, m.exposure.integration_end = 20, first, first + nints - 1
    model.int_times["integration_number"] += first - 1
    for name in model.int_times.dtype.names[1:]:
        model.int_times[name] += 0.001 * (first - 1)
    return model


def run(name, models, params=None, doc="", kinds=None):
    extras = {m.meta.filename: m for m in models[1:]}
    extras[ASN] = association([(m, k) for m, k in zip(models, kinds or ["science"] * len(models))], "jw01234-o001_t001_tso", "tso3")
    gain = reference("GainModel", models[0], data=np.full(models[0].data.shape[-2:], 1.8, "f4"))
    case("calwebb_tso3", name, models[0], params, {"gain": gain}, steps={"tso_photometry": ["gain"]}, input_name=models[0].meta.filename, extras=extras,
         arguments=[ASN], tolerances=TOLERANCES, doc=doc)


run("segments", [segment(1, 6, 1), segment(2, 5, 7)], {"steps": {"outlier_detection": {"rolling_window_width": 3}}})
run("options", [segment(1, 6, 1)], {"steps": {"outlier_detection": {"skip": True}, "tso_photometry": {"radius": 4.0, "radius_inner": 6.0, "radius_outer": 8.0,
                                                                                                        "moving_centroid": True, "save_catalog": True}}})
run("miri", [segment(1, 6, 1, instrument="MIRI", detector="MIRIMAGE", exp_type="MIR_IMAGE")])
