/**
 * What follows from the manifests alone is worked out once for all flows of one world. Manifests are compared by identity:
 * whoever changes them must pass others.
 */
export function remembered<K extends object, V>(make: (key: K, ...more: any[]) => V): (key: K, ...more: any[]) => V {
  const known = new WeakMap<K, Map<string, V>>();
  return (key, ...more) => {
    const values = known.get(key) ?? new Map<string, V>();
    known.set(key, values);
    const rest = JSON.stringify(more);
    if (!values.has(rest)) values.set(rest, make(key, ...more));
    return values.get(rest)!;
  };
}
