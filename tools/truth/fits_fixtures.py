"""Makes the fixtures of packages/io/fits and what astropy (and fpack of cfitsio) read from them.

Run from the repository root with a Python that has astropy and numpy:
    python tools/truth/fits_fixtures.py
fpack has to be on the PATH for the files fpack_*.fits.
"""

import gzip
import json
import pathlib
import subprocess
import warnings

import astropy
import numpy as np
from astropy.io import fits

OUT = pathlib.Path(__file__).resolve().parents[2] / "packages/io/fits/test/fixtures"
warnings.simplefilter("ignore")


def plain(x):
    """A number as JSON can hold it exactly."""
    if isinstance(x, (bool, np.bool_)):
        return bool(x)
    if isinstance(x, (int, np.integer)):
        return int(x) if abs(int(x)) < 2**53 else str(int(x))
    if isinstance(x, (complex, np.complexfloating)):
        return [plain(x.real), plain(x.imag)]
    if isinstance(x, (float, np.floating)):
        return float(x) if np.isfinite(x) else str(float(x))
    return str(x)


def flat(a):
    a = np.asarray(a)
    if a.dtype.kind == "c":
        a = np.ascontiguousarray(a).view(a.real.dtype)
    return [plain(x) for x in a.ravel()]


def image(hdu):
    data = hdu.data
    if data is None:
        return {"kind": "none", "name": hdu.name}
    return {"kind": "image", "name": hdu.name, "dtype": data.dtype.newbyteorder("=").name, "shape": list(data.shape), "values": flat(data)}


def column(data, c):
    values = data[c.name]
    if values.dtype.kind == "O":
        text = "A" in c.format
        out = ["".join(np.asarray(v)) if text else flat(v) for v in values]
        return {"name": c.name, "tform": c.format, "variable": True, "values": out}
    if values.dtype.kind in "SU":
        return {"name": c.name, "tform": c.format, "shape": list(values.shape[1:]), "values": [str(v).rstrip() for v in np.asarray(values).ravel()]}
    return {
        "name": c.name, "tform": c.format, "unit": c.unit, "shape": list(values.shape[1:]),
        "dtype": values.dtype.newbyteorder("=").name, "values": flat(values),
    }


def describe(path):
    with fits.open(path, memmap=False) as f:
        out = []
        for hdu in f:
            if isinstance(hdu, (fits.BinTableHDU, fits.TableHDU)) and not isinstance(hdu, fits.CompImageHDU):
                out.append({"kind": "table", "name": hdu.name, "nrows": len(hdu.data), "columns": [column(hdu.data, c) for c in hdu.columns]})
            else:
                out.append(image(hdu))
        return out


def zip_file(path, data):
    with open(path, "wb") as f, gzip.GzipFile("", "wb", fileobj=f, mtime=0) as z:
        z.write(data)


def write_json(name, value):
    (OUT / f"{name}.json").write_text(json.dumps(value, separators=(",", ":")) + "\n")


def save(name, hdus, **kw):
    path = OUT / name
    fits.HDUList(hdus).writeto(path, overwrite=True, **kw)
    return path


def images():
    rng = np.random.default_rng(1)
    hdus = [fits.PrimaryHDU()]
    shape = (3, 4, 5)
    for name in ("u1", "i2", "i4", "i8", "f4", "f8", "u2", "u4", "u8", "i1"):
        t = np.dtype(name)
        if t.kind == "f":
            data = (rng.normal(size=shape) * 1e3).astype(t)
            data.flat[:4] = np.nan, np.inf, -np.inf, -0.0
        else:
            info = np.iinfo(t)
            data = rng.integers(info.min, info.max, size=shape, dtype=t, endpoint=True)
            data.flat[:4] = info.min, info.max, 0, 1
        hdus.append(fits.ImageHDU(data, name=name.upper()))
    scaled = fits.ImageHDU(rng.integers(-100, 100, size=(4, 6), dtype="i2"), name="SCALED")
    scaled.data.flat[3] = -99
    hdus.append(scaled)
    hdus.append(fits.ImageHDU(np.arange(2 * 3 * 4 * 5, dtype="u2").reshape(2, 3, 4, 5) + 40000, name="RAMP"))
    hdus.append(fits.ImageHDU(np.arange(7, dtype="f4"), name="LINE", ver=2))
    path = save("images.fits", hdus)
    raw = bytearray(path.read_bytes())
    # Scaling by hand: astropy would rescale the data on writing.
    at = raw.index(b"EXTNAME = 'SCALED  '")
    cards = [b"BSCALE  =                  0.1", b"BZERO   =                 12.5", b"BLANK   =                  -99"]
    for i, card in enumerate(cards, 1):
        raw[at + 80 * i : at + 80 * (i + 1)] = card.ljust(80)
    raw[at + 320 : at + 400] = b"END".ljust(80)
    path.write_bytes(bytes(raw))
    zip_file(OUT / "images.fits.gz", bytes(raw))
    return path


def tables():
    n = 6
    rng = np.random.default_rng(2)
    obj = lambda f, t: np.array([np.array(f(i), dtype=t) for i in range(n)] + [None], dtype=object)[:-1]
    cols = [
        fits.Column("bool", "L", array=[True, False, True, True, False, True]),
        fits.Column("bits", "11X", array=rng.integers(0, 2, size=(n, 11)).astype(bool)),
        fits.Column("byte", "B", array=np.arange(n, dtype="u1") + 250 - n),
        fits.Column("short", "I", array=np.arange(n, dtype="i2") - 3, unit="DN", null=-3),
        fits.Column("int", "J", array=np.arange(n, dtype="i4") * -100000, disp="I8"),
        fits.Column("long", "K", array=np.arange(n, dtype="i8") * 2**60),
        fits.Column("text", "7A", array=["abc", "", "exact_7", "a b", "x", "it's"]),
        fits.Column("float", "E", array=np.array([1.5, np.nan, -0.0, np.inf, 1e-30, 3], "f4"), unit="MJy / sr"),
        fits.Column("double", "D", array=np.linspace(-1, 1, n) ** 3),
        fits.Column("cpx", "C", array=(np.arange(n) + 1j * np.arange(n)[::-1]).astype("c8")),
        fits.Column("dcpx", "M", array=(np.arange(n) * 1.25 - 2j).astype("c16")),
        fits.Column("u16", "I", bzero=2**15, array=np.arange(n, dtype="u2") + 65530),
        fits.Column("u32", "J", bzero=2**31, array=np.arange(n, dtype="u4") + 4294967290),
        fits.Column("u64", "K", bzero=2**63, array=np.arange(n, dtype="u8") + np.uint64(2**64 - 6)),
        fits.Column("i8", "B", bzero=-128, array=np.arange(n, dtype="i1") - 3),
        fits.Column("scaled", "I", null=-1, disp="I5", array=np.arange(n, dtype="i2") * 50 - 1),
        fits.Column("grid", "6E", dim="(3,2)", array=np.arange(6 * n, dtype="f4").reshape(n, 2, 3)),
        fits.Column("pair", "2J", array=np.arange(2 * n, dtype="i4").reshape(n, 2)),
        fits.Column("words", "12A", dim="(4,3)", array=np.array([["ab", "c", f"w{i}"] for i in range(n)])),
        fits.Column("vfloat", "PE()", array=obj(lambda i: np.arange(i) * 0.5, "f4")),
        fits.Column("vint", "QJ()", array=obj(lambda i: np.arange(5 - i) - 2, "i4")),
        fits.Column("vlong", "PK()", array=obj(lambda i: np.arange(i) * 2**55, "i8")),
        fits.Column("vtext", "PA()", array=np.array(["", "one", "two words", "x", "yy", "zzz"], dtype=object)),
    ]
    empty = fits.BinTableHDU.from_columns([fits.Column("none", "J", array=np.zeros(0, "i4"))], name="EMPTY")
    path = save("tables.fits", [fits.PrimaryHDU(), fits.BinTableHDU.from_columns(cols, name="ALL"), empty])
    # Scaling by hand, in place of two other cards: astropy would rescale the data on writing.
    raw = path.read_bytes()
    raw = raw.replace(b"TNULL16 =                   -1", b"TSCAL16 =                 0.01")
    raw = raw.replace(b"TDISP16 = 'I5      '          ", b"TZERO16 =                  5.0")
    path.write_bytes(raw)
    return path


def ascii_table():
    cols = [
        fits.Column("name", "A10", array=["first", "second one", ""], ascii=True),
        fits.Column("n", "I6", array=[1, -22, 333], ascii=True),
        fits.Column("big", "I12", array=[1, -2, 30000000000], ascii=True),
        fits.Column("x", "F10.4", array=[1.5, -2.25, 1e4], unit="s", ascii=True),
        fits.Column("e", "E15.7", array=[1e-10, 2.5e10, -1], ascii=True),
        fits.Column("d", "D25.16", array=[np.pi, -np.e, 1e300], ascii=True),
    ]
    return save("ascii.fits", [fits.PrimaryHDU(), fits.TableHDU.from_columns(cols, name="TEXT")])


def compressed():
    rng = np.random.default_rng(3)
    ints = (rng.normal(size=(37, 41)) * 50 + 1000).astype("i2")
    ints[5:9, :] = 7
    ints.flat[:2] = -32768, 32767
    wild = rng.integers(-(2**31), 2**31 - 1, size=(10, 33), dtype="i4")
    cube = rng.poisson(30, size=(3, 10, 12)).astype("i4")
    bytes_ = rng.integers(0, 255, size=(8, 40), dtype="u1")
    mask = np.zeros((20, 30), "i4")
    mask[3:7, 5:20] = 3
    mask[10, :] = np.arange(30) * 1000
    mask[15, ::2] = 1
    floats = (rng.normal(size=(20, 25)) * 10 + 100).astype("f4")
    floats[2, 3] = np.nan
    floats[4, 4:9] = 0
    floats[7] = 42.0
    doubles = rng.normal(size=(9, 16))
    C = fits.CompImageHDU
    hdus = [fits.PrimaryHDU()]
    for kind in ("RICE_1", "GZIP_1", "GZIP_2"):
        hdus.append(C(ints, name=f"I2_{kind}", compression_type=kind, tile_shape=(7, 16)))
        hdus.append(C(wild, name=f"I4_{kind}", compression_type=kind))
        hdus.append(C(cube, name=f"CUBE_{kind}", compression_type=kind, tile_shape=(2, 4, 5)))
        hdus.append(C(bytes_, name=f"U1_{kind}", compression_type=kind))
        hdus.append(C(ints.astype("i4").astype("u2"), name=f"U2_{kind}", compression_type=kind))
        for method in (-1, 1, 2):
            label = {-1: "ND", 1: "D1", 2: "D2"}[method]
            hdus.append(C(floats, name=f"F4_{label}_{kind}", compression_type=kind, quantize_method=method, quantize_level=16, dither_seed=77, tile_shape=(4, 25)))
        hdus.append(C(doubles, name=f"F8_{kind}", compression_type=kind, quantize_level=16, quantize_method=1, dither_seed=9990, tile_shape=(1, 16)))
    hdus.append(C(floats, name="LOSSLESS_1", compression_type="GZIP_1", quantize_level=0))
    hdus.append(C(doubles, name="LOSSLESS_2", compression_type="GZIP_2", quantize_level=0))
    hdus.append(C(mask, name="MASK_PLIO", compression_type="PLIO_1", tile_shape=(3, 30)))
    hdus.append(C(ints, name="NONE", compression_type="NOCOMPRESS"))
    hdus.append(C(rng.normal(size=(4, 8)).astype("f4") * np.float32(1e30), name="WILD_F4", compression_type="RICE_1"))
    path = save("compressed.fits", hdus)
    paths = [path]
    source = OUT / "source.fits"
    for label, flags, data in (("r_i2", ["-r"], ints), ("g_f4", ["-g", "-q", "0"], floats), ("rq_f4", ["-r", "-q", "8"], floats), ("p_i4", ["-p"], mask), ("r_u2", ["-r"], ints.astype("i4").astype("u2"))):
        fits.HDUList([fits.PrimaryHDU(data)]).writeto(source, overwrite=True)
        target = OUT / f"fpack_{label}.fits"
        target.unlink(missing_ok=True)
        subprocess.run(["fpack", *flags, "-O", str(target), str(source)], check=True)
        paths.append(target)
    source.unlink()
    return paths


CARDS = [
    ("INT", 42, "an integer"), ("NEG", -7, ""), ("BIG", 2**63, "beyond int64"), ("BOOL", True, "yes"), ("NOPE", False, ""),
    ("ONE", 1.0, "a float"), ("SMALL", 1e-5, "an exponent"), ("TINY", 1.5e-300, ""), ("LARGE", 1e16, ""), ("LARGER", 1.25e22, "x"),
    ("BELOW", 123456789012345.0, ""), ("EDGE", 9007199254740993.0, ""), ("TENTH", 0.1, ""), ("THIRD", 1 / 3, "cut to twenty"), ("NTHIRD", -1 / 3, "cut"),
    ("LONGEXP", -1.2345678901234567e-105, "cut mantissa"), ("E4", 1e-4, ""), ("E15", 1e15, ""), ("MJD", 59580.123456789, "[d] date"), ("ZERO", 0.0, ""), ("NZERO", -0.0, ""),
    ("STR", "text", "a string"), ("EMPTY", "", "empty"), ("EIGHT", "12345678", ""), ("QUOTE", "it's 'quoted'", "quotes"), ("SLASH", "a / b", "with / slash"),
    ("LEAD", "  leading", ""), ("S68", "x" * 68, ""), ("S69", "y" * 69, ""), ("S66C", "z" * 60, "a comment that does not fit on the card any more"),
    ("LONGSTR", "words and words of some length " * 6, "and a comment"), ("LONGCOM", "v" * 70, "comment words " * 8), ("NOBLANK", "n" * 200, ""),
    ("LONGQ", "it's " * 40, "quotes"), ("UNDEF", None, "no value"), ("CPX", 1.5 - 2j, "complex"), ("LONGCMT", 5, "this comment is far too long for a card " * 2),
    ("ESO DET CHIP ID", "abc", "hierarch"), ("HIERARCH long.name here", 3.5, "other"), ("ESO INS VERY LONG KEYWORD NAME FOR A CARD", "value of some length", "cut comment of the card"),
    ("ESO LONG", "long hierarch value " * 5, "c"), ("lower", 1, "case"),
]


def headers():
    formatted = []
    for key, value, comment in CARDS:
        card = fits.Card(key, value, comment)
        kind = "float" if isinstance(value, float) else "int" if type(value) is int else "other"
        formatted.append({"keyword": key, "value": None if value is None else plain(value) if not isinstance(value, str) else value, "form": kind, "comment": comment, "raw": str(card)})
    hdu = fits.PrimaryHDU()
    for key, value, comment in CARDS:
        hdu.header.append((key, value, comment), end=True)
    hdu.header.add_comment("a comment " * 12)
    hdu.header.add_history("history one")
    hdu.header.add_history("history two")
    hdu.header.append(("", "blank keyword"), end=True)
    hdu.header.append(("", ""), end=True)
    hdu.header.append(("HISTORY", "late"), end=True)
    path = save("header.fits", [hdu])
    raw = bytearray(path.read_bytes())
    end = next(i for i in range(0, len(raw), 80) if raw[i : i + 8] == b"END     ")
    odd = [
        "FREE    = 12 /free format", "FREED   = 1.5D3 / D exponent", "FREEL   =  -3.e-2/ no blanks", "FREES   ='unpadded'/ comment", "FREEC   = (1,-2.5) / complex",
        "PLUS    =                  +17", "LEADZ   =                 0042", "NOSLASH =                    T", "DUP     =                    1", "DUP     =                    2", "NOVALUE text without equals",
        "BIGNEG  = -12345678901234567890", "lower   =                   11 / lower case",
    ]
    for card in odd:
        raw[end : end + 80] = card.encode().ljust(80)
        end += 80
    raw[end : end + 80] = b"END".ljust(80)
    raw += b" " * (-len(raw) % 2880)
    if len(raw) % 2880 or end + 80 > len(raw):
        raise SystemExit("header.fits: no room")
    path.write_bytes(bytes(raw))
    with fits.open(path) as f:
        cards = []
        for c in f[0].header.cards:
            value = c.value
            if isinstance(value, fits.card.Undefined):
                value = None
            cards.append({"keyword": c.keyword, "value": value if isinstance(value, str) or value is None else plain(value), "comment": c.comment})
    return {"formatted": formatted, "cards": cards}


def checksums():
    fits.hdu.base._ValidHDU._get_timestamp = lambda self: "2026-01-02T03:04:05"
    rng = np.random.default_rng(4)
    hdus = [fits.PrimaryHDU(), fits.ImageHDU(rng.integers(0, 2**16, size=(11, 13), dtype="u2"), name="SCI"), fits.ImageHDU(rng.normal(size=(5, 7)).astype("f4"), name="ERR")]
    hdus.append(fits.BinTableHDU.from_columns([fits.Column("a", "J", array=np.arange(5)), fits.Column("s", "3A", array=["a", "bb", "ccc", "", "e"])], name="TAB"))
    return save("checksum.fits", hdus, checksum=True)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    files = [images(), tables(), ascii_table(), *compressed(), checksums()]
    made_by = f"astropy {astropy.__version__}, numpy {np.__version__}, tools/truth/fits_fixtures.py"
    for path in files:
        write_json(path.stem, {"made_by": made_by, "hdus": describe(path)})
    write_json("header", {"made_by": made_by, **headers()})
    large = OUT / "compressed.fits"
    zip_file(OUT / "compressed.fits.gz", large.read_bytes())
    large.unlink()
    total = sum(p.stat().st_size for p in OUT.iterdir())
    print(f"{total} bytes of fixtures")


main()
