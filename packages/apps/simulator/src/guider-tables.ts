import { type GuiderRawModel, tableFrom } from "@calwebb/datamodels";
import type { Mode } from "./modes.js";

/** Where the simulator puts the guide star [pixel, from 0]. */
export const guideStar = ({ xsize, ysize }: Mode): { x: number; y: number } => ({ x: xsize * 0.48, y: ysize * 0.53 });

const constant = (n: number, value: number): Float64Array => new Float64Array(n).fill(value);
const times = (n: number, start: number, step: number): string[] =>
  Array.from({ length: n }, (_, k) => new Date((start - 40587) * 86400e3 + k * step * 1e3).toISOString().slice(0, 23));

/** Give a guider exposure the tables that real ones have: stars for identification, pointing and centroids for the rest. */
export function addGuiderTables(model: GuiderRawModel, mode: Mode, n: number, startMjd: number): void {
  const { x, y } = guideStar(mode);
  if (mode.expType.startsWith("FGS_ID")) {
    model.planned_star_table = tableFrom({
      guide_star_order: Int32Array.of(1),
      reference_order: Int32Array.of(0),
      reference_star_id: ["S1AB000001"],
      ra: Float64Array.of(80.4875),
      dec: Float64Array.of(-69.4975),
      id_x: Float64Array.of(x),
      id_y: Float64Array.of(y),
      fgs_mag: Float64Array.of(13.5),
      fgs_mag_uncert: Float64Array.of(0.05),
      count_rate: Float64Array.of(2.5e6),
      count_rate_uncert: Float64Array.of(1e5),
    });
    model.flight_star_table = tableFrom({
      reference_star_id: ["G1"],
      id_x: Float64Array.of(x),
      id_y: Float64Array.of(y),
      count_rate: Float64Array.of(2.5e6),
    });
    return;
  }
  const mjd = Float64Array.from({ length: n }, (_, k) => startMjd + (k * mode.frameTime) / 86400);
  model.pointing_table = tableFrom({
    time: mjd,
    jitter: constant(n, 1.2),
    ...Object.fromEntries(
      ["ddc_ra", "ddc_dec", "aperture_pa", "v1_ra", "v1_dec", "v3_pa", "j1_ra", "j1_dec", "j3_pa"].map((name) => [
        `delta_${name}`,
        constant(n, 0),
      ]),
    ),
    HGA_motion: Array(n).fill("NOT_MOVING"),
  });
  const words = (word: string): string[] => Array(n).fill(word);
  model.centroid_table = tableFrom({
    observatory_time: times(n, startMjd, mode.frameTime),
    centroid_time: times(n, startMjd, mode.frameTime),
    guide_star_position_x: constant(n, 0.1),
    guide_star_position_y: constant(n, -0.1),
    guide_star_instrument_counts_per_sec: constant(n, 2.5e6),
    signal_to_noise_current_frame: constant(n, 500),
    delta_signal: constant(n, 0),
    delta_noise: constant(n, 0),
    psf_width_x: new Int32Array(n).fill(2),
    psf_width_y: new Int32Array(n).fill(2),
    data_quality: new Int32Array(n),
    bad_pixel_flag: words("GOOD"),
    bad_centroid_dq_flag: words("GOOD"),
    cosmic_ray_hit_flag: words("False"),
    sw_subwindow_loc_change_flag: words("False"),
    guide_star_at_detector_subwindow_boundary_flag: words("False"),
    subwindow_out_of_FOV_flag: words("False"),
  });
  if (mode.expType === "FGS_TRACK")
    model.track_sub_table = tableFrom({
      observatory_time: times(n, startMjd, mode.frameTime),
      x_corner: constant(n, mode.xstart),
      y_corner: constant(n, mode.ystart),
      x_size: new Int32Array(n).fill(mode.xsize),
      y_size: new Int32Array(n).fill(mode.ysize),
    });
}
