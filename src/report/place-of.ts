import { Place } from './sarif';

/** The file and the line of a place such as `policies.yaml:12 items[3]`; undefined for a construct path. */
export function placeOf(at: string): Place | undefined {
  const [, file, line] = /^(.*):(\d+)(?: [^ ]*)?$/s.exec(at) ?? [];
  return file === undefined ? undefined : { file, line: Math.max(1, Number(line)) };
}
