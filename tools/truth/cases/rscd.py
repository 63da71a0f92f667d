"""Truth of the rscd step."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from lib import case, ramp  # noqa: E402
from stdatamodels.jwst import datamodels  # noqa: E402

SHAPE = (10, 12)


def rscd(like, rows):
    m = datamodels.RSCDModel()
    m.meta.instrument.name, m.meta.instrument.detector = "MIRI", "MIRIMAGE"
    m.meta.author, m.meta.description, m.meta.pedigree, m.meta.useafter, m.meta.reftype = "calwebb", "truth", "DUMMY", "2020-01-01T00:00:00", "rscd"
    m.rscd_group_skip_table = np.array(rows, dtype=m.get_dtype("rscd_group_skip_table"))
    return m


def run(name, m, rows, **kw):
    case("rscd", name, m, {"suffix": "rscd"}, {"rscd": rows if isinstance(rows, str) else rscd(m, rows)}, **kw)


def bright(nints, ngroups, **kw):
    """Pixel (y, x) saturates from group x on (x = 0: never) in integrations up to y."""
    m = ramp("MIRI", nints, ngroups, SHAPE, **kw)
    for x in range(1, SHAPE[1]):
        for i in range(nints):
            m.groupdq[i, x - 1:, i:, x] |= 2
    m.groupdq[0, 2, 9, 0] = 2     # one saturated group only
    m.groupdq[-1, 1, 8, 0] = 2
    return m


ROWS = [("FULL", "FASTR1", 4, 5), ("GENERIC", "SLOWR1", 1, 1), ("GENERIC", "FASTR1", 2, 3), ("SLITLESSPRISM", "FASTR1", 3, 6)]
run("bright_pixels", bright(3, 10), ROWS)
run("one_integration", bright(1, 10), ROWS)
run("five_groups", bright(2, 5), ROWS)
run("three_groups", bright(2, 3), ROWS)
run("two_groups", ramp("MIRI", 2, 2, SHAPE), ROWS)
run("few_groups", bright(2, 6), [("GENERIC", "FASTR1", 4, 7)])
run("older_reference", bright(2, 8), [("GENERIC", "FASTR1", -1, 3)])
run("no_groups_to_skip", bright(2, 8), [("GENERIC", "FASTR1", 0, 0)])
m = bright(2, 10, subarray="SUBPRISM")
run("old_subarray_name", m, ROWS)
m = bright(2, 10)
m.meta.exposure.nints, m.meta.exposure.integration_start, m.meta.exposure.integration_end = 9, 4, 5
run("segment", m, ROWS)
run("not_listed", bright(2, 10, subarray="SUB64"), ROWS)
run("not_applicable", bright(2, 10), "N/A")
run("not_miri", ramp("NIRCAM", 1, 3, SHAPE), "N/A")
