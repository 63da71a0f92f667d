"""Truth of refpix for NIRSpec IRS2 exposures. They only exist as full frames, so inputs are formulas and results are samples:
test/truth-irs2.json of the package; test/irs2.test.ts makes the same inputs."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import peer  # noqa: E402
import lib  # noqa: E402
import numpy as np  # noqa: E402
from importlib.metadata import version  # noqa: E402
from jwst.refpix import RefPixStep  # noqa: E402
from stdatamodels.jwst import datamodels  # noqa: E402

NY, NX, ROWS = 3200, 2048, 2 * 712 * 2048
BAD = datamodels.dqflags.pixel["BAD_REF_PIXEL"]


def ramp(detector, ngroups):
    y, x = np.mgrid[:NY, :NX]
    data = np.stack([1000 + 20 * g + (x * 73 + y * 151 + g * 37 + ((x * y) % 97) * 13) % 41 for g in range(ngroups)]).astype("f4")
    data[:, 708:710] += 300
    data[:, 1390:1392] += ((x[:2] * 31) % 211).astype("f4")
    data[:, 2000, 100:110] = 0
    m = lib.ramp("NIRSPEC", data=data[None], subarray="FULL", exposure__nrs_normal=16, exposure__nrs_reference=4)
    m.meta.instrument.detector = detector
    m.meta.subarray.fastaxis, m.meta.subarray.slowaxis = (2, 1) if detector == "NRS1" else (-2, -1)
    m.meta.subarray.ysize = 2048
    m.pixeldq[1948, 5] = BAD
    return m


def reference():
    i = np.arange(ROWS, dtype="f8")
    table = np.zeros(ROWS, dtype=[(f"{n}_{k}", "f4") for n in ("alpha", "beta") for k in range(4)])
    for k in range(4):
        table[f"alpha_{k}"] = 0.2 + ((i * (k + 3)) % 101) / 1000
        table[f"beta_{k}"] = 0.3 + ((i * (k + 5)) % 103) / 1000
    model = datamodels.IRS2Model()
    model.irs2_table = table
    rows = [(1, 2, 4), (2, 1, 1 << 31), (3, 1, 3)]  # OUTPUT, ODD_EVEN, MASK
    model.dq_table = np.array(rows, dtype=model.get_dtype("dq_table"))
    return model


cases = []
for name, detector, params in (("nrs2_means", "NRS2", {"irs2_mean_subtraction": True}),
                               ("nrs1_preserve", "NRS1", {"preserve_irs2_refpix": True, "ovr_corr_mitigation_ftr": 2.0})):
    out = RefPixStep.call(ramp(detector, 2), override_refpix=reference(), **params)
    ny = out.data.shape[-2]
    rng = np.random.default_rng(1)
    at = np.stack([rng.integers(0, 2, 300), rng.integers(0, ny, 300), rng.integers(0, NX, 300)], axis=1)
    flagged = np.flatnonzero((out.pixeldq & BAD).any(axis=1))
    cases.append({"name": name, "detector": detector, "parameters": params, "shape": list(out.data.shape), "at": at.tolist(),
                  "values": [float(out.data[0, g, y, x]) for g, y, x in at], "mean": float(out.data.astype("f8").mean()),
                  "std": float(out.data.astype("f8").std()), "flagged": flagged.tolist()})
target = lib.ROOT / "packages/steps/detector1/refpix/test/truth-irs2.json"
target.write_text(json.dumps({"versions": {p: version(p) for p in ("jwst", "numpy")}, "cases": cases}, separators=(",", ":")) + "\n")
