"""Truth of refpix. Science pixels are smooth so that full frames stay small when packed."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import lib  # noqa: E402
import asdf  # noqa: E402
import numpy as np  # noqa: E402
from stdatamodels.jwst.datamodels import dqflags  # noqa: E402

class Coefficients:
    """A reference that only exists as ASDF: Fourier coefficients of the convolution kernels."""

    extension = ".asdf"

    def __init__(self, tree):
        self.tree = tree

    def save(self, path):
        asdf.AsdfFile(self.tree | {"meta": {"reftype": "sirskernel"}}).write_to(path)


REF, DNU = dqflags.pixel["REFERENCE_PIXEL"], dqflags.pixel["DO_NOT_USE"]


def edges(shape, start, full=(2048, 2048), bottom=4, top=4, left=4, right=4):
    """True on the reference pixels of a subarray (science frame)."""
    y = np.arange(shape[0])[:, None] + start[1] - 1
    x = np.arange(shape[1])[None, :] + start[0] - 1
    return (y < bottom) | (y >= full[0] - top) | (x < left) | (x >= full[1] - right)


def ramp(instrument, shape, start=(1, 1), nints=1, ngroups=3, seed=1, noise=None, full=(2048, 2048), amp=32, noutputs=4, smooth=True,
         mask=None, **kw):
    """Reference pixels with drifts and noise, science pixels from a coarse pattern."""
    rng = np.random.default_rng(seed)
    ref = edges(shape, start, full, **({"bottom": 0, "top": 0} if instrument == "MIRI" else {})) if mask is None else mask
    y, x = np.mgrid[: shape[0], : shape[1]]
    data = np.empty((nints, ngroups) + tuple(shape), "f4")
    for i in range(nints):
        for g in range(ngroups):
            image = 1000.0 + 64 * ((x // amp) % 5) + 16 * (x % 2) + 40 * g if smooth else rng.integers(900, 1500, shape)
            drift = 500 + rng.integers(-30, 30) + 8 * (x % 2) + np.round(6 * np.sin(y / 97.0 + g))
            data[i, g] = np.where(ref, drift + rng.integers(-6, 7, shape), image)
    m = lib.ramp(instrument, data=data, start=start, exposure__noutputs=noutputs, **kw)
    m.pixeldq[ref] |= REF
    bad = ref & (rng.uniform(size=shape) < 0.02)
    m.pixeldq[bad] |= DNU
    m.data[:, :, bad] += 700
    return m


def case(name, model, params=None, refs=None, **kw):
    refs = {"refpix": "N/A", "sirskernel": "N/A"} | (refs or {})
    lib.case("refpix", name, model, params, refs, **kw)


def sub(instrument="NIRCAM", **kw):
    kw = dict(shape=(48, 40), start=(1, 1), noutputs=1, subarray="SUB64P", smooth=False) | kw
    return ramp(instrument, **kw)


case("subarray_together", sub(), {"odd_even_columns": False}, doc="one level for odd and even columns")
nan = sub(nints=2)
nan.data[1, 2, 1, 1] = np.nan
nan.data[0, 0, 20, 20] = np.nan
case("subarray_nan", nan, doc="a reference pixel of NaN spoils its columns")
same = sub(start=(2009, 2001), seed=3)
same.data[0, 1, -4:] = 512
same.data[0, 1, :, -4:] = 512
case("subarray_equal", same, doc="reference pixels without scatter; right and top edges")
case("subarray_fgs", sub("FGS", shape=(32, 32)), {"siglimit": 1.5}, doc="FGS, tight clipping")
case("subarray_nirspec", sub("NIRSPEC", shape=(32, 64), start=(1, 1), subarray="SUB1024A"), doc="NIRSpec, transposed")
edgeless = sub("NIRSPEC", shape=(32, 32), start=(993, 993), subarray="SUB32", mask=np.zeros((32, 32), bool))
case("edgeless", edgeless, doc="NIRSpec subarray whose own columns serve")
zero = sub(exposure__zero_frame=True)
zero.zeroframe = zero.data[:, 0] - 3
zero.zeroframe[0, 10:12, 10:12] = 0
case("zero_frame", zero, doc="zeros of the zero frame stay zero")
outside = sub(start=(2041, 1), shape=(16, 16))
case("beyond", outside, doc="a subarray that does not fit: skipped")
case("none", sub(start=(101, 101)), doc="no reference pixels: no effect")
case("miri_subarray", ramp("MIRI", (64, 72), (1, 1), full=(1024, 1032)), doc="MIRI subarrays are skipped")

grism = dict(shape=(64, 2048), start=(1, 1), subarray="SUBGRISM64", amp=512)
case("four_outputs", ramp("NIRCAM", **grism), doc="a subarray through four outputs: amplifiers and sides")
case("four_outputs_even", ramp("NIRCAM", ngroups=2, seed=5, **grism), {"side_smoothing_length": 6, "side_gain": 0.5, "odd_even_columns": False}, doc="an even window, half the gain")
case("four_outputs_no_side", ramp("NIRCAM", ngroups=2, seed=6, **grism), {"use_side_ref_pixels": False}, doc="rows are not corrected")
zero4 = ramp("NIRCAM", ngroups=2, seed=7, exposure__zero_frame=True, **grism)
zero4.zeroframe = zero4.data[:, 0] + 2
zero4.zeroframe[0, 30, 100:120] = 0
case("four_outputs_zero_frame", zero4, doc="the zero frame with sides")
top = ramp("NIRISS", shape=(2048, 64), start=(1985, 1), subarray="SUBTASOSS", amp=64, ngroups=2, seed=8)
top.pixeldq[:4] |= DNU
case("four_outputs_niriss", top, {"side_smoothing_length": 31}, doc="a transposed detector; one edge all bad")

case("miri_full", ramp("MIRI", (1024, 1032), ngroups=3, full=(1024, 1032), amp=344), doc="MIRI full frame, odd and even rows")
case("miri_together", ramp("MIRI", (1024, 1032), ngroups=2, full=(1024, 1032), amp=344, seed=15), {"odd_even_rows": False, "siglimit": 2.0}, doc="odd and even rows together")
miri = ramp("MIRI", (1024, 1032), ngroups=2, full=(1024, 1032), amp=344, seed=4)
miri.pixeldq[:, 2] |= DNU
case("miri_full_bad", miri, {"odd_even_rows": False}, doc="an amplifier without good pixels: nothing happens")

rng = np.random.default_rng(12)
kernels = {"nrcb1": {k: rng.normal(0.4, 0.1, (4, 129)) + 1j * rng.normal(0, 0.02, (4, 129)) for k in ("gamma", "zeta")}}
full = ramp("NIRCAM", (2048, 2048), ngroups=1, amp=512, seed=10, subarray="FULL")
case("full_sirs", full, {"refpix_algorithm": "sirs", "halfwidth": 20, "gaussmooth": 2.0, "sigreject": 3.5}, {"sirskernel": Coefficients(kernels)}, doc="optimised convolution of the sides")


def stripes(nstripe=0, **kw):
    """DHS-like substripes: 4 reference lines, then stripes."""
    shape = (40, 2048)
    mask = np.zeros(shape, bool)
    mask[-4:] = True
    m = ramp("NIRCAM", shape, start=(1, 2048), nints=max(1, nstripe), subarray="SUB40STRIPE1_DHS", mask=mask, amp=512, **kw)
    s = m.meta.subarray
    s.multistripe_reads1, s.multistripe_skips1, s.multistripe_reads2, s.multistripe_skips2 = 4, 100, 36, 0
    s.repeat_stripe, s.interleave_reads1, s.superstripe_step, s.num_superstripe = 0, 0, 0, 0
    return m


case("substripes", stripes(), doc="reference pixels by flag, per amplifier")
case("substripes_together", stripes(seed=14, ngroups=2), {"odd_even_columns": False}, doc="odd and even together")
import superstripes  # noqa: E402

case("superstripes", superstripes.times(superstripes.ramp(zero_frame=True)), doc="stripes become frames, with times of their own")
case("superstripes_repeated", superstripes.ramp(repeat=1, nints=1), {"odd_even_columns": False}, doc="repeats become groups")
padded = superstripes.ramp(nints=1, ngroups=1, fast=6)
padded.meta.subarray.name = "SUB17STRIPE_SOSS"
case("superstripes_padded", padded, doc="frames of full length along the slow axis")
