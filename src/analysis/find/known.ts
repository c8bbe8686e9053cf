import type { Analysis } from '../analysis';
import { Party } from '../party';
import { Node, Service, Workload } from '../world/world';

/** The parties and Services of an analysis by what people call them; made once for each analysis. */
export class Known {
  public static of(analysis: Analysis): Known {
    let known = MADE.get(analysis);
    if (!known) { MADE.set(analysis, known = new Known(analysis)); }
    return known;
  }

  /** By `namespace/name`. */
  public readonly services: ReadonlyMap<string, Service>;
  private readonly byText = new Map<string, Party[]>();
  private readonly byPlace = new Map<string, Party[]>();
  private readonly byName = new Map<string, Party[]>();
  private readonly byPod = new Map<string, Party[]>();
  private readonly byAddress = new Map<string, Party>();
  private readonly servicesByName = new Map<string, Service[]>();
  private readonly servicesByNamespace = new Map<string, Service[]>();
  private readonly partiesByNamespace = new Map<string, Party[]>();
  private readonly servicesByAddress = new Map<string, Service>();
  private readonly nodesByAddress = new Map<string, Node>();

  private constructor({ parties, world }: Analysis) {
    for (const party of parties) {
      if (party.workload) { this.addWorkload(party, party.workload); }
    }
    this.services = new Map(world.services.map(service => [`${service.namespace}/${service.name}`, service]));
    for (const service of world.services) {
      push(this.servicesByName, service.name, service);
      push(this.servicesByNamespace, service.namespace, service);
      for (const address of service.addresses) { this.servicesByAddress.set(address, service); }
    }
    for (const node of world.nodes.values()) {
      for (const address of node.addresses) { this.nodesByAddress.set(address, node); }
    }
  }

  private addWorkload(party: Party, { namespace, name, pods, addresses, hostNetwork }: Workload): void {
    push(this.byText, party.text, party);
    push(this.partiesByNamespace, namespace, party);
    push(this.byPlace, `${namespace}/${name}`, party);
    push(this.byName, name, party);
    for (const pod of pods) {
      push(this.byPod, `${namespace}/${pod}`, party);
      push(this.byPod, pod, party);
    }
    // What is on the network of a node shares its address with others.
    if (!hostNetwork) { addresses.forEach(address => this.byAddress.set(address, party)); }
  }

  /** Those of this name: as a workload is written, as `namespace/name` or `name`, or by the name of one of their pods. */
  public workloads(text: string): readonly Party[] {
    const exact = this.byText.get(text) ?? this.byPlace.get(text);
    if (exact) { return exact; }
    if (text.includes('/')) { return this.byPod.get(text) ?? []; }
    return this.byPlace.get(`default/${text}`) ?? this.byName.get(text) ?? this.byPod.get(text) ?? [];
  }

  public servicesIn(namespace: string): readonly Service[] { return this.servicesByNamespace.get(namespace) ?? []; }

  public workloadsIn(namespace: string): readonly Party[] { return this.partiesByNamespace.get(namespace) ?? []; }

  /** Whose pod has the address. */
  public atAddress(address: string): Party | undefined { return this.byAddress.get(address); }

  public nodeAt(address: string): Node | undefined { return this.nodesByAddress.get(address); }

  public serviceAt(address: string): Service | undefined { return this.servicesByAddress.get(address); }

  public servicesCalled(name: string): readonly Service[] {
    const own = this.services.get(`default/${name}`);
    return own ? [own] : this.servicesByName.get(name) ?? [];
  }
}

const MADE = new WeakMap<Analysis, Known>();

function push<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) { list.push(item); } else { lists.set(key, [item]); }
}
