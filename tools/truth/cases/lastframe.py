"""Truth of the lastframe step."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from lib import case, ramp  # noqa: E402

SHAPE = (8, 10)
m = ramp("MIRI", 2, 3, SHAPE)
m.groupdq[0, 2:, 2, 3] |= 2
case("lastframe", "three_groups", m, {"suffix": "lastframe"})
case("lastframe", "two_groups", ramp("MIRI", 2, 2, SHAPE), {"suffix": "lastframe"})
case("lastframe", "not_miri", ramp("NIRISS", 1, 4, SHAPE), {"suffix": "lastframe"})
