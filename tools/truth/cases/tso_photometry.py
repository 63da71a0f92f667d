"""Truth of the tso_photometry step: the catalog."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from coron import cube  # noqa: E402
from lib import case, reference  # noqa: E402

TOLERANCES = {"*": {"rtol": 1e-5}, "MJD": {"rtol": 0, "atol": 1e-8}, "BJD_TDB": {"rtol": 0, "atol": 1e-8}, "psf_*": {"rtol": 2e-3},
              "centroid_?": {"rtol": 0, "atol": 1e-4}, "aperture_?": {"rtol": 0, "atol": 1e-4}, "aperture_ra*": {"rtol": 0, "atol": 1e-8},
              "aperture_dec*": {"rtol": 0, "atol": 1e-8}}


def series(nints=5, shape=(26, 24), drift=0.4):
    model = cube(1, 6, nints, shape=shape, exp_type="NRC_TSIMAGE", detector="NRCBLONG")
    rng = np.random.default_rng(11)
    yy, xx = np.mgrid[:shape[0], :shape[1]]
    for i in range(nints):
        x, y = 12.3 + drift * np.sin(i), 13.6 - drift * 0.5 * i
        star = 80 * np.exp(-((xx - x) ** 2 / 2 / 1.3**2 + (yy - y) ** 2 / 2 / 1.1**2))
        model.data[i] = star + 3 + rng.normal(0, 0.2, shape)
    model.err[:] = 0.3
    model.meta.visit.tsovisit = True
    return model


def run(name, params=None, change=None, doc="", expect_error=False, gain_start=None, **kw):
    model = series(**kw)
    if change:
        change(model)
    size = (40, 36) if gain_start else model.data.shape[-2:]
    gain = reference("GainModel", model, data=np.linspace(1.5, 2.2, size[0] * size[1]).reshape(size).astype("f4"), start=gain_start)
    case("tso_photometry", name, model, {"save_catalog": True, "suffix": "tso_photometry", **(params or {})}, {"gain": gain},
         input_name=model.meta.filename, tolerances=TOLERANCES, doc=doc, expect_error=expect_error)


def bad(model):
    rng = np.random.default_rng(3)
    model.dq[rng.random(model.dq.shape) < 0.03] |= 1
    model.data[rng.random(model.dq.shape) < 0.03] = np.nan
    model.err[rng.random(model.dq.shape) < 0.02] = np.nan
    model.data[0, 1, 1] = np.inf


def unit(name):
    def change(model):
        model.meta.bunit_data = model.meta.bunit_err = name

    return change


def segment(model):
    model.meta.exposure.integration_start, model.meta.exposure.integration_end = 11, 15
    model.meta.exposure.nints = 30
    model.int_times["integration_number"] += 10


def whole(model):
    model.meta.instrument.pupil, model.meta.subarray.name = "WLP8", "SUB64P"
    model.data[1, 3, 3] = np.nan


def corner(model):
    model.meta.wcsinfo.siaf_xref_sci, model.meta.wcsinfo.siaf_yref_sci = 2.0, 24.5


def empty(model):
    model.data[2] = np.nan
    model.dq[2] |= 1


def no_times(model):
    del model.int_times


def no_position(model):
    model.meta.wcsinfo.siaf_xref_sci = None


run("plain")
run("moving", {"moving_centroid": True, "search_box_width": 20, "fit_box_width": 9}, doc="a box of even width")
run("planned", {"centroid_source": False, "radius": 4.25, "radius_inner": 6.0, "radius_outer": 9.5})
run("bad_pixels", {"moving_centroid": True}, bad)
run("electrons", change=unit("DN/s"), gain_start=(1, 1), doc="DN/s, with a gain that is cut out of a larger frame")
run("other_unit", change=unit("mJy"))
run("segment", change=segment, doc="a later segment: times by the number of the integration")
run("whole_subarray", change=whole)
run("corner", {"centroid_source": False, "radius": 5.0, "radius_inner": 6.0, "radius_outer": 8.0}, corner, doc="apertures that reach over the edge")
run("empty_integration", change=empty)
run("one_integration", nints=1)
run("no_times", change=no_times, expect_error=True)
run("no_position", change=no_position, expect_error=True)
run("no_annulus", {"radius_inner": 6.0, "radius_outer": 5.0}, expect_error=True)
