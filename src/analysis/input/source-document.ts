/** One object of the input, with the place that messages name. */
export interface SourceDocument {
  readonly value: unknown;
  /** `file:line` (and `items[3]` of a List), or a construct path. */
  readonly at: string;
}

/** Something in the input that could not be taken as what it says it is: with one of these the analysis is not complete. */
export interface Problem {
  /** As of the document. */
  readonly at: string;
  readonly message: string;
}
