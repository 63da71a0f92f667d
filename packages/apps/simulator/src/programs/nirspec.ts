import { Program } from "./program.js";

const BOTH = ["nrs1", "nrs2"];
const MIRROR = { grating: "mirror", filter: "f140x" };

/** Slits with nods and subpixel steps, the wide slit with five nods, a background, bright objects. */
export function nirspecSlits(): Program {
  const program = new Program(2031);
  const candidates = [["c1000", "background"]] as const;
  const visit = program.observe({
    target: program.target("quasar"),
    template: "nirspec fixed slit spectroscopy",
    instrument: "nirspec",
    candidates,
  });
  visit.next().expose("nrs_wata", ["nrs1"], {
    ...MIRROR,
    pntgtype: "target_acquisition",
    subarray: "sub32",
    fxd_slit: "s1600a1",
  });
  for (const fxd_slit of ["s200a1", "s200a2"])
    visit.next().dither(4, "2-point-nod", "nrs_fixedslit", BOTH, {
      grating: "g395h",
      filter: "f290lp",
      fxd_slit,
      subarray: "subs200a1",
      subpxpts: 2,
    });
  visit.next().dither(5, "5-point-nod", "nrs_fixedslit", ["nrs1"], {
    grating: "prism",
    filter: "clear",
    fxd_slit: "s1600a1",
    subarray: "sub512",
  });
  visit.next().dither(2, "none", "nrs_fixedslit", BOTH, {
    grating: "g140m",
    filter: "f070lp",
    fxd_slit: "s200b1",
    subarray: "allslits",
  });
  program
    .observe({
      target: program.target("quasar-sky", { background: true }),
      template: "nirspec fixed slit spectroscopy",
      instrument: "nirspec",
      candidates,
    })
    .next()
    .dither(2, "none", "nrs_fixedslit", BOTH, {
      grating: "g395h",
      filter: "f290lp",
      fxd_slit: "s200a1",
      subarray: "subs200a1",
    });
  const bright = program.observe({
    target: program.target("planet"),
    template: "nirspec bright object time series",
    instrument: "nirspec",
    timeSeries: true,
  });
  const wide = { fxd_slit: "s1600a1", subarray: "sub2048", nints: 700, exsegtot: 2 };
  bright.next().expose("nrs_brightobj", BOTH, { ...wide, grating: "g395h", filter: "f290lp" });
  bright.next().expose("nrs_brightobj", BOTH, { ...wide, grating: "g140m", filter: "f100lp" });
  return program;
}

/** Two configurations of the shutters with nods, acquisition, confirmation, lamps through the shutters, all open. */
export function nirspecShutters(): Program {
  const program = new Program(2032);
  const target = program.target("deep-field");
  for (const [metafile, points, pattern] of [
    ["jw02032001001_01_msa.fits", 3, "3-shutter-slitlet"],
    ["jw02032002001_01_msa.fits", 2, "2-shutter-slitlet"],
  ] as const) {
    const visit = program.observe({ target, template: "nirspec multiobject spectroscopy", instrument: "nirspec" });
    const shutters = { msametfl: metafile, msastate: "configured" };
    visit
      .next()
      .expose("nrs_msata", BOTH, { ...MIRROR, pntgtype: "target_acquisition", msastate: "primarypark_allopen" })
      .next()
      .expose("nrs_confirm", ["nrs1"], { ...MIRROR, ...shutters });
    for (const [grating, filter] of [
      ["g140m", "f100lp"],
      ["prism", "clear"],
    ])
      visit.next().dither(points, pattern, "nrs_msaspec", BOTH, { ...shutters, grating, filter });
    visit
      .next()
      .expose("nrs_autoflat", ["nrs1"], {
        ...shutters,
        grating: "g140m",
        filter: "opaque",
        lamp: "flat1",
        opmode: "msaspec",
      })
      .next()
      .expose("nrs_autowave", ["nrs1"], {
        ...shutters,
        grating: "prism",
        filter: "opaque",
        lamp: "line4",
        opmode: "msaspec",
      })
      .next()
      .expose("nrs_msaspec", ["nrs1"], { ...MIRROR, msastate: "primarypark_allopen" });
  }
  return program;
}

/** Dithers with imprints and a background, a mosaic, and nods with two and four points. */
export function nirspecIfu(): Program {
  const program = new Program(2033);
  const candidates = [["c1000", "background"]] as const;
  const optics = { grating: "g235h", filter: "f170lp" };
  for (const target of [program.target("nucleus"), program.target("nucleus-sky", { background: true })])
    program
      .observe({ target, template: "nirspec ifu spectroscopy", instrument: "nirspec", candidates })
      .next()
      .dither(2, "cycling", "nrs_ifu", BOTH, optics)
      .next()
      .dither(2, "cycling", "nrs_ifu", BOTH, { ...optics, is_imprt: "t" });
  const tiles = program.observe({
    target: program.target("outflow"),
    template: "nirspec ifu spectroscopy",
    instrument: "nirspec",
  });
  for (const mostilno of [1, 2]) {
    tiles.next().dither(2, "none", "nrs_ifu", ["nrs1"], { grating: "prism", filter: "clear", mostilno });
    tiles.next().expose("nrs_ifu", ["nrs1"], { grating: "prism", filter: "clear", mostilno, is_imprt: "t" });
  }
  const nods = program.observe({
    target: program.target("comet", { type: "moving" }),
    template: "nirspec ifu spectroscopy",
    instrument: "nirspec",
  });
  nods.next().expose("nrs_taconfirm", ["nrs1"], MIRROR);
  for (const points of [2, 4])
    nods.next().dither(points, `${points}-point-nod`, "nrs_ifu", BOTH, { grating: "g140m", filter: "f100lp" });
  nods.next().expose("nrs_ifu", BOTH, { grating: "g140m", filter: "f100lp", is_imprt: "t", patttype: "4-point-nod" });
  nods.next().expose("nrs_autowave", ["nrs1"], { grating: "g140m", filter: "opaque", lamp: "line1", opmode: "ifu" });
  return program;
}

/** Lamps in all modes of operation, darks, focus, images and mirror exposures. */
export function nirspecLamps(): Program {
  const program = new Program(2034);
  const visit = program.observe({
    target: program.target("none"),
    template: "nirspec internal lamp",
    instrument: "nirspec",
    visitType: "prime_untargeted",
  });
  for (const [opmode, lamp, grating, more] of [
    ["msaspec", "line1", "g140m", { msametfl: "jw02034001001_01_msa.fits" }],
    ["msaspec", "flat1", "g140m", {}],
    ["ifu", "flat4", "g140h", {}],
    ["ifu", "flat2", "g235h", {}],
    ["fixedslit", "line3", "g395h", { fxd_slit: "s200a1" }],
    ["fixedslit", "test", "g395m", { fxd_slit: "s200a1" }],
    ["ifu", "nolamp", "prism", {}],
    ["grating-only", "line4", "prism", {}],
    ["image", "test", "mirror", {}],
  ] as const)
    visit.next().expose("nrs_lamp", BOTH, { filter: "opaque", opmode, lamp, grating, ...more });
  visit.next().expose("nrs_dark", BOTH, { filter: "opaque", grating: "g140m", pntgtype: "nrs_dark" });
  const images = program.observe({
    target: program.target("lmc"),
    template: "nirspec mimf",
    instrument: "nirspec",
    visitType: "prime_wfsc_sensing_only",
  });
  for (const expType of ["nrs_mimf", "nrs_focus", "nrs_image", "nrs_verify", "nrs_taslit"])
    images.next().expose(expType, ["nrs1"], MIRROR);
  return program;
}
