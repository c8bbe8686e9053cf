/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- manifests are plain JSON */
export type Manifest = any;

/** An object with a field only where it has a value. */
export const optional = <T>(field: string, value: T | undefined): Record<string, T> => (value === undefined ? {} : { [field]: value });
