#!/usr/bin/env python
"""Pools of made-up observing programs, and what the reference implementation makes of them.

    python tools/truth/asn_pools.py [--out packages/core/associations/test/truth] [--only NAME ...] [--random N --seed S]

Writes <name>.csv and <name>.json (one association a line, without constraints and versions). `--random N` makes N pools of
shuffled, partly blank rows instead: a hard test, too large to keep.
Release 3.0.0 names `cal` files of grism exposures in stage 3; later ones name the spectra, `x1d`. The results have `x1d`.
"""
import argparse
import json
import random
from pathlib import Path

COLUMNS = (
    "filename program obs_num visitype exp_type instrume detector targetid pntgtype filter pupil grating band channel "
    "asn_candidate tsovisit subarray obs_id act_id expspcin dithptin mostilno patttype numdthpt patt_num subpxpts subpxpns "
    "fxd_slit nints exposerr is_psf is_imprt bkgdtarg msastate msametfl opmode lamp dms_note template"
).split()


class Program:
    """Rows of one program. Exposures get numbers, observations their candidates."""

    def __init__(self, number):
        self.number = number
        self.rows = []
        self.count = 0

    def expose(self, obs, exp_type, instrume, detector, candidates=(), **values):
        self.count += 1
        row = dict.fromkeys(COLUMNS, "null")
        row.update(
            program=str(self.number), obs_num=str(obs), visitype="prime_targeted_fixed", exp_type=exp_type,
            instrume=instrume, detector=detector, targetid="1", pntgtype="science", tsovisit="f", subarray="full",
            exposerr="null", is_psf="f", is_imprt="f", bkgdtarg="f", mostilno="1", nints="2",
            dithptin=str(self.count), expspcin=str(self.count),
            obs_id=f"v{self.number:05d}{obs:03d}001p0000000002101", act_id=f"{self.count % 36:02d}",
        )
        row.update({k: str(v) for k, v in values.items()})
        row["filename"] = f"jw{self.number:05d}{obs:03d}001_02101_{self.count:05d}_{detector}_uncal.fits"
        own = (f"o{obs:03d}", "observation")
        row["asn_candidate"] = str([own, *candidates])
        self.rows.append(row)
        return row


NIRCAM = {"subarray": "full", "pupil": "clear"}


def nircam_image():
    p = Program(1001)
    group = [("c1000", "group")]
    for obs in (1, 2):
        for dither in range(2):
            for detector in ("nrca1", "nrcb4", "nrcalong"):
                p.expose(obs, "nrc_image", "nircam", detector, group, filter="f200w" if "long" not in detector else "f356w",
                         channel="short" if "long" not in detector else "long", template="nircam imaging", pupil="clear")
    p.expose(1, "nrc_tacq", "nircam", "nrca1", group, pntgtype="target_acquisition", filter="f210m", subarray="sub32", pupil="clear")
    p.expose(2, "nrc_taconfirm", "nircam", "nrca1", filter="f210m", subarray="full", pupil="clear", exposerr="guide star lost")
    for tile in (1, 2):
        for target in (5,):
            p.expose(3, "nrc_image", "nircam", "nrca1", [("c1001", "mosaic")], filter="f115w", pupil="clear", mostilno=tile, targetid=target, channel="short")
            p.expose(4, "nrc_image", "nircam", "nrca1", [("c1001", "mosaic")], filter="f115w", pupil="clear", mostilno=tile, targetid=target + 1, channel="short")
    p.expose(5, "nrc_focus", "nircam", "nrca1", filter="f115w", pupil="clear")
    p.expose(5, "nrc_dark", "nircam", "nrca1", filter="f115w", pupil="clear")
    p.expose(5, "nrc_flat", "nircam", "nrca1", filter="f115w", pupil="flat", pntgtype="nrc_flat")
    return p


def miri_background():
    p = Program(1002)
    link = [("c1000", "background")]
    for dither in range(3):
        p.expose(1, "mir_image", "miri", "mirimage", link, filter="f1000w", exposerr="f" if dither else "null")
    for dither in range(2):
        p.expose(2, "mir_image", "miri", "mirimage", link, filter="f1000w", targetid=2, bkgdtarg="t")
    for band in ("short", "medium", "long"):
        for detector in ("mirifushort", "mirifulong"):
            p.expose(3, "mir_mrs", "miri", detector, [("c1001", "background")], band=band, channel="12" if "short" in detector else "34", patttype="4-point")
            p.expose(4, "mir_mrs", "miri", detector, [("c1001", "background")], band=band, channel="12" if "short" in detector else "34", patttype="4-point", targetid=3, bkgdtarg="t")
    p.expose(3, "mir_tacq", "miri", "mirimage", pntgtype="target_acquisition", filter="fnd")
    p.expose(5, "mir_mrs", "miri", "mirifushort", band="short", channel="12", tsovisit="t")
    p.expose(5, "mir_flatmrs", "miri", "mirifushort", band="short", channel="12")
    p.expose(5, "mir_darkimg", "miri", "mirimage", filter="opaque", pntgtype="mir_darkimg")
    return p


def miri_lrs():
    p = Program(1003)
    link = [("c1000", "background")]
    for obs, target, bkg in ((1, 1, "f"), (2, 2, "t")):
        p.expose(obs, "mir_tacq", "miri", "mirimage", link, targetid=target, filter="f560w", pntgtype="target_acquisition")
        for nod in (1, 2):
            p.expose(obs, "mir_lrs-fixedslit", "miri", "mirimage", link, targetid=target, filter="p750l", patttype="along-slit-nod",
                     patt_num=nod, numdthpt=2, bkgdtarg=bkg)
        p.expose(obs, "mir_taconfirm", "miri", "mirimage", link, targetid=target, filter="f560w")
    for n in range(2):
        p.expose(3, "mir_lrs-fixedslit", "miri", "mirimage", filter="p750l", patttype="none", patt_num=1)
        p.expose(4, "mir_lrs-slitless", "miri", "mirimage", filter="p750l", subarray="slitlessprism", tsovisit="t", patttype="none", nints=20)
        p.expose(5, "mir_lrs-slitless", "miri", "mirimage", filter="p750l", subarray="slitlessprism", patttype="none")
    p.expose(4, "mir_taconfirm", "miri", "mirimage", filter="f560w", subarray="slitlessprism")
    return p


def nirspec_slits():
    p = Program(1004)
    for grating, filt in (("g395h", "f290lp"), ("prism", "clear")):
        for detector in ("nrs1", "nrs2"):
            for slit in ("s200a1", "s200b1"):
                for nod in (1, 2, 3):
                    p.expose(1, "nrs_fixedslit", "nirspec", detector, [("c1000", "background")], grating=grating, filter=filt, fxd_slit=slit,
                             patttype="along-slit-nod", patt_num=nod, numdthpt=3, subpxpts=1, expspcin=1, subarray="allslits")
    for nod in (1, 2, 3, 4, 5):
        p.expose(2, "nrs_fixedslit", "nirspec", "nrs1", grating="g140m", filter="f100lp", fxd_slit="s1600a1", patttype="along-slit-nod",
                 patt_num=nod, numdthpt=5, subpxpts=1, expspcin=1, subarray="sub2048")
    for n in (1, 2):
        p.expose(3, "nrs_fixedslit", "nirspec", "nrs1", [("c1000", "background")], grating="prism", filter="clear", fxd_slit="s200a1", targetid=9,
                 bkgdtarg="t", patt_num=n, numdthpt=2, subpxpts=1, expspcin=1, subarray="allslits")
    p.expose(2, "nrs_wata", "nirspec", "nrs1", pntgtype="target_acquisition", grating="mirror", filter="f140x")
    p.expose(4, "nrs_brightobj", "nirspec", "nrs1", grating="prism", filter="clear", fxd_slit="s1600a1", tsovisit="t", subarray="sub512", nints=9)
    p.expose(4, "nrs_brightobj", "nirspec", "nrs2", grating="g140m", filter="f100lp", fxd_slit="s1600a1", tsovisit="t", subarray="sub512", nints=9)
    return p


def nirspec_ifu():
    p = Program(1005)
    link = [("c1000", "background")]
    for tile in (1, 2):
        for dither in (1, 2):
            for detector in ("nrs1", "nrs2"):
                p.expose(1, "nrs_ifu", "nirspec", detector, link, grating="g235h", filter="f170lp", patttype="cycling", mostilno=tile, dithptin=dither)
        p.expose(1, "nrs_ifu", "nirspec", "nrs1", link, grating="g235h", filter="f170lp", patttype="cycling", mostilno=tile, dithptin=1, is_imprt="t")
        p.expose(1, "nrs_ifu", "nirspec", "nrs1", link, grating="g235h", filter="f170lp", patttype="cycling", mostilno=tile, dithptin=2, is_imprt="t")
    for dither in (1, 2):
        p.expose(2, "nrs_ifu", "nirspec", "nrs1", link, grating="g235h", filter="f170lp", patttype="cycling", targetid=2, bkgdtarg="t", dithptin=dither)
    p.expose(2, "nrs_ifu", "nirspec", "nrs1", link, grating="g235h", filter="f170lp", patttype="cycling", targetid=2, bkgdtarg="t", is_imprt="t", dithptin=1)
    for nod in (1, 2, 3, 4):
        p.expose(3, "nrs_ifu", "nirspec", "nrs1", grating="prism", filter="clear", patttype="4-point-nod", patt_num=nod, numdthpt=4, dithptin=nod)
    p.expose(3, "nrs_ifu", "nirspec", "nrs1", grating="prism", filter="clear", patttype="4-point-nod", is_imprt="t", dithptin=1)
    p.expose(3, "nrs_ifu", "nirspec", "nrs2", grating="prism", filter="clear", patttype="4-point-nod", dithptin=1)
    p.expose(3, "nrs_confirm", "nirspec", "nrs1", grating="mirror", filter="f140x")
    p.expose(3, "nrs_autowave", "nirspec", "nrs1", grating="prism", filter="opaque", opmode="ifu", lamp="line4", patttype="none")
    p.expose(4, "nrs_verify", "nirspec", "nrs1", grating="mirror", filter="f140x", pntgtype="target_acquisition")
    return p


def nirspec_msa():
    p = Program(1006)
    for meta in ("a_msa.fits", "b_msa.fits"):
        for nod in (1, 2, 3):
            for detector in ("nrs1", "nrs2"):
                p.expose(1 if meta[0] == "a" else 2, "nrs_msaspec", "nirspec", detector, grating="g140m", filter="f100lp", msametfl=meta, msastate="configured",
                         patttype="3-shutter-slitlet", patt_num=nod, numdthpt=3, subpxpts=1, expspcin=4)
    p.expose(1, "nrs_msata", "nirspec", "nrs1", grating="mirror", filter="f140x", pntgtype="target_acquisition")
    p.expose(1, "nrs_msaspec", "nirspec", "nrs1", grating="mirror", filter="f140x", msastate="primarypark_allopen")
    p.expose(1, "nrs_image", "nirspec", "nrs1", grating="mirror", filter="f140x")
    p.expose(2, "nrs_autoflat", "nirspec", "nrs1", grating="g140m", filter="opaque", lamp="flat1", opmode="msaspec", msametfl="b_msa.fits")
    for lamp, opmode, grating in (("line1", "msaspec", "g140m"), ("flat4", "ifu", "g140h"), ("line3", "fixedslit", "g395h"), ("nolamp", "ifu", "prism"),
                                  ("line4", "grating-only", "prism"), ("test", "image", "mirror")):
        for detector in ("nrs1", "nrs2"):
            p.expose(3, "nrs_lamp", "nirspec", detector, grating=grating, filter="opaque", lamp=lamp, opmode=opmode,
                     msametfl="c_msa.fits" if lamp == "line1" and detector == "nrs1" else "null")
    for n in range(2):
        p.expose(4, "nrs_mimf", "nirspec", "nrs1", grating="mirror", filter="f110w")
    return p


def niriss():
    p = Program(1007)
    for filt in ("f115w", "f200w"):
        p.expose(1, "nis_image", "niriss", "nis", filter="clear", pupil=filt, expspcin=1)
        for grism in ("gr150r", "gr150c"):
            for n in (1, 2):
                p.expose(1, "nis_wfss", "niriss", "nis", filter=grism, pupil=filt, expspcin=2 + n)
        p.expose(1, "nis_image", "niriss", "nis", filter="clear", pupil=filt, expspcin=9)
    group = [("c1000", "group")]
    for obs, psf, target in ((2, "f", 2), (3, "t", 3)):
        for n in range(2):
            p.expose(obs, "nis_ami", "niriss", "nis", group, filter="f480m", pupil="nrm", subarray="sub80", is_psf=psf, targetid=target)
        p.expose(obs, "nis_tacq", "niriss", "nis", group, filter="f480m", pupil="nrm", subarray="subtaami", pntgtype="target_acquisition", targetid=target)
    for filt, nints in (("clear", 10), ("f277w", 10), ("clear", 1)):
        p.expose(4, "nis_soss", "niriss", "nis", filter=filt, pupil="gr700xd", subarray="substrip256", tsovisit="t", nints=nints)
        p.expose(5, "nis_soss", "niriss", "nis", filter=filt, pupil="gr700xd", subarray="substrip256", nints=nints)
    p.expose(5, "nis_soss", "niriss", "nis", filter="clear", pupil="gr700xd", subarray="substrip256", patttype="2-point-nod")
    p.expose(5, "nis_soss", "niriss", "nis", filter="clear", pupil="gr700xd", subarray="substrip256", patttype="2-point-nod")
    p.expose(6, "nis_focus", "niriss", "nis", filter="clear", pupil="f200w")
    p.expose(6, "nis_lamp", "niriss", "nis", filter="clear", pupil="f200w")
    return p


def nircam_special():
    p = Program(1008)
    for detector in ("nrca1", "nrcalong"):
        p.expose(1, "nrc_image", "nircam", detector, filter="f200w" if detector == "nrca1" else "f356w", pupil="clear", expspcin=1, channel="short" if detector == "nrca1" else "long")
    for grism in ("grismr", "grismc"):
        for n in (1, 2):
            p.expose(1, "nrc_wfss", "nircam", "nrcalong", filter="f356w", pupil=grism, channel="long", expspcin=1 + n)
    p.expose(1, "nrc_image", "nircam", "nrcalong", filter="f444w", pupil="clear", expspcin=7, channel="long")
    link = [("c1000", "group")]
    for obs, psf, target in ((2, "f", 2), (3, "t", 3)):
        for detector in ("nrca2", "nrca4"):
            for n in range(2):
                p.expose(obs, "nrc_coron", "nircam", detector, link, filter="f182m", pupil="maskrnd", subarray="full", channel="short", is_psf=psf, targetid=target)
        p.expose(obs, "nrc_coron", "nircam", "nrcalong", link, filter="f335m", pupil="maskrnd", subarray="sub320a335r", channel="long", is_psf=psf, targetid=target)
        p.expose(obs, "nrc_tacq", "nircam", "nrcalong", link, filter="f335m", pupil="maskrnd", pntgtype="target_acquisition", targetid=target)
    for detector in ("nrcalong", "nrcblong"):
        for pupil in ("grismr", "clear", "gdhs0"):
            p.expose(4, "nrc_tsgrism", "nircam", detector, filter="f322w2", pupil=pupil, tsovisit="t", subarray="subgrism256", nints=5)
    for n in range(2):
        p.expose(5, "nrc_tsimage", "nircam", "nrca3", filter="f210m", pupil="clear", tsovisit="t", subarray="sub64p", nints=5)
        p.expose(5, "nrc_image", "nircam", "nrca3", filter="f210m", pupil="clear", tsovisit="t", subarray="sub64p", nints=5)
    return p


def miri_coron_wfss():
    p = Program(1009)
    for mode, filt, sub in (("mir_4qpm", "f1065c", "mask1065"), ("mir_lyot", "f2300c", "masklyot")):
        link = [("c1000" if mode == "mir_4qpm" else "c1001", "group")]
        for obs, psf, bkg in ((1, "f", "f"), (2, "t", "f"), (3, "f", "t")):
            p.expose(obs if mode == "mir_4qpm" else obs + 3, mode, "miri", "mirimage", link, filter=filt, subarray=sub, is_psf=psf, bkgdtarg=bkg, targetid=obs)
    p.expose(7, "mir_coroncal", "miri", "mirimage", filter="f1065c", subarray="mask1065")
    p.expose(8, "mir_image", "miri", "mirimage", filter="f560w", expspcin=1)
    for n in (2, 3):
        p.expose(8, "mir_wfss", "miri", "mirimage", filter="p750l", expspcin=n)
    p.expose(8, "mir_image", "miri", "mirimage", filter="f770w", expspcin=4)
    return p


def engineering():
    p = Program(1010)
    for n in range(4):
        p.expose(1, "nrc_image", "nircam", "nrca3", visitype="prime_wfsc_sensing_only", patttype="wfsc", filter="f212n", pupil="wlp8",
                 act_id=f"0{1 + n // 2}", channel="short")
    p.expose(1, "nrc_image", "nircam", "nrca3", visitype="prime_wfsc_sensing_control", filter="f212n", pupil="wlp8", channel="short", dms_note="wfsc_los_jitter")
    p.expose(1, "fgs_image", "fgs", "guider1", visitype="prime_wfsc_sensing_only")
    for n in range(2):
        p.expose(2, "fgs_image", "fgs", "guider1")
        p.expose(2, "fgs_focus", "fgs", "guider2")
    p.expose(2, "fgs_dark", "fgs", "guider2", pntgtype="fgs_dark")
    return p


def parallel():
    p = Program(1011)
    link = [("c1000", "direct_image")]
    other = [("c1001", "direct_image")]
    for detector in ("nrca1", "nrcalong", "nrcblong"):
        p.expose(1, "nrc_image", "nircam", detector, link, filter="f200w" if detector == "nrca1" else "f356w", pupil="clear", targetid="null", visitype="parallel_pure")
    for detector in ("nrcalong", "nrcblong"):
        p.expose(2, "nrc_wfss", "nircam", detector, link, filter="f356w", pupil="grismr", targetid="null", visitype="parallel_pure")
    p.expose(3, "nis_image", "niriss", "nis", other, filter="clear", pupil="f150w", targetid="null", visitype="parallel_pure")
    for grism in ("gr150r", "gr150c"):
        p.expose(4, "nis_wfss", "niriss", "nis", other, filter=grism, pupil="f150w", targetid="null", visitype="parallel_pure")
    return p


PROGRAMS = [nircam_image, miri_background, miri_lrs, nirspec_slits, nirspec_ifu, nirspec_msa, niriss, nircam_special,
            miri_coron_wfss, engineering, parallel]

SCRAMBLED = ("targetid exposerr is_psf is_imprt bkgdtarg tsovisit filter pupil grating subarray patttype patt_num numdthpt "
             "subpxpts dithptin mostilno expspcin fxd_slit visitype band channel msametfl nints").split()


def scrambled(seed):
    """Rows of all programs in any order, with values exchanged and blanked: whatever a constraint may meet."""
    rng = random.Random(seed)
    rows = [dict(r) for make in PROGRAMS for r in make().rows]
    base = rng.choice(PROGRAMS)().rows
    picked = [dict(r) for r in base] + [dict(rng.choice(rows)) for _ in range(12)]
    rng.shuffle(picked)
    values = {c: sorted({r[c] for r in rows}) for c in SCRAMBLED}
    for i, row in enumerate(picked):
        row["program"] = "2000"
        row["filename"] = f"jw02000{int(row['obs_num']):03d}001_02101_{i:05d}_{row['detector']}_uncal.fits"
        for column in SCRAMBLED:
            if rng.random() < 0.04:
                row[column] = rng.choice(values[column])
            if rng.random() < 0.03:
                row[column] = "null"
    return picked


def write_pool(path, rows):
    lines = ["|".join(COLUMNS)]
    lines += ["|".join(row[c] for c in COLUMNS) for row in rows]
    path.write_text("\n".join(lines) + "\n")


def answer(path):
    from jwst.associations.main import Main

    out = []
    for asn in Main.cli([str(path), "--dry-run"]).associations:
        data = asn.data
        products = []
        for product in data["products"]:
            members = [dict(m.data) for m in product["members"]]
            if data["asn_rule"].find("Lv3WFSS") >= 0:
                for m in (m for m in members if m["exptype"] == "science"):
                    m["expname"] = m["expname"].replace("_cal.fits", "_x1d.fits")
            products.append({"name": product["name"], "members": members})
        keep = {k: data[k] for k in ("asn_type", "asn_rule", "asn_id", "program", "target", "asn_pool", "degraded_status")}
        out.append({"_file": asn.asn_name + ".json", **keep, "products": products})
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", default="packages/core/associations/test/truth")
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    if args.random:
        pools = [(f"scrambled_{args.seed + i}", scrambled(args.seed + i)) for i in range(args.random)]
    else:
        pools = [(make.__name__, make().rows) for make in PROGRAMS if not args.only or make.__name__ in args.only]
    for name, rows in pools:
        path = out / f"{name}.csv"
        write_pool(path, rows)
        try:
            found = answer(path)
        except Exception as error:  # a scrambled pool may be more than the peer can take
            print(name, "failed:", repr(error))
            continue
        text = "[\n" + ",\n".join(json.dumps(a, sort_keys=True) for a in found) + "\n]\n"
        (out / f"{name}.json").write_text(text)
        print(name, len(rows), "rows,", len(found), "associations", flush=True)


if __name__ == "__main__":
    main()
