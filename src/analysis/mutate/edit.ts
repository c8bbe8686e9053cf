import { JsonPath } from '../path-text';

/** The kinds of small mistakes that people make in policies. */
export const OPERATORS = [
  'drop-policy', 'delete-default-deny', 'widen-selector', 'and-to-or', 'remove-except', 'drop-port', 'drop-protocol', 'drop-rule', 'drop-request', 'flip-order',
] as const;
export type Operator = (typeof OPERATORS)[number];

/** A small change to one document. */
export interface Edit {
  readonly operator: Operator;
  /** Where in the document; empty: all of it. */
  readonly path: JsonPath;
  /** What is done there, such as `leave out the label app`. */
  readonly what: string;
  /** The document afterwards; undefined where it is gone. */
  readonly after: unknown;
}
