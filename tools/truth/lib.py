"""Makes truth cases: an input, references, what the reference implementation writes for them.

A case becomes a folder test/truth/<name>/ of the package that owns the step, laid out as
    case.json  *.fits.gz (inputs)  refs/*.fits.gz  expected/*.fits.gz
and is read by `truthSuite` of @calwebb/testing. Run a file of cases/ with the Python that has `jwst` installed:

    python tools/truth/cases/jump.py            # all cases of the file
    python tools/truth/cases/jump.py nan        # the cases whose name holds "nan"
"""

import gzip
import json
import os
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import peer  # noqa: E402
import numpy as np  # noqa: E402
from stdatamodels.jwst import datamodels  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
DQ_DEF = [(0, 1, "DO_NOT_USE"), (1, 2, "SATURATED"), (2, 4, "DEAD"), (3, 8, "HOT"), (4, 16, "NO_SAT_CHECK"),
          (5, 32, "NO_LIN_CORR"), (6, 64, "UNRELIABLE_DARK"), (7, 128, "REFERENCE_PIXEL"), (8, 256, "UNRELIABLE_BIAS"),
          (9, 512, "NO_FLAT_FIELD"), (10, 1024, "NONLINEAR"), (11, 2048, "UNRELIABLE_FLAT")]

INSTRUMENTS = {  # instrument: detector, exp_type, filter, pupil, extra, fastaxis, slowaxis, readpatt
    "NIRCAM": dict(detector="NRCB1", exp_type="NRC_IMAGE", filter="F150W", pupil="CLEAR", channel="SHORT", module="B", axes=(1, -2), readpatt="RAPID"),
    "NIRISS": dict(detector="NIS", exp_type="NIS_IMAGE", filter="CLEAR", pupil="F150W", axes=(-2, -1), readpatt="NISRAPID"),
    "NIRSPEC": dict(detector="NRS1", exp_type="NRS_IFU", filter="F170LP", grating="G235M", axes=(2, 1), readpatt="NRSRAPID"),
    "MIRI": dict(detector="MIRIMAGE", exp_type="MIR_IMAGE", filter="F770W", axes=(1, 2), readpatt="FASTR1"),
    "FGS": dict(detector="GUIDER1", exp_type="FGS_IMAGE", axes=(-1, 2), readpatt="FGSRAPID"),
}


def describe(model, instrument="NIRCAM", *, nints=1, ngroups=1, shape=(16, 16), start=(1, 1), subarray="GENERIC", nframes=1,
             groupgap=0, tframe=10.0, **meta):
    """Fill the metadata that stage 1 reads; `meta` holds dotted paths with __ for dots, e.g. exposure__zero_frame=True."""
    s = INSTRUMENTS[instrument]
    m = model.meta
    m.telescope = "JWST"
    m.instrument.name = instrument
    for key in ("detector", "filter", "pupil", "grating", "channel", "module"):
        if key in s:
            setattr(m.instrument, key, s[key])
    m.exposure.type = s["exp_type"]
    m.exposure.readpatt = s["readpatt"]
    m.exposure.nints, m.exposure.ngroups = nints, ngroups
    m.exposure.integration_start, m.exposure.integration_end = 1, nints
    m.exposure.nframes, m.exposure.groupgap = nframes, groupgap
    m.exposure.frame_time, m.exposure.group_time = tframe, tframe * (nframes + groupgap)
    m.exposure.drop_frames1 = 0
    m.exposure.zero_frame = False
    m.exposure.noutputs = 4
    m.exposure.start_time = 60000.0
    m.subarray.name = subarray
    m.subarray.xstart, m.subarray.ystart = start
    m.subarray.ysize, m.subarray.xsize = shape
    m.subarray.fastaxis, m.subarray.slowaxis = s["axes"]
    m.observation.date, m.observation.time = "2023-05-14", "07:23:11.123"
    m.observation.program_number, m.observation.observation_number, m.observation.visit_number = "01234", "001", "001"
    m.observation.visit_group, m.observation.sequence_id, m.observation.activity_id, m.observation.exposure_number = "02", "1", "01", "00001"
    m.visit.tsovisit = False
    for key, value in meta.items():
        model[("meta." + key.replace("__", "."))] = value
    return model


def ramp_cube(rng, nints, ngroups, shape, *, flux=(5, 200), bias=500.0, noise=6.0):
    """Synthetic accumulating counts, float32 [nints, ngroups, ny, nx]."""
    rate = rng.uniform(*flux, size=shape)
    steps = rng.poisson(rate, size=(nints, ngroups) + tuple(shape)).astype("f4")
    return (np.cumsum(steps, axis=1) + bias + rng.normal(0, noise, steps.shape)).astype("f4")


def ramp(instrument="NIRCAM", nints=1, ngroups=6, shape=(16, 16), seed=1, data=None, **kw):
    """A RampModel with zero flags and plausible data."""
    rng = np.random.default_rng(seed)
    if data is None:
        data = ramp_cube(rng, nints, ngroups, shape)
    model = datamodels.RampModel(data=np.asarray(data, "f4"))
    model.pixeldq = np.zeros(model.data.shape[-2:], "u4")
    model.groupdq = np.zeros(model.data.shape, "u1")
    return describe(model, instrument, nints=data.shape[0], ngroups=data.shape[1], shape=data.shape[-2:], **kw)


def uncal(instrument="NIRCAM", nints=1, ngroups=6, shape=(16, 16), seed=1, data=None, **kw):
    """A Level1bModel with plausible uint16 data."""
    rng = np.random.default_rng(seed)
    if data is None:
        data = ramp_cube(rng, nints, ngroups, shape)
    model = datamodels.Level1bModel(data=np.clip(np.round(data), 0, 65535).astype("u2"))
    return describe(model, instrument, nints=data.shape[0], ngroups=data.shape[1], shape=data.shape[-2:], **kw)


def reference(cls, like, *, start=None, dq_def=True, **arrays):
    """A reference model of class `cls` (name or class) that matches the exposure `like`."""
    model = (getattr(datamodels, cls) if isinstance(cls, str) else cls)(**arrays)
    for path in ("meta.instrument.name", "meta.instrument.detector", "meta.instrument.filter", "meta.instrument.pupil",
                 "meta.subarray.name", "meta.subarray.fastaxis", "meta.subarray.slowaxis", "meta.exposure.readpatt",
                 "meta.exposure.type"):
        value = like[path] if path in like else None
        if value is not None:
            model[path] = value
    ysize, xsize = like.data.shape[-2:]
    model.meta.subarray.xstart, model.meta.subarray.ystart = start or (like.meta.subarray.xstart, like.meta.subarray.ystart)
    model.meta.subarray.xsize, model.meta.subarray.ysize = xsize, ysize
    primary = model.get_primary_array_name()
    if primary and model[primary] is not None:
        model.meta.subarray.ysize, model.meta.subarray.xsize = model[primary].shape[-2:]
    if dq_def and "dq" in arrays:
        model.dq_def = np.array([(b, v, n, n) for b, v, n in DQ_DEF], dtype=model.get_dtype("dq_def"))
    model.meta.author, model.meta.description, model.meta.pedigree = "calwebb", "truth", "DUMMY"
    model.meta.useafter, model.meta.reftype, model.meta.telescope = "2020-01-01T00:00:00", "truth", "JWST"
    return model


def _package(alias):
    name = "wfs-combine" if alias == "calwebb_wfs-image3" else alias.replace("calwebb_", "").replace("_", "-")
    for base in ("steps/detector1", "steps/exposure2", "steps/combine3", "steps/modes", "pipelines"):
        if (ROOT / "packages" / base / name).is_dir():
            return ROOT / "packages" / base / name
    raise SystemExit(f"no package for {alias}")


def _gz(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(source, "rb") as f, open(target.with_name(target.name + ".gz"), "wb") as raw:
        with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as g:
            g.write(f.read())


def case(alias, name, model, params=None, refs=None, *, overrides=True, input_name=None, tolerances=None, expect_error=False,
         steps=None, extras=None, arguments=None, doc=""):
    """Run the reference implementation and write the case folder.

    alias       step or pipeline alias ("jump", "calwebb_detector1")
    model       input data model
    params      step parameters (for pipelines {"steps": {alias: {...}}, ...})
    refs        {type: reference model or "N/A"}; given as override_<type>, or through look-up when overrides=False
    steps       pipelines: {step alias: [types]} that take the overrides; default: look-up for all
    extras      {file name: model, table, text or mapping (JSON)} side files, named in params or in an association
    arguments   positional arguments in place of the input: the name of an association among the extras
    """
    if len(sys.argv) > 1 and not any(a in name for a in sys.argv[1:]):
        return
    from stpipe._cmdline import step_from_cmdline

    suffix = "uncal" if model.__class__.__name__ in ("Level1bModel", "GuiderRawModel") else "in"
    detector = (model.meta.instrument.detector or "none").lower()
    input_name = input_name or f"jw01234001001_02101_00001_{detector}_{suffix}.fits"
    params = dict(params or {})
    target = _package(alias) / "test" / "truth" / name
    shutil.rmtree(target, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix="truth_"))
    here = os.getcwd()
    try:
        os.chdir(work)
        (work / "refs").mkdir()
        (work / "expected").mkdir()
        model.save(input_name)
        for file, extra in (extras or {}).items():
            if isinstance(extra, dict):
                Path(file).write_text(json.dumps(extra, indent=1) + "\n")
            elif isinstance(extra, str):
                Path(file).write_text(extra)
            elif hasattr(extra, "colnames"):
                extra.write(file)
            else:
                extra.save(file)
        table, override = {}, {}
        for type_, ref in (refs or {}).items():
            if isinstance(ref, str):
                file = ref
            else:
                file = f"refs/{type_}{getattr(ref, 'extension', '.fits')}"
                ref.save(file)
            table[type_] = file
            if steps is None and overrides and alias.find("calwebb_") < 0:
                override[f"override_{type_}"] = file
        nested = {a: {f"override_{t}": table[t] for t in types if t in table} for a, types in (steps or {}).items()}
        if nested:
            override = {"steps": nested}
        peer.references.clear()
        peer.references.update({t: f if f == "N/A" else str(work / f) for t, f in table.items()})
        args = [alias, *(arguments or [input_name]), "--output_dir=expected", "--save_results=true"] + _arguments(override) + _arguments(params)
        failed = None
        try:
            step_from_cmdline(args)
        except (Exception, SystemExit) as error:  # the case may want it
            failed = f"{type(error).__name__}: {error}"
        if bool(failed) != bool(expect_error):
            raise SystemExit(f"{alias} {name}: {failed or 'ran, but an error was expected'}")
        products = sorted(p.name for p in (work / "expected").iterdir() if p.suffix in (".fits", ".ecsv", ".asdf", ".json"))
        for stray in sorted(p.name for p in work.iterdir() if p.suffix == ".fits" and p.name != input_name and p.name not in (extras or {})):
            shutil.move(work / stray, work / "expected" / stray)
            products.append(stray)
        target.mkdir(parents=True)
        _gz(input_name, target / input_name)
        for file in (extras or {}):
            if file.endswith((".json", ".txt", ".ecsv")):
                shutil.copy(work / file, target / file)
            else:
                _gz(work / file, target / file)
        for file in (work / "refs").iterdir():
            _gz(file, target / "refs" / file.name)
        for file in products:
            if not expect_error:
                _gz(work / "expected" / file, target / "expected" / file)
        record = {
            "name": name, "doc": doc, "target": alias, "kind": "pipeline" if "calwebb_" in alias else "step",
            "arguments": list(arguments or [input_name]), "parameters": params, "overrides": override, "references": table,
            "products": [] if expect_error else products, "tolerances": tolerances or {"*": {"rtol": 1e-5, "atol": None, "frac": 0.0}},
            "versions": {p: version(p) for p in ("jwst", "stcal", "stdatamodels", "stpipe", "numpy", "astropy")},
        }
        if expect_error:
            record["expect_error"] = failed.split(":")[0]
        (target / "case.json").write_text(json.dumps(record, indent=1) + "\n")
        size = sum(f.stat().st_size for f in target.rglob("*") if f.is_file())
        print(f"{alias} {name}: {', '.join(products) or failed}  ({size // 1024} kB)")
    finally:
        os.chdir(here)
        shutil.rmtree(work, ignore_errors=True)


def _arguments(tree, prefix=""):
    out = []
    for key, value in tree.items():
        if isinstance(value, dict):
            out += _arguments(value, f"{prefix}{key}.")
        else:
            out.append(f"--{prefix}{key}={_spell(value)}")
    return out


def _spell(value):
    """As ConfigObj reads it on a command line."""
    if isinstance(value, (list, tuple)):
        return ",".join(_spell(v) for v in value) + ("," if len(value) < 2 else "")
    if isinstance(value, str) and "," in value:
        return f'"{value}"'
    return str(value)
