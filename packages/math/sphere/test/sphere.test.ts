import {
  clipConvex,
  containsPoint,
  intersection,
  overlapArea,
  overlapAreaOfUnion,
  overlaps,
  overlay,
  polygonArea,
  type Ring,
  sampleBoundary,
  signedArea,
  unionOnSphere,
  unionPolygons,
  unitVector,
} from "@calwebb/sphere";
import { describe, expect, test } from "vitest";

const square = (x: number, y: number, s = 10): Ring => [
  [x, y],
  [x, y + s],
  [x + s, y + s],
  [x + s, y],
];

describe("unions in the plane begin where those of shapely 2.2 (GEOS) do", () => {
  test.each<[string, Ring[], Ring[]]>([
    ["one polygon as it is", [square(0, 0)], [square(0, 0)]],
    [
      "two that overlap",
      [square(5, 5), square(0, 0)],
      [
        [
          [0, 10],
          [5, 10],
          [5, 15],
          [15, 15],
          [15, 5],
          [10, 5],
          [10, 0],
          [0, 0],
        ],
      ],
    ],
    [
      "two apart",
      [square(20, 20), square(0, 0)],
      [
        [
          [0, 10],
          [10, 10],
          [10, 0],
          [0, 0],
        ],
        [
          [20, 30],
          [30, 30],
          [30, 20],
          [20, 20],
        ],
      ],
    ],
    [
      "three",
      [square(0, 0), square(5, 5), square(3, -5)],
      [
        [
          [3, 0],
          [0, 0],
          [0, 10],
          [5, 10],
          [5, 15],
          [15, 15],
          [15, 5],
          [13, 5],
          [13, -5],
          [3, -5],
        ],
      ],
    ],
    [
      "counter-clockwise ones with a common edge",
      [
        [
          [0, 0],
          [10, 5],
          [5, 15],
          [-5, 10],
        ],
        [
          [4, 2],
          [14, 7],
          [9, 17],
          [-1, 12],
        ],
      ],
      [
        [
          [0, 0],
          [-5, 10],
          [-1, 12],
          [5, 15],
          [9, 17],
          [14, 7],
          [10, 5],
          [4, 2],
        ],
      ],
    ],
  ])("%s", (_, input, want) => {
    expect(unionPolygons(input)).toEqual(want);
  });

  test("a frame of four bars has a hole", () => {
    const bar = (x: number, y: number, w: number, h: number): Ring => [
      [x, y],
      [x, y + h],
      [x + w, y + h],
      [x + w, y],
    ];
    const rings = unionPolygons([bar(0, 0, 10, 2), bar(0, 8, 10, 2), bar(0, 0, 2, 10), bar(8, 0, 2, 10)]);
    expect(rings).toHaveLength(2);
    expect(rings.map(signedArea).sort((a, b) => a - b)).toEqual([-100, 36]);
  });

  test("the same polygon twice, and one inside another", () => {
    expect(unionPolygons([square(0, 0), square(0, 0)]).map(signedArea)).toEqual([-100]);
    expect(unionPolygons([square(0, 0), square(2, 2, 3)]).map(signedArea)).toEqual([-100]);
    expect(overlay([square(0, 0)], [square(2, 2, 3)], "intersection").map(signedArea)).toEqual([-9]);
    expect(overlay([square(0, 0)], [square(20, 2)], "intersection")).toEqual([]);
    expect(overlay([], [], "union")).toEqual([]);
  });

  test("neighbours along an edge become one", () => {
    expect(unionPolygons([square(0, 0), square(10, 0)]).map(signedArea)).toEqual([-200]);
  });

  test("areas of random quadrilaterals add up", () => {
    let seed = 7;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    for (let k = 0; k < 60; k++) {
      const ring = (): Ring => {
        const [x, y, a] = [random() * 4, random() * 4, random() * 3];
        return [0, 1, 2, 3].map((i) => [x + 2 * Math.cos(a + 1.5 * i), y + 2 * Math.sin(a + 1.5 * i)]);
      };
      const [p, q] = [ring(), ring()];
      const area = (rings: readonly Ring[]) => -rings.reduce((s, r) => s + signedArea(r), 0);
      const both = area(overlay([p], [q], "intersection"));
      const union = area(overlay([p], [q], "union"));
      expect(both + union).toBeCloseTo(signedArea(p) + signedArea(q), 9);
      expect(both).toBeCloseTo(Math.abs(signedArea(clipConvex(p, q))), 9);
    }
  });
});

describe("polygons on the sphere", () => {
  const octant = [
    [0, 0],
    [90, 0],
    [0, 90],
  ];
  const small = (lon: number, lat: number, s = 0.01) => [
    [lon, lat],
    [lon, lat + s],
    [lon + s, lat + s],
    [lon + s, lat],
  ];

  test("areas: an eighth of the sphere, a small square", () => {
    expect(polygonArea(octant)).toBeCloseTo(Math.PI / 2, 14);
    expect(polygonArea([...octant].reverse())).toBeCloseTo(Math.PI / 2, 14);
    const s = (0.01 * Math.PI) / 180;
    expect(polygonArea(small(10, 0)) / s ** 2).toBeCloseTo(1, 6);
    expect(polygonArea([[1, 1]])).toBe(0);
  });

  test.each([
    [10, 20],
    [359.995, -60],
    [0, 89.9],
  ])("overlap and union of squares at %d, %d", (lon, lat) => {
    const a = small(lon, lat);
    const b = small(lon + 0.005, lat + 0.005).map(([l, d]) => [l % 360, d]);
    const common = overlapArea(a, b);
    const sin = (d: number) => Math.sin((d * Math.PI) / 180);
    const share = (sin(lat + 0.01) - sin(lat + 0.005)) / (sin(lat + 0.01) - sin(lat)) / 2;
    expect(common / polygonArea(a)).toBeCloseTo(share, 5);
    const union = unionOnSphere([a, b]);
    expect(union.area / (polygonArea(a) + polygonArea(b) - common)).toBeCloseTo(1, 9);
    expect(union.outer).toHaveLength(1);
    expect(union.outer[0]).toHaveLength(8);
    expect(union.holes).toEqual([]);
    expect(overlaps(a, b)).toBe(true);
    expect(intersection(a, b)[0]).toHaveLength(4);
  });

  test("what several polygons cover of one counts once", () => {
    const a = small(10, 0);
    const half = small(10.005, 0);
    expect(overlapAreaOfUnion(a, [half, half, small(30, 0)]) / overlapArea(a, half)).toBeCloseTo(1, 10);
    const both = overlapAreaOfUnion(a, [small(10.005, 0), small(9.995, 0)]);
    expect(both / polygonArea(a)).toBeCloseTo(1, 6);
    expect(overlapAreaOfUnion(a, [])).toBe(0);
  });

  test("polygons far apart do not overlap", () => {
    expect(overlaps(small(10, 0), small(10.02, 0))).toBe(false);
    expect(overlaps(small(10, 0), small(190, 0))).toBe(false);
    expect(intersection([[0, 0]], small(1, 1))).toEqual([]);
    expect(unionOnSphere([]).area).toBe(0);
  });

  test("points inside and outside, also around the pole", () => {
    const cap = [
      [0, 80],
      [90, 80],
      [180, 80],
      [270, 80],
    ];
    expect(containsPoint(cap, 33, 89)).toBe(true);
    expect(containsPoint(cap, 45, 80)).toBe(false);
    expect(containsPoint(cap, 45, -89)).toBe(false);
    expect(containsPoint(small(359.995, 0), 0, 0.005)).toBe(true);
  });

  test("the boundary is sampled along great circles", () => {
    const points = sampleBoundary(octant, 10);
    expect(points).toHaveLength(27);
    expect(points[5]).toEqual([expect.closeTo(50, 10), expect.closeTo(0, 10)]);
    expect(Math.hypot(...unitVector(12, 34))).toBeCloseTo(1, 15);
  });

  test("polygons around the whole sphere are refused", () => {
    expect(() => unionOnSphere([small(0, 0), small(120, 0), small(240, 0)])).toThrow(/hemisphere|too far/);
  });
});
