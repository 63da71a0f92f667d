"""Truth of the emicorr step."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from lib import case, ramp, reference  # noqa: E402
from stdatamodels.jwst import datamodels  # noqa: E402

rng = np.random.default_rng(17)
CLOCKS = {"SUB64": (28, 8512), "FULL_FAST": (271, 277504), "FULL_SLOW": (2333, 2388992)}
WAVES = {"Hz390": (390.625, 128), "Hz10": (10.039216, 100), "Hz218": (218.52055, 120)}


def wave(n, seed):
    x = 2 * np.pi * (np.arange(n) + 0.5) / n
    a = np.random.default_rng(seed).normal(0, 0.4, 3)
    return np.sin(x) + a[0] * np.cos(2 * x) + a[1] * np.sin(3 * x) + a[2] * np.cos(x)


def emi(names=("Hz390", "Hz10")):
    m = datamodels.EmiModel()
    m.frequencies = {k: {"frequency": f, "phase_amplitudes": wave(n, i)} for i, (k, (f, n)) in enumerate(WAVES.items())}
    m.subarray_cases = {s: {"rowclocks": r, "frameclocks": f, "freqs": {"FAST": list(names), "SLOW": {"MIRIMAGE": list(names)}}} for s, (r, f) in CLOCKS.items()}
    m.meta.reftype, m.meta.author, m.meta.description, m.meta.pedigree = "emicorr", "calwebb", "truth", "GROUND"
    m.meta.useafter = "2020-01-01T00:00:00"
    return m


def noisy(nints=2, ngroups=12, shape=(16, 24), subarray="SUB64", readpatt="FASTR1", nsamples=1, amplitude=(6, 3), start=(1, 1)):
    clocks = CLOCKS.get(subarray if subarray != "FULL" else "FULL_" + readpatt[:4], (28, 8512))
    rate = rng.uniform(0, 5, shape)
    rate[4, 4] = 3000
    data = rate * np.arange(ngroups)[:, None, None] + rng.normal(1000, 50, shape) + rng.normal(0, 2, (nints, ngroups) + shape)
    y, k = np.mgrid[:shape[0], :shape[1] // 4]
    frame = shape[0] * clocks[0] + (1024 - shape[0]) * 7
    for (f, n), a, seed in zip(list(WAVES.values()), amplitude, (0, 1)):
        w = wave(n, seed)
        period = 1 / f / 10e-6
        for i in range(nints):
            for g in range(ngroups):
                t = y * clocks[0] + k * nsamples + (i * ngroups + g) * frame + i * clocks[1]
                v = a * w[(((t / period) + 0.31) % 1 * n).astype(int)]
                for c in range(4):
                    data[i, g, :, c::4] += v
    m = ramp("MIRI", nints, ngroups, shape, data=data.astype("f4"), subarray=subarray, start=start)
    m.meta.exposure.readpatt, m.meta.exposure.nsamples = readpatt, nsamples
    m.pixeldq[3, 3] = 1
    return m


SCI = {"SCI": {"rtol": 1e-5, "atol": 2e-3}}


def run(name, m, params=None, ref=None, **kw):
    refs = None if ref is False else {"emicorr": ref or emi()}
    case("emicorr", name, m, {"skip": False, "suffix": "emicorr", **(params or {})}, refs, tolerances={"*": {"rtol": 1e-5}, **SCI}, **kw)


run("joint", noisy())
run("joint_separately", noisy(), {"fit_ints_separately": True})
run("joint_three_groups", noisy(3, 3))
run("joint_slow", noisy(1, 6, readpatt="SLOWR1", nsamples=9))
run("joint_no_reset", noisy(2, 6, readpatt="FAST"))
m = noisy(1, 5)
m.data[0, 1, 5, 5] = np.nan
run("joint_nan", m, doc="one NaN: nothing can be fitted")
run("sequential", noisy(), {"algorithm": "sequential"})
run("sequential_unscaled", noisy(1), {"algorithm": "sequential", "scale_reference": False, "nbins": 40})
run("sequential_all_integrations", noisy(3), {"algorithm": "sequential", "use_n_cycles": 1000})
run("sequential_phased", noisy(3), {"algorithm": "sequential", "nints_to_phase": 2})
run("sequential_full_slow", noisy(1, 5, subarray="FULL", readpatt="SLOWR1", nsamples=9), {"algorithm": "sequential"})
run("on_the_fly", noisy(2, 10), {"onthefly_corr_freq": [390.625]}, ref=False)
run("on_the_fly_two", noisy(2, 10), {"onthefly_corr_freq": [390.625, 10.039216], "nbins": 60}, ref=False)
run("two_groups", noisy(1, 2))
run("unknown_subarray", noisy(1, 5, subarray="BRIGHTSKY"))
run("unknown_subarray_on_the_fly", noisy(1, 5, subarray="SUB16"), {"onthefly_corr_freq": [390.625]}, ref=False)
m = noisy(1, 5)
m.meta.exposure.readpatt = "FASTGRPAVG"
run("read_pattern", m)
run("not_applicable", noisy(1, 5), ref="N/A")
run("not_miri", ramp("NIRCAM", 1, 5, (8, 8)))
