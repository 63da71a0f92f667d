"""Truth cases of ramp_fit: python tools/truth/cases/ramp_fit.py [name part]"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from lib import case, ramp, reference  # noqa: E402

SAT, DNU, JUMP, PERS, LOSS = 2, 1, 4, 32, 128


def native_zeroframe():
    """The reference implementation swaps the bytes of all arrays of a file but the zero frame; mend that."""
    from stcal.ramp_fitting import ols_fit

    original = ols_fit.endianness_handler

    def handler(ramp_data, gain, readnoise):
        if ramp_data.zeroframe is not None:
            ramp_data.zeroframe = ramp_data.zeroframe.astype("f4")
        return original(ramp_data, gain, readnoise)

    ols_fit.endianness_handler = handler


def messy(instrument="NIRCAM", nints=2, ngroups=7, shape=(12, 14), seed=3, flags=True, **kw):
    """A ramp with jumps, saturation, bad groups, NaN and bad pixels."""
    model = ramp(instrument, nints, ngroups, shape, seed, **kw)
    rng = np.random.default_rng(seed + 100)
    if not flags:
        return model
    data, gdq = model.data, model.groupdq
    jump = rng.random(gdq.shape) < 0.06
    gdq[jump] |= JUMP
    data += np.cumsum(np.where(jump, rng.uniform(50, 900, gdq.shape), 0), axis=1).astype("f4")
    gdq[rng.random(gdq.shape) < 0.04] |= DNU
    gdq[rng.random(gdq.shape) < 0.03] |= PERS
    first = rng.integers(0, 4 * ngroups, (nints,) + shape)
    for g in range(ngroups):
        gdq[:, g][first <= g] |= SAT
    data[rng.random(gdq.shape) < 0.01] = np.nan
    model.pixeldq[rng.random(shape) < 0.03] |= 1 + 1024
    model.pixeldq[0] |= np.uint32(2**31)
    return model


def references(model, seed=5):
    rng = np.random.default_rng(seed)
    shape = model.data.shape[-2:]
    gain = rng.uniform(1.5, 2.5, shape).astype("f4")
    gain[1, 1], gain[1, 2], gain[1, 3] = np.nan, -1, 0
    noise = rng.uniform(6, 14, shape).astype("f4")
    noise[2, 1], noise[2, 2] = np.nan, 0
    return {
        "gain": reference("GainModel", model, data=gain),
        "readnoise": reference("ReadnoiseModel", model, data=noise),
    }


LIKELY = {"*": {"rtol": 1e-4, "atol": None, "frac": 0.01, "nan_frac": 0.01}, "DQ": {"frac_int": 0.01}}


def run(name, model, params=None, **kw):
    refs = references(model)
    factor = kw.pop("gain_factor", None)
    if factor:
        refs["gain"].meta.exposure.gain_factor = factor
    case("ramp_fit", name, model, params, refs, **kw)


run("ols", messy(), {}, gain_factor=2.0, doc="jumps, saturation, bad groups and pixels")
run("ols_opt", messy(nframes=4, groupgap=1, exposure__drop_frames1=1), {"save_opt": True}, doc="fit of every segment")
run("ols_opt_name", messy(nints=1, shape=(6, 6)), {"save_opt": True, "opt_name": "segments_of_mine.fits"})
run("keep_one_group", messy(nframes=4), {"suppress_one_group": False}, doc="one-group ramps are fitted")
run("one_group", messy(ngroups=1), {})
run("two_groups", messy(ngroups=2, nints=3), {"suppress_one_group": False})
run("limits", messy(ngroups=9), {"firstgroup": 2, "lastgroup": 6})
run("limits_bad", messy(ngroups=5), {"firstgroup": 4, "lastgroup": 2}, doc="limits that leave nothing are ignored")

model = messy("MIRI", ngroups=8)
model.groupdq[:, 0] |= DNU
model.groupdq[:, -1] |= DNU
run("miri", model, {"save_opt": True}, doc="first and last group dropped")
model = messy("MIRI", ngroups=3)
model.groupdq[:, 0] |= DNU
model.groupdq[:, -1] |= DNU
run("miri_too_few", model, {}, doc="one group left: nothing is fitted")
model = messy("NIRSPEC", ngroups=4, shape=(8, 8))
run("ifu", model, {}, doc="the rate of an IFU exposure is an IFU image")
model = messy(ngroups=4)
model.groupdq[:] |= SAT
run("all_saturated", model, {}, doc="nothing can be fitted")

model = messy("NIRISS", ngroups=8, seed=11)
rng = np.random.default_rng(4)
first = rng.integers(2, 16, model.data.shape[:1] + model.data.shape[2:])
for g in range(8):
    model.groupdq[:, g][first <= g] |= LOSS | DNU
run("charge_loss", model, {}, doc="read noise as if no group had been cut")

model = messy(ngroups=5, nframes=4, exposure__zero_frame=True, seed=12)
model.zeroframe = (model.data[:, 0] / 4).astype("f4")
model.zeroframe[:, ::3] = 0
native_zeroframe()
run("zeroframe", model, {"suppress_one_group": False}, doc="made with the byte order of the zero frame mended")
run("zeroframe_suppressed", model, {})
model = messy(ngroups=5)
model.average_dark_current = np.full(model.data.shape[-2:], 0.7, "f4")
run("dark_current", model, {}, doc="the dark current adds to the photon noise")

model = messy(ngroups=6)
refs = references(messy(shape=(20, 22)))
case("ramp_fit", "subarray", messy(ngroups=6, shape=(12, 14), start=(4, 3), subarray="SUB"), {},
     refs, doc="references are cut to the subarray")

run("likely", messy(ngroups=8, nframes=4, groupgap=1), {"algorithm": "LIKELY"}, tolerances=LIKELY)
run("likely_chisq", messy(ngroups=10, nints=1, seed=8), {"algorithm": "LIKELY", "save_opt": True}, tolerances=LIKELY)
run("likely_three_groups", messy(ngroups=3), {"algorithm": "LIKELY"}, doc="too short: least squares")
model = messy(ngroups=6, nframes=4, exposure__zero_frame=True, seed=14, flags=False)
model.groupdq[:, 4:, :, :3] |= SAT
model.groupdq[:, 5, :, 3:5] |= JUMP
model.data[1, 3:, 4:6] += 400
model.zeroframe = (model.data[:, 0] / 4).astype("f4")
run("likely_zeroframe", model, {"algorithm": "LIKELY"}, tolerances=LIKELY, doc="the zero frame is one more sample")
model = messy("FGS", ngroups=6, nframes=4, exposure__zero_frame=True, seed=3, shape=(10, 10), flags=False)
model.groupdq[:, 3:] |= SAT
model.zeroframe = (model.data[:, 0] / 4).astype("f4")
run("likely_even_choice", model, {"algorithm": "LIKELY"},
    tolerances={**LIKELY, "*": {**LIKELY["*"], "frac": 0.05, "nan_frac": 0.05}},
    doc="three differences left: which of two omissions is the better one hangs on the last digit")

run("opt_no_jumps", messy(flags=False, shape=(6, 6)), {"save_opt": True}, doc="no segment but one, no jump")
model = messy(shape=(6, 6))
model.groupdq[:] |= DNU
run("opt_nothing_good", model, {"save_opt": True}, doc="no group can be used")
model = messy("NIRSPEC", ngroups=4, shape=(8, 8))
model.meta.exposure.type, model.meta.instrument.lamp_mode = "NRS_LAMP", "IFU"
run("lamp_ifu", model, {})
model = messy("MIRI", ngroups=8, exposure__type="MIR_MRS", nints=1)
model.groupdq[:, 0] |= DNU
model.groupdq[:, -1] |= DNU
run("miri_limits", model, {"firstgroup": 2}, doc="limits add to the groups that MIRI gives up")
run("likely_miri", model, {"algorithm": "LIKELY"}, tolerances=LIKELY)
model = messy(ngroups=5, seed=21)
model.groupdq[:, 1:, :4] |= SAT
model.groupdq[:, 0, :2] |= PERS
run("persistence", model, {"suppress_one_group": False}, doc="a flagged persistence makes a group neither good nor bad")
model = messy(ngroups=5, seed=22)
model.meta.exposure.read_times = [[10.0], [20.0], [40.0], [50.0, 60.0], [80.0]]
run("read_times", model, {}, tolerances=LIKELY, doc="listed read times ask for the likelihood fit")
