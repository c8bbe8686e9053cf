/** Versions of what enforces an API, as `1.19`, `3.33` or `v1.19.4`: major and minor count, as numbers. */

/** Since when an API has something, and since when no longer, as `1.19`. Absent: in every version that is supported. */
export interface Versioned {
  readonly since?: string;
  readonly until?: string;
}

/** Whether `version` is before `other`; what is no version, or absent, is taken to be the newest. */
export function isBefore(version: string | undefined, other: string): boolean {
  const [own, theirs] = [parse(version), parse(other)];
  if (!own || !theirs) { return false; }
  return own[0] !== theirs[0] ? own[0] < theirs[0] : own[1] < theirs[1];
}

export const isIn = ({ since, until }: Versioned, version: string | undefined): boolean =>
  (since === undefined || !isBefore(version, since)) && (until === undefined || isBefore(version, until));

/** Why something is not in a version: `before 1.19` or `since 1.20`. */
export const absence = ({ since, until }: Versioned, version: string | undefined): string =>
  (since !== undefined && isBefore(version, since) ? `before ${since}` : `since ${until}`);

function parse(version: string | undefined): readonly [number, number] | undefined {
  const found = /^v?(\d{1,9})\.(\d{1,9})(?:\D|$)/.exec(version ?? '');
  return found ? [Number(found[1]), Number(found[2])] : undefined;
}
