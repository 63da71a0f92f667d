/** What the name of an association file says. */
export interface AssociationFileName {
  readonly program: string;
  /** `o001`, `c1000`, `a3001` or `r0001`. */
  readonly candidate: string;
  readonly candidateKind: "observation" | "candidate" | "discovered" | "reserved";
  readonly version: string | undefined;
  readonly type: string;
  readonly number: number;
}

/** Names in DMS: `jwPPPPP-TNNNN[_YYYYMMDDtHHMMSS]_ATYPE_MMM_asn.json`. */
export const ASSOCIATION_FILE: RegExp =
  /^jw(\d{5})-(o\d{3}|[acr]\d{4})(?:_([^_]+))?_([a-z0-9-]+)_(\d{3,5})_asn(?:\.json|\.ya?ml)?$/;
/** A file that stage 3 has made. */
export const STAGE3_FILE: RegExp = /.+[aocr][0-9]{3,4}.+/;
/** A file with the data of one exposure. */
export const EXPOSURE_FILE: RegExp = /^jw[0-9]{11}_[0-9]{5}_[0-9]{5}_.+\.fits$/;
/** A file with the combined data of a target. */
export const TARGET_FILE: RegExp = /^jw[0-9]{5}-[aocr][0-9]{3,4}_.+/;

const KINDS = { o: "observation", c: "candidate", a: "discovered", r: "reserved" } as const;

/** The parts of the name of an association file, undefined when it is none. */
export function parseAssociationFileName(name: string): AssociationFileName | undefined {
  const match = ASSOCIATION_FILE.exec(name);
  if (match === null) return undefined;
  const [, program, candidate, version, type, number] = match;
  return {
    program,
    candidate,
    candidateKind: KINDS[candidate[0] as keyof typeof KINDS],
    version,
    type,
    number: Number(number),
  };
}

/** What a file holds, by its name. */
export function classifyFile(name: string): "association" | "exposure" | "target" | "other" {
  if (ASSOCIATION_FILE.test(name)) return "association";
  if (EXPOSURE_FILE.test(name)) return "exposure";
  return TARGET_FILE.test(name) ? "target" : "other";
}

/** Pipelines of stages 2 and 3, by the type of the association. */
export const PIPELINE_OF_TYPE: Readonly<Record<string, string>> = {
  image2: "calwebb_image2",
  "wfs-image2": "calwebb_image2",
  "tso-image2": "calwebb_image2",
  spec2: "calwebb_spec2",
  "tso-spec2": "calwebb_spec2",
  "nrslamp-spec2": "calwebb_spec2",
  image3: "calwebb_image3",
  ami3: "calwebb_ami3",
  coron3: "calwebb_coron3",
  tso3: "calwebb_tso3",
  spec3: "calwebb_spec3",
  "wfs-image3": "calwebb_wfs-image3",
  wfs: "calwebb_wfs-image3",
};

/** Whether associations of a type are for stage 2 or stage 3; undefined for unknown types. */
export function stageOfType(type: string): 2 | 3 | undefined {
  const pipeline = PIPELINE_OF_TYPE[type];
  if (pipeline === undefined) return undefined;
  return pipeline.endsWith("2") ? 2 : 3;
}
