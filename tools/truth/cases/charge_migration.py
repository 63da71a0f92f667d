"""Truth of the charge_migration step."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from lib import case, ramp  # noqa: E402

rng = np.random.default_rng(16)


def bright(ngroups=6):
    m = ramp("NIRISS", 2, ngroups, (12, 14), data=np.cumsum(rng.uniform(0, 500, (2, ngroups, 12, 14)), 1).astype("f4"))
    for y, x, rate in ((0, 0, 4000), (5, 6, 9000), (6, 6, 3000), (11, 13, 6000), (3, 0, 30000)):
        m.data[:, :, y, x] = rate * np.arange(1, ngroups + 1)
    m.groupdq[m.data > 25000] |= 2
    m.groupdq[0, -1, 5, 6] = 1
    m.groupdq[1, 0, 8, 8] = 4
    m.data[0, -1, 9, 9] = np.nan
    return m


def run(name, m, params=None):
    case("charge_migration", name, m, {"skip": False, "suffix": "charge_migration", **(params or {})})


run("default", bright())
run("low_threshold", bright(), {"signal_threshold": 2000.1})
run("negative_threshold", bright(4), {"signal_threshold": -5})
run("two_groups", bright(2))
