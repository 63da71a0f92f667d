import { celestialFrame, compositeFrame, type Frame, frame2D, spectralFrame } from "@calwebb/wcs";

/** Names that code gives the frames. */
export type FrameName =
  | "coordinates"
  | "detector"
  | "sca"
  | "gwa"
  | "slit"
  | "slicer"
  | "msa"
  | "ote"
  | "oteCorrected"
  | "v23"
  | "v23Corrected"
  | "world";

/** The coordinate frames between detector and sky; wavelengths are in um at both ends of each. */
export function frames(): Record<FrameName, Frame> {
  const plane = (name: string, x: string, y: string, unit: string): Frame =>
    frame2D(name, { axesNames: [x, y], units: [unit, unit] });
  const wavelength = spectralFrame("spectral", { axesOrder: [2] });
  const spectral = (name: string, spatial: Frame): Frame => compositeFrame(name, [spatial, wavelength]);
  const ote = plane("oteip", "X_OTEIP", "Y_OTEIP", "deg");
  return {
    coordinates: frame2D("coordinates"),
    detector: frame2D("detector"),
    sca: frame2D("sca"),
    gwa: plane("gwa", "alpha_in", "beta_in", "rad"),
    slit: spectral("slit_frame", plane("slit_spatial", "x_slit", "y_slit", "")),
    slicer: spectral("slicer", plane("slicer_spatial", "x_slicer", "y_slicer", "")),
    msa: spectral("msa_frame", plane("msa_spatial", "x_msa", "y_msa", "m")),
    ote: spectral("oteip", ote),
    oteCorrected: spectral("oteip_chromcorr", ote),
    v23: spectral("v2v3", plane("v2v3_spatial", "v2", "v3", "arcsec")),
    v23Corrected: spectral("v2v3vacorr", plane("v2v3vacorr_spatial", "v2", "v3", "arcsec")),
    world: spectral("world", celestialFrame("sky")),
  };
}
