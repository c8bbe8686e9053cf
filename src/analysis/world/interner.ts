import { ContainerPort } from './pod-shape';

export type Labels = Readonly<Record<string, string>>;

const NO_LABELS: Labels = Object.freeze({});
const NO_PORTS: readonly ContainerPort[] = Object.freeze([]);

/** Equal values as one: a hundred thousand pods that are alike hold one object of labels, and nothing of the documents that they were read from. */
export class Interner {
  private readonly texts = new Map<string, string>();
  /** By their text, in the order of their keys and as they were stated. */
  private readonly labelsKnown = new Map<string, Labels>();
  private readonly portLists = new Map<string, readonly ContainerPort[]>();
  private readonly ids = new WeakMap<object, number>();
  private nextId = 0;

  /** For texts that many objects share. */
  public text(value: string): string {
    let known = this.texts.get(value);
    if (known === undefined) {
      known = copied(value);
      this.texts.set(known, known);
    }
    return known;
  }

  /** @param check throws where a key or a value is none that a label may have; it is called for the first of equal labels only */
  public labels(fields: Readonly<Record<string, string>>, check: () => void = () => undefined): Labels {
    const keys = Object.keys(fields);
    if (keys.length === 0) { return NO_LABELS; }
    const stated = keyOf(keys, fields);
    let known = this.labelsKnown.get(stated);
    if (known === undefined) {
      check();
      const sorted = [...keys].sort();
      const key = keyOf(sorted, fields);
      known = this.labelsKnown.get(key) ?? Object.fromEntries(sorted.map(name => [this.text(name), copied(fields[name])]));
      this.labelsKnown.set(key, known);
      this.labelsKnown.set(stated, known);
    }
    return known;
  }

  public ports(ports: readonly ContainerPort[]): readonly ContainerPort[] {
    if (ports.length === 0) { return NO_PORTS; }
    let key = '';
    for (const { name, port, protocol, hostPort } of ports) { key += `${name ?? ''} ${port} ${protocol} ${hostPort ?? ''} `; }
    let known = this.portLists.get(key);
    if (known === undefined) {
      known = ports.map(port => (port.name === undefined ? port : { ...port, name: this.text(port.name) }));
      this.portLists.set(key, known);
    }
    return known;
  }

  /** A number for an object, by which texts that are keys can name it. */
  public idOf(value: object): number {
    let id = this.ids.get(value);
    if (id === undefined) { this.ids.set(value, id = this.nextId++); }
    return id;
  }
}

/** V8 keeps parts of this length and more as views, and with them all of the text that they are a part of: a whole file. */
const SHORTEST_VIEW = 13;

export const copied = (value: string): string => (value.length < SHORTEST_VIEW ? value : Buffer.from(value).toString());

function keyOf(keys: readonly string[], fields: Readonly<Record<string, string>>): string {
  let key = '';
  for (const name of keys) { key += `${name.length} ${name}${fields[name].length} ${fields[name]}`; }
  return key;
}
