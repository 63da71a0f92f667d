"""Truth of calwebb_coron3."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from coron import association, cube, psfmask  # noqa: E402
from lib import case  # noqa: E402

ASN = "jw01234-o001_coron3_00001_asn.json"
TOLERANCES = {"*": {"rtol": 1e-4, "frac": 0.005}, "SCI": {"rtol": 1e-3, "atol": 5e-3, "frac": 0.005}, "ERR": {"rtol": 1e-3, "atol": 1e-6, "frac": 0.005},
              "DQ": {"frac_int": 0.002}, "CON": {"frac_int": 0.002}, "header:PIXAR*": {"rtol": 1e-7}, "header:C*": {"rtol": 1e-7}, "header:PXSCLRT": {"rtol": 1e-7},
              "header:S_REGION": {"atol": 1e-8}}


def run(name, members, params=None, mask=True, doc="", expect_error=False):
    models = [m for m, _ in members]
    extras = {m.meta.filename: m for m in models[1:]}
    extras[ASN] = association(members)
    case("calwebb_coron3", name, models[0], params, {"psfmask": psfmask(models[0]) if mask else "N/A"}, steps={"align_refs": ["psfmask"]},
         input_name=models[0].meta.filename, extras=extras, arguments=[ASN], tolerances=TOLERANCES, doc=doc, expect_error=expect_error)


def target(number, **kw):
    return cube(number, number, 3, planet=(14, 12, 9.0), **kw)


def psf(number, **kw):
    return cube(number, number, 3, shift=(0.2, -0.1), **kw)


run("two_rolls", [(target(1), "science"), (target(2, roll=8.0), "science"), (psf(3), "psf"), (psf(4), "psf")], doc="two targets and two references")
run("skips", [(target(1), "science"), (psf(2), "psf")],
    {"steps": {"outlier_detection": {"skip": True}, "klip": {"truncate": 2}, "align_refs": {"median_box_length": 5}}})
run("no_resample", [(target(1), "science"), (psf(2), "psf")], {"steps": {"outlier_detection": {"skip": True}, "resample": {"skip": True}}},
    doc="the subtracted integrations are saved one by one")
untimed = [(target(1), "science"), (psf(2), "psf")]
for model, _ in untimed:
    model.meta.exposure.effective_exposure_time = None
run("no_effective_time", untimed, {"steps": {"outlier_detection": {"skip": True}}}, doc="exposures without XPOSURE: the image has none either")
