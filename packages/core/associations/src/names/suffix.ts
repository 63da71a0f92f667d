/** Suffixes that the pipelines put after a product name. */
const SUFFIXES = `
ami ami-oi aminorm aminorm-oi blot bsub bsubints c1d cal calints cat crf crfints dark i2d mbsub median phot psfalign psfstack
psfsub ramp rate rateints s2d s3d snr uncal wfscmb whtlt x1d x1dints
adaptive_trace_model align_refs ami_analyze ami_normalize assign_mtwcs assign_wcs badpix_selfcal barshadow bkg_subtract
calwebb_ami3 calwebb_coron3 calwebb_dark calwebb_detector1 calwebb_guider calwebb_image2 calwebb_image3 calwebb_spec2
calwebb_spec3 calwebb_tso3 calwebb_wfs-image3 charge_migration clean_flicker_noise combine_1d cube_build dark_current dq_init
emicorr extract_1d extract_2d firstframe flat_field fringe gain_scale group_scale guider_cds hlsp imprint_subtract ipc jump
klip lastframe linearity master_background master_background_mos msa_flagging outlier_detection pathloss persistence photom
picture_frame pixel_replace ramp_fit refpix resample resample_spec reset residual_fringe rscd saturation skymatch
source_catalog spectral_leak srctype stack_refs straylight superbias targ_centroid tso_photometry tweakreg wavecorr
wfss_contam white_light
adaptivetracemodelstep alignrefsstep ami3pipeline amianalyzestep aminormalizestep assignmtwcsstep assignwcsstep backgroundstep
badpixselfcalstep barshadowstep chargemigrationstep cleanflickernoisestep combine1dstep coron3pipeline cubebuildstep
darkcurrentstep darkpipeline detector1pipeline dqinitstep emicorrstep extract1dstep extract2dstep firstframestep flatfieldstep
fringestep gainscalestep groupscalestep guidercdsstep guiderpipeline hlspstep image2pipeline image3pipeline imprintstep
ipcstep jumpstep klipstep lastframestep linearitystep masterbackgroundmosstep masterbackgroundstep msaflagopenstep
outlierdetectionstep pathlossstep persistencestep photomstep pictureframestep pixelreplacestep rampfitstep refpixstep
resamplespecstep resamplestep resetstep residualfringestep rscdstep saturationstep skymatchstep sourcecatalogstep
sourcetypestep spec2pipeline spec3pipeline spectralleakstep stackrefsstep straylightstep superbiasstep targcentroidstep
tso3pipeline tsophotometrystep tweakregstep wavecorrstep wfscombinestep wfsscontamstep whitelightstep
`
  .trim()
  .split(/\s+/);

const KNOWN = new RegExp(`^(.+?)([_-](?:${SUFFIXES.join("|")}))?$`);

/** A product name without its suffix: `jw..._nrca1_rate` becomes `jw..._nrca1`. */
export function removeSuffix(name: string): string {
  return KNOWN.exec(name)?.[1] ?? name;
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** A file name without its last extension. */
export function stem(path: string): string {
  const name = baseName(path);
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}

/** The exposure that a product file belongs to: its name without folder, extension and suffix. */
export const exposureName = (path: string): string => removeSuffix(stem(path));
