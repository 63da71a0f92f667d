// Dithered exposures of one star field through the distortion of a NIRCam-like detector, as count rates, with the references that
// calwebb_image2 and calwebb_image3 ask for.
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { NdArray } from "@calwebb/array";
import { Tagged } from "@calwebb/asdf";
import { atomicFileSink } from "@calwebb/bytes/node";
import { createModel, encodeModel, tableFrom } from "@calwebb/datamodels";
import { random } from "@calwebb/rng";
import { Mapping, Polynomial2D, pipe, Shift, sideBySide, v23ToSky } from "@calwebb/wcs";

const SCALE = 0.063;
const V2 = 86.1;
const V3 = -493.2;
const RA = 53.1;
const DEC = -27.8;
const ROLL = 41;
const EXPTIME = 311;
/** MJy/sr per DN/s. */
const FLUX = 0.4;
/** Sky [DN/s], read noise of a rate, photons per DN/s. */
const SKY = 0.6;
const READ = 0.02;
const PHOTONS = 1.8 * EXPTIME;
const STARS_PER_MEGAPIXEL = 700;
/** Full width at half maximum [pixel] and shape of the stars. */
const FWHM = 2.3;
const BETA = 3;
const DAY = 86400;
const START = 60000.25;

/** Powers of x and y of the distortion, [arcsec per pixel^(i + j)]; V2 runs against x. */
const DISTORTION = {
  v2: { "1,0": -SCALE, "0,1": 2e-5, "2,0": 4e-7, "1,1": -6e-7, "0,2": 2e-7, "3,0": 3e-11, "1,2": -2e-11, "5,0": 1e-17 },
  v3: { "1,0": 3e-5, "0,1": 1.004 * SCALE, "2,0": -3e-7, "1,1": 5e-7, "0,2": 6e-7, "0,3": 2e-11, "2,1": 4e-11 },
};
const DEGREE = 5;
const SIDE = DEGREE + 1;

function coefficients(terms) {
  const out = new Float64Array(SIDE * SIDE);
  for (const [key, value] of Object.entries(terms)) {
    const [i, j] = key.split(",").map(Number);
    out[i * SIDE + j] = value;
  }
  return out;
}

/** Pixels from the middle of the detector to arcsec from its reference point, and back by Newton's method. */
const toIdeal = [new Polynomial2D(coefficients(DISTORTION.v2)), new Polynomial2D(coefficients(DISTORTION.v3))];
function toPixel(v2, v3) {
  let [x, y] = [-v2 / SCALE, v3 / SCALE];
  for (let n = 0; n < 20; n++) {
    const [[a, ax, ay], [b, bx, by]] = toIdeal.map((p) =>
      p.evaluate([Float64Array.of(x, x + 1, x), Float64Array.of(y, y, y + 1)]).flatMap((v) => [...v]),
    );
    const [xx, xy, yx, yy] = [ax - a, ay - a, bx - b, by - b];
    const d = xx * yy - xy * yx;
    const [dx, dy] = [(yy * (v2 - a) - xy * (v3 - b)) / d, (xx * (v3 - b) - yx * (v2 - a)) / d];
    x += dx;
    y += dy;
    if (Math.abs(dx) + Math.abs(dy) < 1e-10) break;
  }
  return [x, y];
}

/** Coefficients of a polynomial through values at points, by least squares; positions are scaled by `s` to stay near one. */
function fitPolynomial(points, values, s) {
  const powers = [];
  for (let i = 0; i <= DEGREE; i++) for (let j = 0; j <= DEGREE - i; j++) powers.push([i, j]);
  const n = powers.length;
  const m = Array.from({ length: n }, () => new Float64Array(n + 1));
  for (const [k, [u, v]] of points.entries()) {
    const row = powers.map(([i, j]) => (u / s) ** i * (v / s) ** j);
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < n; b++) m[a][b] += row[a] * row[b];
      m[a][n] += row[a] * values[k];
    }
  }
  for (let c = 0; c < n; c++) {
    let best = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(m[r][c]) > Math.abs(m[best][c])) best = r;
    [m[c], m[best]] = [m[best], m[c]];
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const f = m[r][c] / m[c][c];
      for (let b = c; b <= n; b++) m[r][b] -= f * m[c][b];
    }
  }
  const out = new Float64Array(SIDE * SIDE);
  for (const [k, [i, j]] of powers.entries()) out[i * SIDE + j] = m[k][n] / m[k][k] / s ** (i + j);
  return new Polynomial2D(out);
}

/** Pixels of a detector of `size` x `size` to V2, V3, with the inverse. */
function distortion(size) {
  const middle = (size - 1) / 2;
  const points = [];
  const pixels = [];
  for (let v = -12; v <= 12; v++)
    for (let u = -12; u <= 12; u++) {
      const [x, y] = [(1.05 * u * size) / 24, (1.05 * v * size) / 24];
      points.push(toIdeal.map((p) => p.point(x, y)[0]));
      pixels.push([x, y]);
    }
  const back = [0, 1].map((axis) =>
    fitPolynomial(
      points,
      pixels.map((p) => p[axis]),
      (SCALE * size) / 2,
    ),
  );
  const shift = (a, b) => sideBySide(new Shift(a), new Shift(b));
  const two = new Mapping([0, 1, 0, 1]);
  const forward = pipe(shift(-middle, -middle), two, sideBySide(...toIdeal), shift(V2, V3));
  return forward.withInverse(pipe(shift(-V2, -V3), two, sideBySide(...back), shift(middle, middle)));
}

/** Pointings: a pattern of offsets [arcsec], and what the telescope missed them by. */
const DITHERS = [
  [0, 0],
  [6.2, 4.1],
  [-5.3, 6.4],
  [3.3, -7.1],
  [-6.9, -3.4],
  [9.1, -1.7],
  [-1.4, 9.7],
  [-9.6, 2.2],
];
const MISSED = 0.012;

/** Right ascension and declination of the reference point of exposure k, as it was and as the header has it. */
function pointing(k, r) {
  const [east, north] = DITHERS[k % DITHERS.length];
  const turn = 1 + Math.floor(k / DITHERS.length) / 3;
  const at = (e, n) => ({ raRef: RA + e / 3600 / Math.cos((DEC * Math.PI) / 180), decRef: DEC + n / 3600 });
  const [e, n] = [east * turn, north * turn];
  return {
    truth: at(e + MISSED * r.normal(), n + MISSED * r.normal()),
    header: at(e, n),
  };
}

const optics = ({ raRef, decRef }) => v23ToSky({ v2Ref: V2, v3Ref: V3, rollRef: ROLL, raRef, decRef });

/** Stars on the sky that all exposures may see: right ascension, declination, rate [DN/s]. */
function drawStars(size, r) {
  const side = size * SCALE + 40;
  const n = Math.round((STARS_PER_MEGAPIXEL * (side / SCALE) ** 2) / 1e6);
  return Array.from({ length: n }, () => ({
    ra: RA + ((r.uniform() - 0.5) * side * 1.5) / 3600 / Math.cos((DEC * Math.PI) / 180),
    dec: DEC + ((r.uniform() - 0.5) * side * 1.5) / 3600,
    rate: Math.min(3000, 0.8 * r.uniform() ** -1.2),
  }));
}

function addStar(image, size, x, y, rate) {
  const alpha = FWHM / (2 * Math.sqrt(2 ** (1 / BETA) - 1));
  const peak = (rate * (BETA - 1)) / (Math.PI * alpha * alpha);
  const radius = Math.min(60, Math.ceil(alpha * Math.sqrt(Math.max(1, (peak / 0.002) ** (1 / BETA) - 1))));
  for (let py = Math.max(0, Math.floor(y - radius)); py <= Math.min(size - 1, y + radius); py++)
    for (let px = Math.max(0, Math.floor(x - radius)); px <= Math.min(size - 1, x + radius); px++)
      image[py * size + px] += peak * (1 + ((px - x) ** 2 + (py - y) ** 2) / (alpha * alpha)) ** -BETA;
}

const subarray = (size) => ({
  name: "FULL",
  xstart: 1,
  ystart: 1,
  xsize: size,
  ysize: size,
  fastaxis: -1,
  slowaxis: 2,
});

const fileName = (k) => `jw01234001001_02101_${String(k + 1).padStart(5, "0")}_nrcalong_rate.fits`;

function metadata(k, { raRef, decRef }, size) {
  const start = START + (k * (EXPTIME + 30)) / DAY;
  const end = start + EXPTIME / DAY;
  const iso = (t) => new Date((t - 40587) * DAY * 1000).toISOString();
  return {
    telescope: "JWST",
    filename: fileName(k),
    observation: {
      date: iso(start).slice(0, 10),
      time: iso(start).slice(11, 23),
      date_beg: iso(start).slice(0, 23),
      date_end: iso(end).slice(0, 23),
      obs_id: "V01234001001P0000000002101",
      program_number: "01234",
      observation_number: "001",
      visit_number: "001",
      visit_group: "02",
      sequence_id: "1",
      activity_id: "01",
      exposure_number: String(k + 1).padStart(5, "0"),
    },
    visit: { tsovisit: false },
    target: { catalog_name: "FIELD", proposer_name: "FIELD", type: "FIXED", ra: RA, dec: DEC },
    instrument: { name: "NIRCAM", detector: "NRCALONG", module: "A", channel: "LONG", filter: "F444W", pupil: "CLEAR" },
    exposure: {
      type: "NRC_IMAGE",
      start_time: start,
      mid_time: (start + end) / 2,
      end_time: end,
      readpatt: "MEDIUM8",
      nints: 1,
      ngroups: 3,
      nframes: 8,
      groupgap: 2,
      integration_start: 1,
      integration_end: 1,
      frame_time: 10.73677,
      group_time: 107.3677,
      effective_exposure_time: EXPTIME,
      exposure_time: EXPTIME,
      measurement_time: EXPTIME,
      integration_time: EXPTIME,
      duration: EXPTIME + 11,
      zero_frame: false,
    },
    subarray: subarray(size),
    dither: { position_number: k + 1, total_points: DITHERS.length },
    bunit_data: "DN/s",
    bunit_err: "DN/s",
    cal_step: { dq_init: "COMPLETE", ramp_fit: "COMPLETE" },
    pointing: { ra_v1: raRef, dec_v1: decRef, pa_v3: ROLL },
    velocity_aberration: { scale_factor: 1.00003 },
    wcsinfo: {
      wcsaxes: 2,
      crpix1: (size + 1) / 2,
      crpix2: (size + 1) / 2,
      crval1: raRef,
      crval2: decRef,
      ctype1: "RA---TAN",
      ctype2: "DEC--TAN",
      cunit1: "deg",
      cunit2: "deg",
      cdelt1: SCALE / 3600,
      cdelt2: SCALE / 3600,
      pc1_1: -1,
      pc1_2: 0,
      pc2_1: 0,
      pc2_2: 1,
      v2_ref: V2,
      v3_ref: V3,
      vparity: -1,
      v3yangle: 0,
      ra_ref: raRef,
      dec_ref: decRef,
      roll_ref: ROLL,
    },
  };
}

/** From AB to Vega magnitudes of the one filter: jwst makes no catalog without. */
function vegaOffset() {
  const column = (name, data) =>
    new Tagged("tag:stsci.edu:asdf/table/column-1.2.0", {
      name,
      data: new Tagged("tag:stsci.edu:asdf/core/ndarray-1.1.0", data),
    });
  const model = createModel("ABVegaOffsetModel");
  const columns = { filter: ["F444W"], pupil: ["CLEAR"], abvega_offset: [3.2] };
  const table = {
    colnames: Object.keys(columns),
    columns: Object.entries(columns).map(([k, v]) => column(k, v)),
    qtable: true,
  };
  model.set("abvega_offset", new Tagged("tag:astropy.org:astropy/table/table-1.3.0", table));
  return model;
}

/** Rates of exposure k. @param maps - flat and flags of the detector */
function expose(k, size, stars, maps, seed) {
  const r = random(seed).fork(100 + k);
  const { truth, header } = pointing(k, r);
  const image = new Float32Array(size * size).fill(SKY * (1 + 0.02 * r.normal()));
  const [v2, v3] = optics(truth).inverse.evaluate([
    Float64Array.from(stars, (s) => s.ra),
    Float64Array.from(stars, (s) => s.dec),
  ]);
  const middle = (size - 1) / 2;
  for (const [i, star] of stars.entries()) {
    const [x, y] = toPixel(v2[i] - V2, v3[i] - V3);
    if (Math.abs(x) < middle + 60 && Math.abs(y) < middle + 60) addStar(image, size, x + middle, y + middle, star.rate);
  }
  const n = image.length;
  const err = new Float32Array(n);
  const poisson = new Float32Array(n);
  const rnoise = new Float32Array(n);
  const dq = Uint32Array.from(maps.dq);
  for (let p = 0; p < n; p++) {
    const mean = image[p] * maps.flat[p];
    poisson[p] = mean / PHOTONS;
    rnoise[p] = READ * READ * maps.noise[p];
    const variance = poisson[p] + rnoise[p];
    err[p] = Math.sqrt(variance);
    image[p] = mean + err[p] * r.normal();
  }
  // Cosmic rays that stage 1 has missed, and jumps that it has found.
  for (let c = 0; c < n / 4000; c++) {
    let [x, y] = [r.uniform() * size, r.uniform() * size];
    const [dx, dy] = [r.normal(), r.normal()];
    const energy = 0.5 * r.uniform() ** -0.8;
    for (let length = 1 + r.integer(4); length > 0; length--, x += dx / 2, y += dy / 2)
      if (x >= 0 && x < size && y >= 0 && y < size) image[Math.floor(y) * size + Math.floor(x)] += energy;
  }
  for (let c = 0; c < n / 100; c++) dq[r.integer(n)] |= 4;
  for (let p = 0; p < n; p++) if (dq[p] & 1) image[p] = err[p] = poisson[p] = rnoise[p] = Number.NaN;
  const plane = (values) => new NdArray(values, [size, size]);
  return createModel("ImageModel", {
    data: plane(image),
    err: plane(err),
    dq: plane(dq),
    var_poisson: plane(poisson),
    var_rnoise: plane(rnoise),
    meta: metadata(k, header, size),
  });
}

function drawMaps(size, r) {
  const n = size * size;
  const flat = new Float32Array(n);
  const noise = new Float32Array(n);
  const dq = new Uint32Array(n);
  for (let p = 0; p < n; p++) {
    flat[p] = 1 + 0.02 * r.normal();
    noise[p] = 1 + 0.3 * r.uniform();
    const [x, y] = [p % size, Math.floor(p / size)];
    if (x < 4 || y < 4 || x >= size - 4 || y >= size - 4) dq[p] = 1 | 0x80000000;
    else if (r.uniform() < 0.003) dq[p] = 1;
  }
  return { flat, noise, dq };
}

function referenceModels(size, maps, r) {
  const n = size * size;
  const plane = (values) => new NdArray(values, [size, size]);
  const sr = (SCALE / 3600 / 180) * Math.PI;
  const area = { pixelarea_steradians: sr * sr, pixelarea_arcsecsq: SCALE * SCALE };
  const fractions = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
  const lens = createModel("DistortionModel");
  lens.model = distortion(size).toAsdf();
  const models = {
    distortion: lens,
    abvegaoffset: vegaOffset(),
    flat: createModel("FlatModel", {
      data: plane(maps.flat.map((v) => v * (1 + 0.001 * r.normal()))),
      err: plane(new Float32Array(n).fill(0.001)),
      dq: plane(new Uint32Array(n)),
      dq_def: tableFrom({
        BIT: Int32Array.of(0),
        VALUE: Uint32Array.of(1),
        NAME: ["DO_NOT_USE"],
        DESCRIPTION: ["bad"],
      }),
    }),
    photom: createModel("NrcImgPhotomModel", {
      phot_table: tableFrom({
        filter: ["F444W"],
        pupil: ["CLEAR"],
        photmjsr: Float32Array.of(FLUX),
        uncertainty: Float32Array.of(FLUX / 100),
      }),
      meta: { photometry: area },
    }),
    area: createModel("PixelAreaModel", { data: plane(new Float32Array(n).fill(1)), meta: { photometry: area } }),
    apcorr: createModel("NrcImgApcorrModel", {
      apcorr_table: tableFrom({
        filter: fractions.map(() => "F444W"),
        pupil: fractions.map(() => "CLEAR"),
        eefraction: Float32Array.from(fractions),
        radius: Float32Array.from(fractions, (f) => 0.6 + 2.4 * f),
        apcorr: Float32Array.from(fractions, (f) => 1.01 / f),
        skyin: Float32Array.from(fractions, () => 6.9),
        skyout: Float32Array.from(fractions, () => 10.35),
      }),
    }),
  };
  for (const [type, model] of Object.entries(models)) {
    const common = {
      telescope: "JWST",
      reftype: type,
      pedigree: "DUMMY",
      description: `made-up ${type}`,
      author: "calwebb",
    };
    for (const [name, value] of Object.entries({ ...common, useafter: "2020-01-01T00:00:00" }))
      model.set(`meta.${name}`, value);
    for (const [name, value] of Object.entries({ name: "NIRCAM", detector: "NRCALONG", channel: "LONG" }))
      model.set(`meta.instrument.${name}`, value);
    model.set("meta.exposure.type", "NRC_IMAGE");
    if (type === "flat") model.set("meta.subarray", { ...subarray(size) });
  }
  models.distortion.set("meta.input_units", "pixel");
  models.distortion.set("meta.output_units", "arcsec");
  return models;
}

/** Reference types that these modes ask for and that are not made here. */
const NOT_APPLICABLE = ["filteroffset", "fflat", "sflat", "dflat", "bkg"];

const save = (model, path) => encodeModel(model, atomicFileSink(path), { fileName: basename(path) });

/**
 * Write `count` rates of `size` x `size` pixels and references.json into a folder.
 * @returns {Promise<string[]>} names of the rates
 */
export async function writeDithers(folder, { count, size, seed = 1 }) {
  const maps = drawMaps(size, random(seed).fork(1));
  const set = Object.fromEntries(NOT_APPLICABLE.map((type) => [type, "N/A"]));
  for (const [type, model] of Object.entries(referenceModels(size, maps, random(seed).fork(2)))) {
    set[type] = `nircam_${type}.${type === "distortion" || type === "abvegaoffset" ? "asdf" : "fits"}`;
    await save(model, join(folder, set[type]));
  }
  const stars = drawStars(size, random(seed).fork(3));
  const names = [];
  for (let k = 0; k < count; k++) {
    names.push(fileName(k));
    await save(expose(k, size, stars, maps, seed), join(folder, fileName(k)));
  }
  writeFileSync(join(folder, "references.json"), `${JSON.stringify(set, null, 1)}\n`);
  return names;
}

/** A level 3 association of calibrated exposures. */
export function association(product, files) {
  return {
    asn_type: "image3",
    asn_rule: "Asn_Lv3Image",
    asn_pool: "none",
    asn_id: "o001",
    program: "01234",
    target: "t001",
    version_id: null,
    code_version: "1.0",
    degraded_status: "No known degraded exposures in association.",
    constraints: "none",
    products: [{ name: product, members: files.map((expname) => ({ expname, exptype: "science" })) }],
  };
}
