/** Documents say the same few things over and over: what is made of them is worked out once, and is one object. */

const MOST_REMEMBERED = 10_000;

/** A function of a text, or of a number, that keeps its latest results, which must be immutable. */
export function remembered<T, K extends string | number = string>(make: (key: K) => T): (key: K) => T {
  const known = new Map<K, T>();
  return key => {
    let value = known.get(key);
    if (value === undefined) {
      if (known.size >= MOST_REMEMBERED) { known.clear(); }
      known.set(key, value = make(key));
    }
    return value;
  };
}

/** The same for a function of two texts. */
export function rememberedPair<T>(make: (first: string, second: string) => T): (first: string, second: string) => T {
  const known = new Map<string, Map<string, T>>();
  let count = 0;
  return (first, second) => {
    let values = known.get(first);
    let value = values?.get(second);
    if (value === undefined) {
      if (count++ >= MOST_REMEMBERED) {
        known.clear();
        [values, count] = [undefined, 1];
      }
      if (!values) { known.set(first, values = new Map()); }
      values.set(second, value = make(first, second));
    }
    return value;
  };
}
