/** What the program ends with. */
export const EXIT = {
  /** What was asked for holds, or there was nothing to hold. */
  HOLDS: 0,
  VIOLATED: 1,
  /** Bad usage, bad input, or input of which a part could not be read. */
  BAD: 2,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
