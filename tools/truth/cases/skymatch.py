"""Truth of the skymatch step."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from dither import dithered  # noqa: E402
from lib import case  # noqa: E402

# The sky is compared as it is computed, data less the sky to the last digits of float32.
TOLERANCES = {"*": {"rtol": 1e-5, "frac": 0.0}, "SCI": {"rtol": 1e-5, "atol": 1e-6}, "header:BKGLEVEL": {"rtol": 1e-7, "atol": 1e-9}}


def run(name, params=None, doc="", change=lambda model, k: None, n=3):
    arguments = dithered(n, np.random.default_rng(11), stars=False)
    models = [arguments["model"], *(v for k, v in arguments["extras"].items() if k.endswith(".fits"))]
    for k, model in enumerate(models):
        model.data += np.float32(0.1 * (k * k))
        change(model, k)
    case("skymatch", name, params={"suffix": "skymatch", **(params or {})}, tolerances=TOLERANCES, doc=doc, **arguments)


def grouped(model, k):
    model.meta.observation.exposure_number = f"{1 + k // 2:05d}"


def without_pixels(model, k):
    if k == 1:
        model.dq[:] = 1


run("match", doc="the mode in overlaps of three exposures")
run("local_median", {"skymethod": "local", "skystat": "median", "subtract": True, "nclip": 2, "lsigma": 2.0, "usigma": 1.5})
run("both_mean", {"skymethod": "global+match", "skystat": "mean", "subtract": True, "match_down": False, "stepsize": 5})
run("groups_midpt", {"skystat": "midpt", "lower": 0.8, "upper": 1.5}, "two detectors of one exposure have one sky", grouped, 4)
run("first_outside", {"lower": 1.05, "dqbits": "DO_NOT_USE,DEAD"}, "the first pixel is below the limit: the histogram begins at the limit")
run("no_pixels", doc="an exposure without good pixels is SKIPPED", change=without_pixels)
run("on_disk", {"in_memory": False, "skymethod": "global", "skystat": "mode", "subtract": True})
