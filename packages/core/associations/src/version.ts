/** Version of the generator, written into every association. */
export const GENERATOR_VERSION = "1.0.0";
