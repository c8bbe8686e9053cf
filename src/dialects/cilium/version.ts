import { Target } from '../dialect';

/** Whether the target has this version of Cilium or a later one; a target without a version is taken to be current. */
export function isAtLeast({ version }: Target, major: number, minor: number): boolean {
  const found = /^v?(\d+)\.(\d+)/.exec(version ?? '');
  if (!found) { return true; }
  const [ownMajor, ownMinor] = [Number(found[1]), Number(found[2])];
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
