/** Rules that are not written as they should be. */
export class RuleFormatError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "RuleFormatError";
  }
}

/** A look-up without a match; an enclosing selector may try its next candidate. */
export class NoMatch extends Error {
  constructor(message: string) {
    super(message);
    this.name = "NoMatch";
  }
}

/** A look-up that is wrong in itself (a value that no rule knows, an unreadable date): nothing else is tried. */
export class BadLookup extends Error {
  constructor(message: string) {
    super(message);
    this.name = "BadLookup";
  }
}
