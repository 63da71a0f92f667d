import { Program } from "./program.js";

const NIS = ["nis"];

/** Direct images around dithered grism exposures, two filters and both grisms. */
export function nirissWfss(): Program {
  const program = new Program(2011);
  const visit = program.observe({
    target: program.target("abell-1"),
    template: "niriss wide field slitless spectroscopy",
    instrument: "niriss",
  });
  for (const pupil of ["f115w", "f200w"]) {
    visit.next().expose("nis_image", NIS, { filter: "clear", pupil });
    for (const filter of ["gr150r", "gr150c"]) visit.next().dither(3, "medium", "nis_wfss", NIS, { filter, pupil });
    visit.next().dither(2, "medium", "nis_image", NIS, { filter: "clear", pupil });
  }
  return program;
}

/** Interferometry of a binary with two PSF references, with acquisitions. */
export function nirissInterferometry(): Program {
  const program = new Program(2012);
  const candidates = [["c1000", "group"]] as const;
  for (const [name, psf] of [
    ["binary", false],
    ["reference-1", true],
    ["reference-2", true],
  ] as const) {
    const visit = program.observe({
      target: program.target(name),
      template: "niriss aperture masking interferometry",
      instrument: "niriss",
      candidates,
      psf,
    });
    visit
      .next()
      .expose("nis_tacq", NIS, { filter: "f480m", pupil: "nrm", subarray: "subtaami", pntgtype: "target_acquisition" });
    for (const filter of ["f480m", "f380m"])
      visit.next().dither(2, "stare", "nis_ami", NIS, { filter, pupil: "nrm", subarray: "sub80" });
    visit.next().expose("nis_taconfirm", NIS, { filter: "f480m", pupil: "clearp", subarray: "sub80" });
  }
  return program;
}

/** Single-object spectra of a transit, in both filters; one exposure has a single integration, one visit is no time series. */
export function nirissSoss(): Program {
  const program = new Program(2013);
  const target = program.target("wasp-1");
  for (const timeSeries of [true, false]) {
    const visit = program.observe({
      target,
      template: "niriss single-object slitless spectroscopy",
      instrument: "niriss",
      timeSeries,
    });
    const soss = { pupil: "gr700xd", subarray: "substrip256" };
    visit
      .next()
      .expose("nis_tacq", NIS, {
        filter: "f480m",
        pupil: "clearp",
        subarray: "subtasoss",
        pntgtype: "target_acquisition",
      })
      .next()
      .expose("nis_soss", NIS, { ...soss, filter: "clear", nints: 300, exsegtot: 2 })
      .next()
      .expose("nis_soss", NIS, { ...soss, filter: "f277w", nints: 11 })
      .next()
      .expose("nis_soss", NIS, { ...soss, filter: "clear", nints: 1, subarray: "substrip96" });
  }
  return program;
}

/** Images of a field, and calibration: focus, lamps, darks, external calibration. */
export function nirissImaging(): Program {
  const program = new Program(2014);
  program
    .observe({ target: program.target("lmc"), template: "niriss imaging", instrument: "niriss" })
    .next()
    .dither(4, "niriss-box", "nis_image", NIS, { filter: "clear", pupil: "f150w" })
    .next()
    .dither(2, "niriss-box", "nis_image", NIS, { filter: "f380m", pupil: "clearp" });
  const calibration = program.observe({
    target: program.target("none"),
    template: "niriss internal flat",
    instrument: "niriss",
    visitType: "prime_untargeted",
  });
  const optics = { filter: "clear", pupil: "f200w" };
  for (const expType of ["nis_focus", "nis_lamp", "nis_extcal"]) calibration.next().expose(expType, NIS, optics);
  calibration.next().expose("nis_dark", NIS, { ...optics, pntgtype: "nis_dark" });
  return program;
}
