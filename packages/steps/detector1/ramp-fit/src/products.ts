import { NdArray } from "@calwebb/array";
import {
  type CubeModel,
  createModel,
  type IFUImageModel,
  type ImageModel,
  type RampFitOutputModel,
  type RampModel,
} from "@calwebb/datamodels";
import type { FitPlanes, SegmentPlanes } from "@calwebb/ramp";

/** Rates are in DN/s whatever the unit of the ramp. */
const UNIT = "DN/s";

type Rates = ImageModel | IFUImageModel | CubeModel;

function fill<M extends Rates>(model: M, ramp: RampModel, planes: FitPlanes, shape: readonly number[]): M {
  model.update(ramp);
  model.data = new NdArray(planes.slope, shape);
  model.dq = new NdArray(planes.dq, shape);
  model.err = new NdArray(planes.err, shape);
  model.var_poisson = new NdArray(planes.varPoisson, shape);
  model.var_rnoise = new NdArray(planes.varRnoise, shape);
  model.meta.bunit_data = UNIT;
  model.meta.bunit_err = UNIT;
  return model;
}

/** Whether the light comes through an integral field unit, so that the image is an IFU image. */
function isIfu(ramp: RampModel): boolean {
  const type = ramp.meta.exposure.type ?? "";
  if (type === "NRS_IFU" || type === "MIR_MRS") return true;
  return (type === "NRS_AUTOWAVE" || type === "NRS_LAMP") && ramp.meta.instrument.lamp_mode === "IFU";
}

/** The rate over the exposure. */
export function rateModel(ramp: RampModel, planes: FitPlanes, shape: readonly number[]): ImageModel | IFUImageModel {
  return isIfu(ramp)
    ? fill(createModel("IFUImageModel"), ramp, planes, shape)
    : fill(createModel("ImageModel"), ramp, planes, shape);
}

/** The rates per integration, with the times of the integrations. */
export function rateintsModel(ramp: RampModel, planes: FitPlanes, shape: readonly number[]): CubeModel {
  const model = fill(createModel("CubeModel"), ramp, planes, shape);
  if (ramp.hasTable("int_times")) model.int_times = ramp.int_times;
  if (ramp.hasTable("int_times_stripe") && (ramp.int_times_stripe?.nrows ?? 0) > 0)
    model.int_times_stripe = ramp.int_times_stripe;
  return model;
}

/** The fit of every segment. */
export function segmentsModel(ramp: RampModel, s: SegmentPlanes): RampFitOutputModel {
  const [nints, , ny, nx] = ramp.data.shape;
  const shape = [nints, s.nsegments, ny, nx];
  const of = (data: Float32Array): NdArray<Float32Array> => new NdArray(data, shape);
  const model = createModel("RampFitOutputModel", {
    slope: of(s.slope),
    sigslope: of(s.sigslope),
    var_poisson: of(s.varPoisson),
    var_rnoise: of(s.varRnoise),
    yint: of(s.yint),
    sigyint: of(s.sigyint),
    pedestal: new NdArray(s.pedestal, [nints, ny, nx]),
    weights: of(s.weights),
    crmag: new NdArray(s.crmag, [nints, s.ncrs, ny, nx]),
  });
  model.update(ramp);
  model.meta.filename = ramp.meta.filename;
  return model;
}

/** Chi squared of the likelihood fits. */
export function chisqModel(ramp: RampModel, chisq: Float32Array): ImageModel {
  const model = createModel("ImageModel", { data: new NdArray(chisq, ramp.data.shape.slice(-2)) });
  model.update(ramp);
  return model;
}
