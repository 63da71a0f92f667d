"""Truth of the jump step."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
from lib import case, ramp, reference  # noqa: E402

SAT, JUMP, DNU = 2, 4, 1


def hits(nints, ngroups, shape, seed, n, low=20, high=20000, flux=(0, 60)):
    """Whole numbers of counts with cosmic rays."""
    rng = np.random.default_rng(seed)
    steps = rng.poisson(rng.uniform(*flux, size=shape), size=(nints, ngroups) + shape).astype("f8")
    for _ in range(n):
        i, g, y, x = (rng.integers(0, k) for k in steps.shape)
        steps[i, g, y, x] += np.exp(rng.uniform(np.log(low), np.log(high)))
    return np.round(np.cumsum(steps, axis=1) + 500 + rng.normal(0, 8, steps.shape)).astype("f4")


def exposure(nints=2, ngroups=6, shape=(24, 20), seed=1, n=40, instrument="NIRCAM", tframe=1.0, **kw):
    m = ramp(instrument, data=hits(nints, ngroups, shape, seed, n, **{k: kw.pop(k) for k in ("low", "high", "flux") if k in kw}), tframe=tframe, **kw)
    y, x = np.mgrid[: shape[0], : shape[1]]
    m.groupdq[:, ngroups // 2 :, (y == 3) & (x % 4 == 1)] = SAT
    m.groupdq[:, :, 5, 5] = SAT
    m.groupdq[0, 0, 7, :] |= DNU
    m.groupdq[-1, ngroups - 1, 8, :] |= DNU
    m.groupdq[0, 1, 9, 9] = JUMP | SAT
    m.groupdq[0, 1, 9, 11] = JUMP
    m.groupdq[0, 1, 9, 13] = JUMP | DNU
    m.data[0, min(2, ngroups - 1), 11, 2] = np.nan
    m.data[0, 1, 11, 4] = np.inf
    m.data[:, :, 13, 5] = 100.0
    return m


def refs(m, seed=2, start=None, shape=None):
    rng = np.random.default_rng(seed)
    shape = shape or m.data.shape[-2:]
    gain = rng.uniform(1.5, 2.5, shape).astype("f4")
    noise = rng.uniform(5, 9, shape).astype("f4")
    gain[1, 1], gain[1, 2], gain[1, 3] = np.nan, 0, -2
    noise[2, 1], noise[2, 2], noise[13, 5] = np.nan, 0, 0
    return {"gain": reference("GainModel", m, data=gain, start=start, dq_def=False),
            "readnoise": reference("ReadnoiseModel", m, data=noise, start=start, dq_def=False)}


def run(name, m, params=None, r=None, **kw):
    case("jump", name, m, {"suffix": "jump", **(params or {})}, r or refs(m), **kw)


run("iterative", exposure())
run("two_diffs", exposure(1, 3, n=60))
run("three_diffs", exposure(1, 4, n=60))
run("two_diffs_ints", exposure(2, 3, n=60, seed=5))
run("two_groups", exposure(2, 2))
run("single_pass", exposure(1, 13, n=120))
run("single_pass_from_4", exposure(2, 6, n=90, seed=4), {"min_diffs_single_pass": 4, "rejection_threshold": 5.5})
run("thresholds", exposure(1, 4, n=60, seed=7), {"rejection_threshold": 3, "three_group_rejection_threshold": 2, "four_group_rejection_threshold": 3.5})
run("threshold_zero", exposure(2, 4, n=10, seed=7), {"rejection_threshold": 0, "three_group_rejection_threshold": 0, "four_group_rejection_threshold": 0})
run("no_neighbours", exposure(seed=8), {"flag_4_neighbors": False})
run("neighbour_limits", exposure(seed=9, n=80), {"max_jump_to_flag_neighbors": 60, "min_jump_to_flag_neighbors": 20.5})
run("after_jump", exposure(2, 9, seed=10), {"after_jump_flag_dn1": 50, "after_jump_flag_time1": 3.5, "after_jump_flag_dn2": 900, "after_jump_flag_time2": 100})
run("after_jump_one", exposure(2, 9, seed=11), {"after_jump_flag_dn1": 0, "after_jump_flag_time1": 1.0})
run("clip_ints", exposure(13, 3, (16, 14), n=150, seed=12), {"minimum_sigclip_groups": 12})
run("clip_all", exposure(3, 6, n=60, seed=13), {"minimum_sigclip_groups": 12, "only_use_ints": False, "rejection_threshold": 3.5})
run("clip_not_enough", exposure(3, 6, n=60, seed=13), {"minimum_sigclip_groups": 19, "only_use_ints": False})
run("clip_zero", exposure(11, 4, (16, 14), n=60, seed=303), {"minimum_sigclip_groups": 10, "rejection_threshold": 0})

few = exposure(2, 5, seed=14)
few.groupdq[1, :3] |= DNU
run("few_usable_groups", few)
few = exposure(2, 5, seed=14)
few.groupdq[1, :2] |= DNU
run("three_usable_groups", few, {"minimum_groups": 4})
run("cores", exposure(2, 5, seed=15), {"maximum_cores": "none", "use_ellipses": True})
full = exposure(2, 5, seed=16)
full.groupdq[:] |= SAT
run("all_saturated", full)
full = exposure(2, 5, seed=16)
full.groupdq[:] |= DNU
run("all_unusable", full)
sub = exposure(1, 6, seed=17, start=(9, 5))
run("subarray", sub, r=refs(sub, shape=(40, 44), start=(1, 1)))
run("nframes", exposure(2, 6, seed=18, nframes=4, groupgap=1))
run("missing_nframes", exposure(2, 6, seed=18, exposure__nframes=None), expect_error=True)
run("missing_group_time", exposure(2, 6, seed=18, exposure__group_time=None), expect_error=True)
wrong = exposure(1, 6, seed=19)
run("wrong_shape", wrong, r=refs(wrong, shape=(16, 20)), expect_error=True)


def disk(shape, y0, x0, a, b, angle):
    y, x = np.mgrid[: shape[0], : shape[1]]
    t = np.radians(angle)
    u = ((y - y0) * np.cos(t) + (x - x0) * np.sin(t)) / a
    v = ((y - y0) * np.sin(t) - (x - x0) * np.cos(t)) / b
    return u * u + v * v <= 1


def snowballs(nints=2, ngroups=5, shape=(72, 64), seed=21, n=7):
    """Flags only: rings of jumps around saturated cores, ragged."""
    rng = np.random.default_rng(seed)
    m = ramp(data=np.zeros((nints, ngroups) + shape, "f4") + (np.arange(ngroups) * 30)[None, :, None, None], tframe=2.0)
    for i in range(nints):
        for _ in range(n):
            g = rng.integers(1, ngroups)
            y, x = rng.uniform(0, shape[0]), rng.uniform(0, shape[1])
            a = rng.uniform(1.5, 8)
            b, angle = a * rng.uniform(0.6, 1), rng.uniform(0, 180)
            ragged = rng.uniform(0, 1, shape) < 0.92
            m.groupdq[i, g, disk(shape, y, x, a, b, angle) & ragged] |= JUMP
            late = min(g + rng.integers(0, 2), ngroups - 1)
            core = disk(shape, y, x, a * rng.uniform(0, 0.7), b * 0.6, angle)
            m.groupdq[i, late:, core] |= SAT
            m.groupdq[i, late:, core] &= 255 - JUMP
        for _ in range(12):
            g, y, x = rng.integers(1, ngroups), rng.integers(0, shape[0]), rng.integers(0, shape[1])
            m.groupdq[i, g, y, x : x + 3] |= JUMP
            m.groupdq[i, g, y - 1 : y + 2, x] |= JUMP
        m.groupdq[i, 1, 20:25, 20:25] |= JUMP
        m.groupdq[i, 1, 22, 22] = SAT
        m.groupdq[i, 2:, 22, 22] = SAT
        # a ring counts with its hole, one that leaks at a corner does not
        m.groupdq[i, 2, 40:44, 30:34] |= JUMP
        m.groupdq[i, 2, 41:43, 31:33] &= 255 - JUMP
        m.groupdq[i, 3, 40:44, 40:44] |= JUMP
        m.groupdq[i, 3, 41:43, 41:43] &= 255 - JUMP
        m.groupdq[i, 3, 40, 40] = 0
        m.groupdq[i, 3, 5, :] |= DNU | SAT
    return m


def big(name, m, params=None, **kw):
    run(name, m, {"expand_large_events": True, "edge_size": 10, **(params or {})}, **kw)


big("snowballs", snowballs())
big("snowballs_no_core", snowballs(1, seed=22), {"sat_required_snowball": False, "min_jump_area": 15.5, "expand_factor": 1.5})
big("snowballs_areas", snowballs(3, 4, seed=23, n=12), {"min_sat_area": 4, "min_jump_area": 12, "expand_factor": 2.5, "max_extended_radius": 9})
big("snowballs_cores", snowballs(2, 6, seed=24, n=10), {"min_sat_radius_extend": 0.5, "sat_expand": 4, "snowball_time_masked_next_int": 5})
big("snowballs_not_next", snowballs(2, 4, seed=25), {"mask_snowball_core_next_int": False, "edge_size": 0})
big("snowballs_time_zero", snowballs(2, 4, seed=26), {"snowball_time_masked_next_int": 1, "min_jump_area": 1})
big("snowballs_odd_shape", snowballs(2, 4, (51, 63), seed=27, n=12), {"edge_size": 25})
big("snowballs_rim", snowballs(2, 7, (83, 75), seed=365, n=10), {"edge_size": 0, "min_jump_area": 5, "expand_factor": 2, "min_sat_radius_extend": 1})


def showers(nints=2, ngroups=8, shape=(64, 60), seed=31, size=9, flux=20, level=30, **kw):
    rng = np.random.default_rng(seed)
    steps = rng.poisson(flux, size=(nints, ngroups) + shape).astype("f8")
    for i in range(nints):
        for _ in range(3):
            g = rng.integers(1, ngroups)
            spot = disk(shape, rng.uniform(0, shape[0]), rng.uniform(0, shape[1]), size, size * rng.uniform(0.4, 1), rng.uniform(0, 180))
            steps[i, g, spot] += rng.poisson(level, spot.sum())
        for _ in range(15):
            steps[i, rng.integers(1, ngroups), rng.integers(0, shape[0]), rng.integers(0, shape[1])] += rng.uniform(100, 4000)
    m = ramp("MIRI", data=np.round(np.cumsum(steps, 1) + 100 + rng.normal(0, 3, steps.shape)).astype("f4"), tframe=3.0, **kw)
    m.pixeldq[:, :4] = 2**31
    m.pixeldq[30, 20:24] = 1
    m.pixeldq[31, 20] = 2**31 + 1024
    m.groupdq[:, 0] |= DNU
    m.groupdq[:, 5:, 10:12, 30:40] |= SAT
    m.groupdq[0, min(3, ngroups - 1), 35, 2] = SAT
    return m


def shower_refs(m):
    rng = np.random.default_rng(3)
    shape = m.data.shape[-2:]
    return {"gain": reference("GainModel", m, data=np.full(shape, 3.1, "f4"), dq_def=False),
            "readnoise": reference("ReadnoiseModel", m, data=rng.uniform(3, 5, shape).astype("f4"), dq_def=False)}


def faint(name, m, params=None, **kw):
    run(name, m, {"find_showers": True, **(params or {})}, shower_refs(m), **kw)


faint("showers", showers())
faint("showers_params", showers(seed=32, level=60), {"extend_snr_threshold": 1.1, "extend_min_area": 40, "extend_inner_radius": 2, "extend_outer_radius": 3, "extend_ellipse_expand_ratio": 1.4, "time_masked_after_shower": 7, "max_extended_radius": 8})
faint("showers_few", showers(1, 5, seed=33))
faint("showers_ints", showers(12, 3, (40, 44), seed=34, level=60), {"minimum_sigclip_groups": 10})
faint("showers_and_snowballs", showers(2, 6, seed=35, level=50), {"expand_large_events": True, "sat_required_snowball": False, "min_jump_area": 6})
