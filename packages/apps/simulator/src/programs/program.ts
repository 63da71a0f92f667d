/** Columns of a pool, in the order in which ground processing writes them. */
export const COLUMNS: readonly string[] =
  `filename obs_id program obs_num visit visit_id visitgrp visitype seq_id act_id exposure exp_type nexposur expcount instrume detector
channel targetid targprop targname targtype template pntgtype pntg_seq targordn expspcin dithptin mostilno module filter pupil ditherid
patttype pattstrt numdthpt pattsize subpxpts patt_num subpixel apername sdp_ver subarray grating fxd_slit band gwa_xtil gwa_ytil
asn_candidate exposerr is_psf is_imprt bkgdtarg tsovisit msastate msametfl opmode lamp spec_num spat_num dms_note exsegtot nints ngroups
mtshadow`.split(/\s+/);

export type Row = Readonly<Record<string, string>>;

/** What is pointed at. */
export interface Target {
  readonly name: string;
  /** Number of the target in its program; none in pure parallels. */
  readonly id: number | undefined;
  readonly type?: "fixed" | "moving" | "generic";
  /** Exposures of it are backgrounds of others. */
  readonly background?: boolean;
}

export interface ObservationOptions {
  readonly target: Target;
  /** Observing template. */
  readonly template: string;
  readonly instrument: "nircam" | "niriss" | "nirspec" | "miri" | "fgs";
  /** Candidates beside the observation itself: `["c1000", "group"]`. */
  readonly candidates?: readonly (readonly [id: string, type: string])[];
  readonly visitType?: string;
  /** PSF reference of a coronagraphic or interferometric observation. */
  readonly psf?: boolean;
  /** Time series. */
  readonly timeSeries?: boolean;
}

export type Values = Readonly<Record<string, string | number | undefined>>;

/** An observing program: observations make visits, visits activities, activities exposures, and each detector a row. */
export class Program {
  readonly rows: Row[] = [];
  readonly number: number;
  private observations = 0;
  private targets = 0;

  constructor(number: number) {
    this.number = number;
  }

  target(name: string, options: Omit<Target, "name" | "id"> = {}): Target {
    return { name, id: ++this.targets, ...options };
  }

  observe(options: ObservationOptions): Observation {
    return new Observation(this, ++this.observations, options);
  }
}

/** One observation while it is carried out. */
export class Observation {
  private readonly program: Program;
  private readonly number: number;
  private readonly options: ObservationOptions;
  private activities = 0;
  private exposures = 0;
  private pointing = 0;
  private specifications = 0;
  private activity = "01";

  constructor(program: Program, number: number, options: ObservationOptions) {
    this.program = program;
    this.number = number;
    this.options = options;
  }

  /** Begin a new activity: another exposure specification, such as a filter. */
  next(): this {
    this.activity = (++this.activities).toString(36).padStart(2, "0");
    this.specifications++;
    this.exposures = 0;
    return this;
  }

  /**
   * Expose the detectors once.
   * @param values - columns that are not those of the observation; of a detector: a function
   */
  expose(expType: string, detectors: readonly string[], values: Values | ((detector: string) => Values) = {}): this {
    if (this.activities === 0) this.next();
    this.exposures++;
    this.pointing++;
    for (const detector of detectors)
      this.row(expType, detector, typeof values === "function" ? values(detector) : values);
    return this;
  }

  /** Expose at each point of a dither pattern; `patt_num` and `dithptin` count the points. */
  dither(
    points: number,
    pattern: string,
    expType: string,
    detectors: readonly string[],
    values: Values | ((detector: string, point: number) => Values) = {},
  ): this {
    for (let point = 1; point <= points; point++)
      this.expose(expType, detectors, (detector) => ({
        patttype: pattern,
        pattstrt: 1,
        numdthpt: points,
        patt_num: point,
        dithptin: point,
        subpxpts: 1,
        ...(typeof values === "function" ? values(detector, point) : values),
      }));
    return this;
  }

  private row(expType: string, detector: string, values: Values): void {
    const { program, number, options, activity } = this;
    const { target } = options;
    const id = `${String(program.number).padStart(5, "0")}${String(number).padStart(3, "0")}001`;
    const own: [string, string] = [`o${String(number).padStart(3, "0")}`, "observation"];
    const candidates = [own, ...(options.candidates ?? [])].map(([c, type]) => `('${c}', '${type}')`);
    const row: Record<string, string | number | undefined> = {
      obs_id: `v${id}p00000000021${activity}`,
      program: program.number,
      obs_num: number,
      visit: 1,
      visit_id: id,
      visitgrp: 2,
      visitype: options.visitType ?? "prime_targeted_fixed",
      seq_id: 1,
      act_id: activity,
      exposure: this.exposures,
      exp_type: expType,
      expcount: this.pointing,
      instrume: options.instrument,
      detector,
      targetid: target.id,
      targprop: target.name,
      targname: target.name,
      targtype: target.type ?? "fixed",
      template: options.template,
      pntgtype: "science",
      pntg_seq: this.pointing,
      targordn: 1,
      expspcin: this.specifications,
      dithptin: this.exposures,
      mostilno: 1,
      numdthpt: 1,
      patt_num: 1,
      subpixel: undefined,
      sdp_ver: "2026_1",
      subarray: "full",
      asn_candidate: `[${candidates.join(", ")}]`,
      is_psf: options.psf ? "t" : "f",
      is_imprt: "f",
      bkgdtarg: target.background ? "t" : "f",
      tsovisit: options.timeSeries ? "t" : "f",
      exsegtot: 1,
      nints: 2,
      ngroups: 8,
      mtshadow: "none",
      ...values,
    };
    row["filename"] = `jw${id}_021${activity}_${String(this.exposures).padStart(5, "0")}_${detector}_uncal.fits`;
    this.program.rows.push(Object.fromEntries(COLUMNS.map((c) => [c, String(row[c] ?? "null").toLowerCase()])));
  }
}
