import { Program, type Values } from "./program.js";

const isLong = (detector: string): boolean => detector.endsWith("long");
const module = (detector: string): string => (detector.startsWith("nrca") ? "a" : "b");

/** Optics of both channels of NIRCam, which are exposed together. */
const pair =
  (short: string, long: string, more: Values = {}) =>
  (detector: string): Values => ({
    filter: isLong(detector) ? long : short,
    pupil: "clear",
    channel: isLong(detector) ? "long" : "short",
    module: module(detector),
    ...more,
  });

const MODULE_B = ["nrcb1", "nrcb2", "nrcb3", "nrcb4", "nrcblong"];

/** Dithered images of one target in two pairs of filters, the second in a subarray. */
export function nircamImaging(): Program {
  const program = new Program(2001);
  const target = program.target("ngc-1");
  program
    .observe({ target, template: "nircam imaging", instrument: "nircam" })
    .next()
    .dither(3, "intramodulebox", "nrc_image", MODULE_B, pair("f150w", "f356w"))
    .next()
    .dither(2, "intramodulebox", "nrc_image", ["nrcb1", "nrcblong"], pair("f115w", "f444w", { subarray: "sub400p" }));
  return program;
}

/** Four tiles in two observations, repeated in a third; an exposure in the second lost its guide star. */
export function nircamMosaic(): Program {
  const program = new Program(2002);
  const detectors = ["nrca1", "nrcalong"];
  const candidates = [
    ["c1000", "mosaic"],
    ["c1001", "group"],
  ] as const;
  const target = program.target("field-1");
  for (const observation of [1, 2]) {
    const visit = program.observe({ target, template: "nircam imaging", instrument: "nircam", candidates });
    for (const tile of [1, 2])
      visit.next().dither(2, "fullbox", "nrc_image", detectors, (detector, point) => ({
        ...pair("f200w", "f277w")(detector),
        mostilno: tile,
        exposerr: observation === 2 && tile === 2 && point === 2 ? "guide star lost" : undefined,
      }));
  }
  program
    .observe({ target, template: "nircam imaging", instrument: "nircam", candidates: [["c1001", "group"]] })
    .next()
    .dither(2, "fullbox", "nrc_image", detectors, pair("f200w", "f277w"));
  return program;
}

/** A target at two rolls behind the round mask, its PSF reference with small dithers, and the bar mask. */
export function nircamCoronagraphy(): Program {
  const program = new Program(2003);
  const candidates = [["c1000", "group"]] as const;
  const target = program.target("hd-1");
  const reference = program.target("hd-2");
  for (const [where, psf] of [
    [target, false],
    [target, false],
    [reference, true],
  ] as const) {
    const visit = program.observe({
      target: where,
      template: "nircam coronagraphic imaging",
      instrument: "nircam",
      candidates,
      psf,
    });
    const mask = { pupil: "maskrnd", subarray: "sub320a335r", channel: "long", module: "a", filter: "f335m" };
    visit
      .next()
      .expose("nrc_tacq", ["nrcalong"], { ...mask, pntgtype: "target_acquisition", subarray: "sub64a335r" })
      .next()
      .expose("nrc_taconfirm", ["nrcalong"], { ...mask, pntgtype: "target_acquisition" })
      .next()
      .dither(psf ? 5 : 1, psf ? "5-point-box" : "none", "nrc_coron", ["nrcalong"], mask)
      .next()
      .expose("nrc_coron", ["nrca1", "nrca2", "nrca4"], {
        ...mask,
        channel: "short",
        filter: "f210m",
        subarray: "full",
      });
    if (!psf)
      visit.next().expose("nrc_coron", ["nrca1", "nrca4"], {
        pupil: "maskbar",
        filter: "f182m",
        channel: "short",
        subarray: "full",
        module: "a",
      });
  }
  return program;
}

/** Grisms of both directions in both modules, with direct images before and after. */
export function nircamWfss(): Program {
  const program = new Program(2004);
  const target = program.target("cluster-1");
  const visit = program.observe({
    target,
    template: "nircam wide field slitless spectroscopy",
    instrument: "nircam",
  });
  const detectors = ["nrca1", "nrcalong", "nrcblong"];
  const direct = pair("f200w", "f356w");
  visit.next().expose("nrc_image", detectors, direct);
  for (const grism of ["grismr", "grismc"]) {
    visit.next().dither(2, "intramodulex", "nrc_wfss", detectors.slice(1), (detector) => ({
      ...direct(detector),
      pupil: grism,
    }));
    visit.next().expose("nrc_image", detectors, direct);
  }
  visit.next().expose("nrc_image", ["nrcalong"], pair("f200w", "f444w"));
  return program;
}

/** Time series: imaging with both channels, the grism with a weak lens or dispersed stripes in the short channel. */
export function nircamTimeSeries(): Program {
  const program = new Program(2005);
  const star = program.target("trappist");
  const series = (template: string) =>
    program.observe({ target: star, template, instrument: "nircam", timeSeries: true });
  series("nircam time series")
    .next()
    .expose("nrc_tacq", ["nrcblong"], {
      ...pair("f070w", "f335m")("nrcblong"),
      subarray: "sub32tats",
      pntgtype: "target_acquisition",
    })
    .next()
    .expose(
      "nrc_tsimage",
      ["nrcb1", "nrcblong"],
      pair("f210m", "f444w", { subarray: "sub64p", nints: 200, exsegtot: 3 }),
    );
  const grism = series("nircam grism time series").next();
  grism.expose("nrc_tsgrism", ["nrca1", "nrca3", "nrcalong", "nrcblong"], (detector) => ({
    ...pair("f210m", "f322w2")(detector),
    pupil: isLong(detector) ? "grismr" : "wlp8",
    subarray: "subgrism256",
    nints: 400,
  }));
  grism.next().expose("nrc_tsgrism", ["nrca1", "nrcalong"], (detector) => ({
    ...pair("f150w2", "f444w")(detector),
    pupil: isLong(detector) ? "grismr" : "gdhs0",
    subarray: isLong(detector) ? "subgrism256" : "sub82stripe2_dhs",
    nints: 400,
  }));
  series("nircam imaging")
    .next()
    .dither(2, "none", "nrc_image", ["nrca3"], pair("f187n", "f466n", { subarray: "sub160" }));
  return program;
}

/** Wavefront sensing and control, and calibration exposures. */
export function nircamWavefront(): Program {
  const program = new Program(2006);
  const star = program.target("wfs-star");
  const sensing = program.observe({
    target: star,
    template: "wfsc nircam fine phasing",
    instrument: "nircam",
    visitType: "prime_wfsc_sensing_control",
  });
  const lens = { filter: "f212n", channel: "short", module: "a", patttype: "wfsc" };
  for (const pupil of ["wlp8", "wlm8"])
    sensing
      .next()
      .expose("nrc_image", ["nrca3"], { ...lens, pupil })
      .expose("nrc_image", ["nrca3"], { ...lens, pupil });
  sensing
    .next()
    .expose("nrc_image", ["nrca3"], { ...lens, pupil: "clear", patttype: undefined, dms_note: "wfsc_los_jitter" });
  program
    .observe({
      target: star,
      template: "wfsc nircam global alignment",
      instrument: "nircam",
      visitType: "prime_wfsc_routine",
    })
    .next()
    .dither(2, "wfsc", "nrc_image", ["nrca3", "nrca4"], { ...lens, pupil: "wlp8" });
  const lamps = program.observe({
    target: program.target("none"),
    template: "nircam engineering imaging",
    instrument: "nircam",
    visitType: "prime_untargeted",
  });
  const flat = { filter: "f150w", pupil: "flat", channel: "short", module: "a" };
  lamps
    .next()
    .expose("nrc_flat", ["nrca1"], { ...flat, pntgtype: "nrc_flat" })
    .next()
    .expose("nrc_dark", ["nrca1"], { ...flat, pntgtype: "nrc_dark" })
    .next()
    .expose("nrc_led", ["nrca1"], flat)
    .next()
    .expose("nrc_focus", ["nrca1"], flat)
    .next()
    .expose("nrc_grism", ["nrcalong"], { ...flat, pupil: "grismr", channel: "long", filter: "f356w" });
  return program;
}
