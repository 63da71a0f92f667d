/** Row and frame times of the MIRI subarrays in ticks of the 10 microsecond pixel clock. */
export const SUBARRAY_CLOCKS: Readonly<Record<string, { rowclocks: number; frameclocks: number }>> = {
  SLITLESSPRISM: { rowclocks: 28, frameclocks: 15904 },
  MASKLYOT: { rowclocks: 90, frameclocks: 32400 },
  SUB64: { rowclocks: 28, frameclocks: 8512 },
  SUB128: { rowclocks: 44, frameclocks: 11904 },
  MASK1140: { rowclocks: 82, frameclocks: 23968 },
  MASK1550: { rowclocks: 82, frameclocks: 23968 },
  MASK1065: { rowclocks: 82, frameclocks: 23968 },
  FULL_FAST: { rowclocks: 271, frameclocks: 277504 },
  FULL_SLOW: { rowclocks: 2333, frameclocks: 2388992 },
  BRIGHTSKY: { rowclocks: 162, frameclocks: 86528 },
  SUB256: { rowclocks: 96, frameclocks: 29952 },
};
