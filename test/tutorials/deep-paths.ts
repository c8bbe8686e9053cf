export interface DeepValue {
  /** Such as `spec.ingress.0.ports`; keys with dots as they are. */
  readonly path: string;
  readonly value: unknown;
}

/** Every value in a document, at any depth. */
export function deepPaths(value: unknown, path = ''): DeepValue[] {
  const inside = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [{ path, value }, ...inside.flatMap(([key, each]) => deepPaths(each, path === '' ? key : `${path}.${key}`))];
}
