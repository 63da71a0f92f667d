"""Truth of the firstframe step."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from lib import case, ramp  # noqa: E402

SHAPE = (8, 10)


def run(name, m, params=None):
    case("firstframe", name, m, {"skip": False, "suffix": "firstframe", **(params or {})})


m = ramp("MIRI", 2, 5, SHAPE)
m.groupdq[0, 2:, 2, 3] |= 2
m.groupdq[:, 1:, 4, 4] |= 2
m.groupdq[:, 0, 5, 5] |= 4
m.groupdq[1, 3:, 6, 6] |= 2
m.pixeldq[4, 4] = 1
run("bright", m)
run("all_pixels", m, {"bright_use_group1": False})
run("three_groups", ramp("MIRI", 1, 3, SHAPE))
run("not_miri", ramp("NIRCAM", 1, 5, SHAPE))
