"""Truth of the persistence step (time windows)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from lib import case, ramp  # noqa: E402


def bright(nints=3, ngroups=5, table=False):
    m = ramp("NIRCAM", nints, ngroups, (10, 12), exposure__integration_time=40.0)
    m.groupdq[0, 3:, 2, 3] |= 2
    m.groupdq[0, 1, 4, 4] |= 2        # saturated once
    m.groupdq[1, 2:, 5, 5] |= 2
    m.groupdq[1, 2:, 2, 3] |= 2
    m.groupdq[:, :, 7, 7] |= 2
    m.data[0, 2, 8, 8] = 30000
    m.data[2, 4, 8, 9] = 30000
    if table:
        t = np.zeros(nints - 1, dtype=m.get_dtype("int_times"))
        t["integration_number"] = np.arange(1, nints)
        t["int_start_MJD_UTC"] = 60000.0 + np.arange(nints - 1) * 75.0 / 86400
        m.int_times = t
    return m


def run(name, m, params, **kw):
    case("persistence", name, m, {"skip": False, "suffix": "persistence", **params}, **kw)


run("short_window", bright(), {"persistence_time": 25})
run("long_window", bright(), {"persistence_time": 3600, "persistence_dnu": True})
run("threshold", bright(), {"persistence_time": 35, "dn_threshold": 20000.5})
run("integration_times", bright(table=True), {"persistence_time": 65})
run("no_such_file", bright(), {"persistence_time": 25, "persistence_array_file": "none.asdf"})
run("no_time", bright(), {})
