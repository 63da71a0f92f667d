"""Makes the fixtures of packages/core/datamodels: files of the reference implementation, and what it reads from them.

    python tools/truth/datamodels_fixtures.py
"""

import gzip
import json
import tempfile
import warnings
from pathlib import Path

import numpy as np
from astropy.modeling import models
from stdatamodels.jwst import datamodels as dm

OUT = Path(__file__).resolve().parents[2] / "packages/core/datamodels/test/fixtures"
warnings.simplefilter("ignore")
rng = np.random.default_rng(20)


def common(m, instrument="NIRCAM", detector="NRCA1"):
    m.meta.instrument.name, m.meta.instrument.detector = instrument, detector
    m.meta.exposure.type = "NRC_IMAGE"
    m.meta.exposure.ngroups, m.meta.exposure.group_time = 2, 10.0
    m.meta.target.ra, m.meta.target.dec = 80.4875, -69.0
    m.meta.observation.date, m.meta.observation.time = "2023-05-14", "07:23:11.123"
    m.meta.program.title = "A title that is long enough to need a continuation card in the header of a file, isn't it"
    return m


def reference(m, reftype):
    m.meta.instrument.name, m.meta.instrument.detector = "NIRCAM", "NRCA1"
    m.meta.reftype, m.meta.author, m.meta.pedigree = reftype, "somebody", "GROUND"
    m.meta.description, m.meta.useafter = "for tests", "2020-01-01T00:00:00"
    return m


def int_times(n):
    t = np.zeros(n, dtype=dm.RampModel().get_dtype("int_times"))
    t["integration_number"] = np.arange(n) + 1
    for k, name in enumerate(t.dtype.names[1:]):
        t[name] = 60000.125 + k
    return t


def make():
    ramp = common(dm.RampModel((1, 2, 4, 5)))
    ramp.data[...] = rng.normal(1000, 50, ramp.data.shape)
    ramp.groupdq[0, 1, 2, 3] = 4
    ramp.pixeldq[1, 2] = 2**31 + 1
    ramp.int_times = int_times(1)
    ramp.history = ["first entry", "second " + "entry " * 20]
    ramp.extra_fits = {"PRIMARY": {"header": [["MYKEY", 5, "an integer"], ["MYFLOAT", 2.0, ""], ["MYTEXT", "abc", "text"]]}}
    ramp.cal_logs = {"calwebb_detector1": ["line one", "line two"]}
    ramp.meta.my_own = {"values": [1, 2.5, "three"], "flag": True}
    ramp.my_array = np.arange(6, dtype=np.float64).reshape(2, 3)
    yield "ramp.fits", ramp

    uncal = common(dm.Level1bModel((1, 2, 4, 5)))
    uncal.data[...] = rng.integers(0, 65535, uncal.data.shape)
    uncal.zeroframe = np.ones((1, 4, 5), dtype=np.uint16) * 40000
    group = np.zeros(2, dtype=uncal.get_dtype("group"))
    group["group_number"], group["group_end_time"], group["completion_code_text"] = [1, 2], "2023-05-14T07:23:11.123", "COMPLETE"
    uncal.group = group
    yield "uncal.fits", uncal

    slits = common(dm.MultiSlitModel())
    for k in range(3):
        slit = dm.SlitModel((3 + k, 4))
        slit.data[...] = rng.normal(size=slit.data.shape)
        slit.dq = np.full(slit.data.shape, 2**k, dtype=np.uint32)
        slit.name, slit.source_id, slit.xstart, slit.source_xpos = f"S{k}", 10 + k, k + 1, 0.25 * k
        slit.meta.wcsinfo.crval1 = 5.0 + k
        slit.meta.photometry.conversion_megajanskys = 1.5
        slits.slits.append(slit)
    yield "multislit.fits", slits

    tso = common(dm.TSOMultiSpecModel())
    spec = dm.TSOSpecModel()
    table = np.zeros(2, dtype=[(c["name"], np.dtype(c["datatype"] if isinstance(c["datatype"], str) else "S20"), (3,) if c.get("ndim") == 1 or c.get("max_ndim") == 1 else ())
                               for c in spec.schema["properties"]["spec_table"]["datatype"]])
    for k, name in enumerate(table.dtype.names):
        table[name] = k if table.dtype[name].base.kind != "S" else b"text"
    tso.spec.append({"spec_table": table, "name": "one", "spectral_order": 1})
    yield "tso_multispec.fits", tso

    dark = reference(dm.DarkModel((3, 4, 5)), "DARK")
    dark.data[...] = rng.normal(size=dark.data.shape)
    definition = np.array([(0, 1, "DO_NOT_USE", "no"), (1, 2, "WARM", "warm"), (4, 16, "HOT", "hot"), (5, 32, "NO_SUCH_FLAG", "?")],
                          dtype=dark.get_dtype("dq_def"))
    dark.dq_def = definition
    dark.dq = (np.arange(20).reshape(4, 5) % 4 == 1) * np.uint32(4096) + (np.arange(20).reshape(4, 5) % 7 == 0) * np.uint32(2049)
    yield "dark.fits", dark

    mask = reference(dm.MaskModel((4, 5)), "MASK")
    mask.dq[1, 1] = 5
    yield "mask.fits", mask

    disperser = reference(dm.DisperserModel(), "DISPERSER")
    disperser.groovedensity, disperser.kcoef = 95000.5, [1.5, 2.0, 3.0]
    disperser.gwa_tiltx = {"temperatures": [39.5], "zeroreadings": [0.25], "tilt_model": models.Polynomial1D(1, c0=1.0, c1=2.5), "unit": "deg"}
    yield "disperser.asdf", disperser


def plain(v):
    if isinstance(v, (bool, np.bool_)):
        return bool(v)
    if isinstance(v, (int, np.integer)):
        return int(v)
    if isinstance(v, (float, np.floating)):
        return float(v) if np.isfinite(v) else str(float(v))
    if isinstance(v, bytes):
        return v.decode().rstrip()
    return v if isinstance(v, str) else None


def describe(path):
    with dm.open(path) as m:
        flat, arrays, tables = {}, {}, {}
        for key, v in m.items():
            if key.startswith(("asdf_library", "history", "_fits_hash", "extra_fits")):
                continue
            if isinstance(v, np.ndarray) or hasattr(v, "_make_array"):
                v = np.asarray(v)
                if v.dtype.names:
                    tables[key] = {n: [plain(x) for x in np.asarray(m[key][n] if "." not in key else v[n]).ravel()] for n in v.dtype.names}
                else:
                    arrays[key] = {"dtype": v.dtype.newbyteorder("=").name, "shape": list(v.shape), "values": [plain(x) for x in v.ravel()]}
            elif plain(v) is not None:
                flat[key] = plain(v)
        history = [e["description"] for e in (m._instance.get("history") or {}).get("entries", [])]
        return {"class": type(m).__name__, "shape": list(m.shape) if m.shape else None, "meta": flat, "arrays": arrays, "tables": tables, "history": history}


OUT.mkdir(parents=True, exist_ok=True)
truth = {}
with tempfile.TemporaryDirectory() as tmp:
    for name, model in make():
        path = f"{tmp}/{name}"
        model.save(path)
        truth[name] = describe(path)
        data = Path(path).read_bytes()
        if name.endswith(".fits"):
            (OUT / f"{name}.gz").write_bytes(gzip.compress(data, 9, mtime=0))
        else:
            (OUT / name).write_bytes(data)
(OUT / "truth.json").write_text(json.dumps(truth, indent=0) + "\n")
print({p.name: p.stat().st_size for p in OUT.iterdir()})
