/** Documents say the same few things over and over: what is made of them is worked out once, and is one object. */

const MOST_REMEMBERED = 10_000;

/** A function of a text that keeps its latest results, which must be immutable. */
export function remembered<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return text => {
    let value = known.get(text);
    if (value === undefined) {
      if (known.size >= MOST_REMEMBERED) { known.clear(); }
      known.set(text, value = make(text));
    }
    return value;
  };
}

/** The same for a function of a number. */
export function rememberedNumber<T>(make: (value: number) => T): (value: number) => T {
  const known = new Map<number, T>();
  return number => {
    let value = known.get(number);
    if (value === undefined) {
      if (known.size >= MOST_REMEMBERED) { known.clear(); }
      known.set(number, value = make(number));
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
