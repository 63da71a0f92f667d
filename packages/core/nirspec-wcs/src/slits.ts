import { ValidationError } from "@calwebb/errors";

/** Numbers of the fixed slits. */
export const FIXED_SLITS = { NONE: 0, S200A1: 1, S200A2: 2, S400A1: 3, S1600A1: 4, S200B1: 5 } as const;
export type FixedSlit = Exclude<keyof typeof FIXED_SLITS, "NONE">;

/** Lower and upper edge of a slit; its own height is 1 and its middle 0. */
export type SlitRange = readonly [low: number, high: number];

/** Quadrant of the MSA that fixed slits are counted in. */
export const FIXED_QUADRANT = 5;

/** An open slit, slitlet or shutter. */
export interface Slit {
  /** Name of a fixed slit, number of a slitlet. */
  name: string | number;
  /** Number of the shutter in its quadrant, from 1; of a fixed slit, from 0. */
  shutter: number;
  dither: number;
  xcen: number;
  ycen: number;
  ymin: number;
  ymax: number;
  quadrant: number;
  source: number;
  /** 1 for open, 0 for closed shutters, x for the one of the source. */
  state: string;
  sourceName: string;
  sourceAlias: string;
  stellarity: number;
  sourceX: number;
  sourceY: number;
  sourceRa: number;
  sourceDec: number;
  scaleX: number;
  scaleY: number;
  /** By which transforms know it; negative for fixed slits. */
  id: number;
}

/** A slit with what is not said as if there were no source. */
export function makeSlit(
  given: Pick<Slit, "name" | "shutter" | "ymin" | "ymax" | "quadrant" | "id"> & Partial<Slit>,
): Slit {
  return {
    dither: 0,
    xcen: 0,
    ycen: 0,
    source: 0,
    state: "",
    sourceName: "",
    sourceAlias: "",
    stellarity: 0,
    sourceX: 0,
    sourceY: 0,
    sourceRa: 0,
    sourceDec: 0,
    scaleX: 1,
    scaleY: 1,
    ...given,
  };
}

/** Members of a slit in the order in which files keep them. */
const ORDER: readonly (keyof Slit)[] = [
  "name",
  "shutter",
  "dither",
  "xcen",
  "ycen",
  "ymin",
  "ymax",
  "quadrant",
  "source",
  "state",
  "sourceName",
  "sourceAlias",
  "stellarity",
  "sourceX",
  "sourceY",
  "sourceRa",
  "sourceDec",
  "scaleX",
  "scaleY",
  "id",
];

/** The record of a slit as files keep it. */
export function slitRow(slit: Slit): unknown[] {
  return ORDER.map((key) => slit[key]);
}

/** Whether a text names a fixed slit. */
export function isFixedSlit(name: string): name is FixedSlit {
  return name !== "NONE" && Object.hasOwn(FIXED_SLITS, name);
}

/** Identifier of a fixed slit in transforms. */
export function fixedSlitId(name: FixedSlit): number {
  return -100 - FIXED_SLITS[name];
}

/** Fixed slits in the order of their numbers. */
const ALL = (Object.keys(FIXED_SLITS) as (keyof typeof FIXED_SLITS)[]).filter(isFixedSlit);

/** The slit that a subarray holds. */
const OF_SUBARRAY: Readonly<Record<string, FixedSlit>> = {
  SUBS200A1: "S200A1",
  SUBS200A2: "S200A2",
  SUBS400A1: "S400A1",
  SUBS200B1: "S200B1",
  SUB2048: "S1600A1",
  SUB512: "S1600A1",
  SUB512S: "S1600A1",
  SUB1024A: "S1600A1",
  SUB1024B: "S1600A1",
};

/**
 * The fixed slits that an exposure sees.
 * @param primary - slit of the target (FXD_SLIT); its source has the number 1, those of the others a number of two digits
 * @throws {ValidationError} for an unknown primary slit
 */
export function openFixedSlits(subarray: string, primary: string, [ymin, ymax]: SlitRange): Slit[] {
  if (!Object.hasOwn(FIXED_SLITS, primary))
    throw new ValidationError(`FXD_SLIT names a slit that NIRSpec does not have: ${primary}`, {
      where: "FXD_SLIT",
      got: primary,
      wanted: Object.keys(FIXED_SLITS).join(", "),
    });
  const main = FIXED_SLITS[primary as FixedSlit];
  const only = OF_SUBARRAY[subarray.toUpperCase()];
  return (only === undefined ? ALL : [only]).map((name) => {
    const number = FIXED_SLITS[name];
    return makeSlit({
      name,
      shutter: number - 1,
      ymin,
      ymax,
      quadrant: FIXED_QUADRANT,
      source: name === primary ? 1 : 10 * main + number,
      id: fixedSlitId(name),
    });
  });
}

/** The slit of bright object time series. */
export function brightObjectSlit([ymin, ymax]: SlitRange): Slit {
  const shutter = FIXED_SLITS.S1600A1 - 1;
  return makeSlit({
    name: "S1600A1",
    shutter,
    ymin,
    ymax,
    quadrant: FIXED_QUADRANT,
    source: 1,
    id: fixedSlitId("S1600A1"),
  });
}
