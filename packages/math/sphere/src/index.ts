export { type OverlayOperation, overlay, unionPolygons } from "./overlay.js";
export { clipConvex, insideRing, insideRings, type Point, type Ring, signedArea } from "./planar.js";
export {
  type Corners,
  containsPoint,
  intersection,
  overlapArea,
  overlapAreaOfUnion,
  overlaps,
  polygonArea,
  sampleBoundary,
  type UnionOnSphere,
  unionOnSphere,
  unitVector,
} from "./polygon.js";
