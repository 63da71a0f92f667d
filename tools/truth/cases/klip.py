"""Truth of the klip step."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from coron import cube, stack  # noqa: E402
from lib import case  # noqa: E402


def run(name, truncate, nrefs=5, change=None, doc=""):
    target = cube(1, 1, 2, planet=(14, 12, 9.0))
    psfs = stack([cube(2, 2, nrefs, noise=2.0)])
    psfs.meta.filename = "jw01234-o001_psfalign.fits"
    for model in (target, psfs):
        model.data[np.isnan(model.data)] = 2.0
    if change:
        change(target, psfs)
    case("klip", name, target, {"suffix": "klip", "truncate": truncate}, input_name=target.meta.filename, extras={psfs.meta.filename: psfs},
         arguments=[target.meta.filename, psfs.meta.filename],
         tolerances={"*": {"rtol": 1e-5}, "SCI": {"rtol": 1e-5, "atol": 1e-5}, "ERR": {"rtol": 1e-5, "atol": 1e-9}}, doc=doc)


run("all", 50, doc="more modes asked for than there are references")
run("few", 2)
run("none", 0, doc="only the mean is subtracted")
run("two_refs", 1, nrefs=2)


def nan(target, psfs):
    target.data[0, 5, 5] = np.nan


run("nan_target", 3, change=nan, doc="a NaN spoils its integration")
