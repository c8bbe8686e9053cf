import { ContainerPort } from './pod-shape';

export type Labels = Readonly<Record<string, string>>;

const NO_LABELS: Labels = Object.freeze({});
const NO_PORTS: readonly ContainerPort[] = Object.freeze([]);

/** Equal values as one: a hundred thousand pods that are alike hold one object of labels, and nothing of the documents that they were read from. */
export class Interner {
  private readonly texts = new Map<string, string>();
  /** By their text, in the order of their keys and as they were stated. */
  private readonly labelsKnown = new Map<string, Labels>();
  private readonly plainPorts = new Map<number, ContainerPort>();
  private readonly otherPorts = new Map<string, ContainerPort>();
  private readonly portLists: PortLists = { longer: new Map() };
  private readonly ids = new Map<object, number>();
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

  public port(name: string | undefined, port: number, protocol: ContainerPort['protocol'], hostPort: number | undefined): ContainerPort {
    if (name === undefined && hostPort === undefined) {
      const key = port * PROTOCOLS.length + PROTOCOLS.indexOf(protocol);
      let known = this.plainPorts.get(key);
      if (known === undefined) { this.plainPorts.set(key, known = { port, protocol }); }
      return known;
    }
    const key = `${port} ${protocol} ${hostPort ?? ''} ${name ?? ''}`;
    let known = this.otherPorts.get(key);
    if (known === undefined) {
      known = { ...(name === undefined ? {} : { name: this.text(name) }), port, protocol, ...(hostPort === undefined ? {} : { hostPort }) };
      this.otherPorts.set(key, known);
    }
    return known;
  }

  /** @param ports that `port` gave */
  public ports(ports: readonly ContainerPort[]): readonly ContainerPort[] {
    let lists = this.portLists;
    for (const port of ports) {
      let longer = lists.longer.get(port);
      if (longer === undefined) { lists.longer.set(port, longer = { longer: new Map() }); }
      lists = longer;
    }
    return lists.list ??= ports.length === 0 ? NO_PORTS : ports;
  }

  /** A number for an object, by which texts that are keys can name it. */
  public idOf(value: object): number {
    let id = this.ids.get(value);
    if (id === undefined) { this.ids.set(value, id = this.nextId++); }
    return id;
  }
}

const PROTOCOLS: readonly ContainerPort['protocol'][] = ['TCP', 'UDP', 'SCTP'];

/** By their ports, one after the other. */
interface PortLists {
  readonly longer: Map<ContainerPort, PortLists>;
  list?: readonly ContainerPort[];
}

/** V8 keeps parts of this length and more as views, and with them all of the text that they are a part of: a whole file. */
const SHORTEST_VIEW = 13;

export const copied = (value: string): string => (value.length < SHORTEST_VIEW ? value : Buffer.from(value).toString());

function keyOf(keys: readonly string[], fields: Readonly<Record<string, string>>): string {
  let key = '';
  for (const name of keys) {
    const value = fields[name];
    key += `${name.length} ${name}${value.length} ${value}`;
  }
  return key;
}
