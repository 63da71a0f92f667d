/** Version of the program; the same as the package's. */
export const VERSION: string = "1.0.0";
