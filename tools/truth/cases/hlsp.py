"""Truth of the hlsp step."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from dither import exposure  # noqa: E402
from lib import case  # noqa: E402


def run(name, width, shape=(22, 24), change=None, doc=""):
    model = exposure(0, np.random.default_rng(2), shape=shape)
    model.meta.filename = "jw01234-o001_t001_coron_i2d.fits"
    if change:
        change(model)
    case("hlsp", name, model, {"annuli_width": width}, input_name=model.meta.filename, doc=doc)


def bad(model):
    model.data[9:12, 10:13] = np.nan
    model.data[4, 6] = np.inf
    model.err[5, 5] = 0
    model.err[6] = np.nan


run("width2", 2)
run("width3_odd", 3, shape=(21, 26))
run("nan", 1, change=bad, doc="an annulus without numbers, infinities, errors of 0")
run("pedestal", 2, change=lambda m: setattr(m, "data", m.data + np.float32(4000)), doc="a level that is large beside the noise")
