"""Truth of the align_refs step."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from coron import cube, psfmask, stack  # noqa: E402
from lib import case  # noqa: E402

# Where the fit ends depends on the rounding of single-precision transforms, which are the same; sums of residuals are not.
TOLERANCES = {"*": {"rtol": 1e-5}, "SCI": {"rtol": 1e-4, "atol": 5e-3}, "ERR": {"rtol": 1e-4}}


def run(name, params=None, mask=True, doc="", change=None, **kw):
    target = cube(1, 1, 2, **kw)
    psfs = stack([cube(2, 2, 2, shift=(0.3, -0.2), **kw), cube(3, 3, 2, shift=(-0.4, 0.1), flux=250.0, **kw)])
    psfs.meta.filename = "jw01234-o001_psfstack.fits"
    if change:
        change(target, psfs)
    case("align_refs", name, target, {"suffix": "align_refs", **(params or {})}, {"psfmask": psfmask(target) if mask else "N/A"},
         input_name=target.meta.filename, extras={psfs.meta.filename: psfs}, arguments=[target.meta.filename, psfs.meta.filename],
         tolerances=TOLERANCES, doc=doc)


def flagged(target, psfs):
    rng = np.random.default_rng(8)
    for model in (target, psfs):
        model.dq[rng.random(model.dq.shape) < 0.06] |= 1
        model.dq[rng.random(model.dq.shape) < 0.06] |= 4
        model.dq[:, :2] |= 1
        model.data[rng.random(model.dq.shape) < 0.03] = np.nan
    psfs.data[1] = np.nan
    psfs.dq[1] |= 1


def miri(target, psfs):
    flagged(target, psfs)
    for model in (target, psfs):
        model.dq[:, :, :5] |= 512
        model.meta.instrument.filter = "F2300C"


run("plain")
run("no_mask", mask=False)
run("box5", {"median_box_length": 5, "bad_bits": "DO_NOT_USE+JUMP_DET"}, change=flagged, doc="a larger box, more flags, rows and an image without a good pixel")
run("box1", {"median_box_length": 1}, change=flagged, doc="a box that holds nothing but the bad pixel")
run("nan_only", {"bad_bits": ""}, change=flagged, doc="no flag is bad")
run("miri", change=miri, instrument="MIRI", detector="MIRIMAGE", exp_type="MIR_LYOT", doc="pixels outside the field are set to 0")
run("odd_sides", shape=(23, 21), doc="transforms of lengths with factors above 11")
