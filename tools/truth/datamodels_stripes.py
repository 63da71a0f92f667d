"""What the reference implementation makes of reference arrays for multistripe exposures, for packages/core/datamodels.

    python tools/truth/datamodels_stripes.py
"""

import json
import logging
from pathlib import Path

import numpy as np
from jwst.lib.reffile_utils import get_subarray_model
from stdatamodels.jwst import datamodels as dm

logging.disable(logging.CRITICAL)
OUT = Path(__file__).resolve().parents[2] / "packages/core/datamodels/test/fixtures/stripes.json"
CASES = [
    dict(name="SUB164STRIPE4_DHS", fastaxis=-1, slowaxis=2, xstart=1, ystart=1, xsize=6, ysize=24, r1=1, s1=500, r2=5, s2=30, repeat=1, inter=1, step=0, n=0),
    dict(name="SUB41STRIPE1_DHS", fastaxis=1, slowaxis=-2, xstart=1, ystart=2048, xsize=6, ysize=12, r1=2, s1=100, r2=10, s2=0, repeat=0, inter=0, step=0, n=0),
    dict(name="X", fastaxis=-1, slowaxis=2, xstart=3, ystart=1, xsize=4, ysize=12, r1=0, s1=7, r2=4, s2=9, repeat=0, inter=0, step=0, n=0),
    dict(name="SUB60STRIPE_SOSS", fastaxis=-2, slowaxis=-1, xstart=2048, ystart=1, xsize=11, ysize=8, r1=2, s1=5, r2=0, s2=0, repeat=1, inter=0, step=9, n=3),
    dict(name="SUB204STRIPE_SOSS", fastaxis=2, slowaxis=1, xstart=5, ystart=2, xsize=9, ysize=4, r1=0, s1=3, r2=0, s2=0, repeat=0, inter=0, step=9, n=2),
]
out = []
for c in CASES:
    sci = dm.SuperstripeRampModel((1, 1, c["ysize"], c["xsize"])) if c["n"] else dm.RampModel((1, 1, c["ysize"], c["xsize"]))
    s = sci.meta.subarray
    s.name, s.fastaxis, s.slowaxis = c["name"], c["fastaxis"], c["slowaxis"]
    s.xstart, s.ystart, s.xsize, s.ysize = c["xstart"], c["ystart"], c["xsize"], c["ysize"]
    s.multistripe_reads1, s.multistripe_skips1, s.multistripe_reads2, s.multistripe_skips2 = c["r1"], c["s1"], c["r2"], c["s2"]
    s.repeat_stripe, s.interleave_reads1, s.superstripe_step, s.num_superstripe = c["repeat"], c["inter"], c["step"], c["n"]
    fast_is_x = abs(c["fastaxis"]) == 1
    fast = 8 if fast_is_x else 10
    shape = (2048, fast) if fast_is_x else (fast, 2048)
    ref = dm.MaskModel(shape)
    ref.dq[...] = np.arange(ref.dq.size).reshape(shape)
    ref.meta.subarray.xstart = ref.meta.subarray.ystart = 1
    ref.meta.subarray.xsize, ref.meta.subarray.ysize = shape[1], shape[0]
    cut = get_subarray_model(sci, ref)
    out.append({"case": c, "shape": list(shape), "class": type(cut).__name__, "out": list(cut.dq.shape), "values": [int(v) for v in cut.dq.ravel()]})
OUT.write_text(json.dumps(out) + "\n")
print([o["out"] for o in out])
