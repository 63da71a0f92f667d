import { type Observation, Program, type Target } from "./program.js";

const IMAGER = ["mirimage"];
const IFU = ["mirifulong", "mirifushort"];
const channel = (detector: string): string => (detector === "mirifushort" ? "12" : "34");

/** Dithered images of a target and of its background in two filters. */
export function miriImaging(): Program {
  const program = new Program(2021);
  const candidates = [["c1000", "background"]] as const;
  for (const target of [program.target("nebula"), program.target("nebula-sky", { background: true })]) {
    const visit = program.observe({ target, template: "miri imaging", instrument: "miri", candidates });
    for (const filter of ["f770w", "f1500w"]) visit.next().dither(3, "cycling", "mir_image", IMAGER, { filter });
  }
  program
    .observe({ target: program.target("star"), template: "miri imaging", instrument: "miri", timeSeries: true })
    .next()
    .dither(2, "none", "mir_image", IMAGER, { filter: "f1500w", subarray: "sub64", nints: 500 });
  return program;
}

/** All bands of the integral field units with the imager in parallel, a dedicated background, an acquisition. */
export function miriMrs(): Program {
  const program = new Program(2022);
  const candidates = [["c1000", "background"]] as const;
  for (const target of [program.target("galaxy"), program.target("galaxy-sky", { background: true })]) {
    const visit = program.observe({
      target,
      template: "miri medium resolution spectroscopy",
      instrument: "miri",
      candidates,
    });
    if (!target.background)
      visit.next().expose("mir_tacq", IMAGER, { filter: "fnd", pntgtype: "target_acquisition", subarray: "full" });
    for (const band of ["short", "medium", "long"]) {
      visit.next().dither(2, "4-point", "mir_mrs", IFU, (detector) => ({ band, channel: channel(detector) }));
      if (!target.background) visit.expose("mir_image", IMAGER, { filter: "f770w" });
    }
  }
  return program;
}

/** Nods along the slit with acquisition and verification image, a background without nods, a transit without slit, and nods without background. */
export function miriLrs(): Program {
  const program = new Program(2023);
  const slit = { filter: "p750l", subarray: "full" };
  const acquire = (visit: Observation): Observation =>
    visit.next().expose("mir_tacq", IMAGER, { filter: "f560w", pntgtype: "target_acquisition" });
  const observe = (target: Target) =>
    program.observe({
      target,
      template: "miri low resolution spectroscopy",
      instrument: "miri",
      candidates: [["c1000", "background"]],
    });
  acquire(observe(program.target("asteroid", { type: "moving" })))
    .next()
    .expose("mir_taconfirm", IMAGER, { filter: "f560w", pntgtype: "target_acquisition" })
    .next()
    .dither(2, "along-slit-nod", "mir_lrs-fixedslit", IMAGER, slit);
  observe(program.target("asteroid-sky", { background: true }))
    .next()
    .dither(2, "none", "mir_lrs-fixedslit", IMAGER, slit);
  acquire(
    program.observe({
      target: program.target("wasp-2"),
      template: "miri low resolution spectroscopy",
      instrument: "miri",
      timeSeries: true,
    }),
  )
    .next()
    .expose("mir_lrs-slitless", IMAGER, { filter: "p750l", subarray: "slitlessprism", nints: 900, exsegtot: 4 })
    .next()
    .expose("mir_taconfirm", IMAGER, { filter: "f560w", subarray: "slitlessprism" });
  acquire(
    program.observe({
      target: program.target("dwarf"),
      template: "miri low resolution spectroscopy",
      instrument: "miri",
    }),
  )
    .next()
    .dither(2, "along-slit-nod", "mir_lrs-fixedslit", IMAGER, slit);
  return program;
}

/** Phase masks and the Lyot spot: a target, its PSF reference, and backgrounds of both. */
export function miriCoronagraphy(): Program {
  const program = new Program(2024);
  const masks = [
    ["mir_4qpm", "f1065c", "mask1065", "c1000"],
    ["mir_lyot", "f2300c", "masklyot", "c1001"],
  ] as const;
  const target = program.target("disk");
  const reference = program.target("disk-reference");
  const sky = program.target("disk-sky", { background: true });
  for (const [expType, filter, subarray, id] of masks)
    for (const [where, psf] of [
      [target, false],
      [reference, true],
      [sky, false],
    ] as const)
      program
        .observe({
          target: where,
          template: "miri coronagraphic imaging",
          instrument: "miri",
          candidates: [[id, where.background ? "background" : "group"]],
          psf,
        })
        .next()
        .expose("mir_tacq", IMAGER, { filter: "fnd", subarray, pntgtype: "target_acquisition" })
        .next()
        .dither(psf ? 3 : 1, psf ? "5-point-small-grid" : "none", expType, IMAGER, { filter, subarray });
  return program;
}

/** The prism without slit with its direct images, and calibration exposures. */
export function miriWfss(): Program {
  const program = new Program(2025);
  program
    .observe({
      target: program.target("hdf"),
      template: "miri wide field slitless spectroscopy",
      instrument: "miri",
    })
    .next()
    .expose("mir_image", IMAGER, { filter: "f560w" })
    .next()
    .dither(3, "cycling", "mir_wfss", IMAGER, { filter: "p750l" })
    .next()
    .expose("mir_image", IMAGER, { filter: "f1000w" });
  const calibration = program.observe({
    target: program.target("none"),
    template: "miri dark",
    instrument: "miri",
    visitType: "prime_untargeted",
  });
  calibration
    .next()
    .expose("mir_darkimg", IMAGER, { filter: "opaque", pntgtype: "mir_darkimg" })
    .next()
    .expose("mir_darkmrs", IFU, (d) => ({ band: "short", channel: channel(d) }))
    .next()
    .expose("mir_flatmrs", IFU, (d) => ({ band: "long", channel: channel(d) }))
    .next()
    .expose("mir_flatimage", IMAGER, { filter: "f770w" })
    .next()
    .expose("mir_coroncal", IMAGER, { filter: "f1065c", subarray: "mask1065" });
  return program;
}
