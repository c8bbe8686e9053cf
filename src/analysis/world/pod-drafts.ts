import { Interner, Labels } from './interner';
import { Template } from './read-template';
import { Group, Shapes } from './shapes';
import { Workload } from './world';

export interface OwnerName {
  readonly kind: string;
  readonly name: string;
}

export interface PodDraft {
  readonly namespace: string;
  readonly name: string;
  readonly owner: OwnerName | undefined;
  readonly template: Template;
  readonly addresses: readonly string[];
  readonly node: string | undefined;
  /** Succeeded or failed: it holds no address any more. */
  readonly finished: boolean;
  readonly at: string;
}

export interface ControllerDraft {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly owner?: OwnerName;
  readonly template: Template;
  /** Whether no pods are asked of it, as of the former revisions of a Deployment. */
  readonly empty: boolean;
  readonly at: string;
}

/** What other objects than the Pod itself say of it. */
export interface PodFacts {
  readonly template: Template;
  readonly addresses: readonly string[];
  readonly node: string | undefined;
  readonly at: string;
}

/** Pods, and what makes pods, on the way to workloads. */
export class PodDrafts {
  private readonly pods: PodDraft[] = [];
  private readonly controllers = new Map<string, ControllerDraft[]>();
  private readonly facts = new Map<string, PodFacts>();

  constructor(private readonly interner: Interner) {}

  public addPod(pod: PodDraft): void { this.pods.push(pod); }

  public addController(controller: ControllerDraft): void {
    const key = keyOf(controller.namespace, controller);
    const known = this.controllers.get(key);
    if (known) { known.push(controller); } else { this.controllers.set(key, [controller]); }
  }

  public addFacts(namespace: string, pod: string, facts: PodFacts): void { this.facts.set(`${namespace}/${pod}`, facts); }

  public workloads(accounts: ReadonlyMap<string, Labels>, notes: string[]): Workload[] {
    const groups = new Map<string, Map<string, Group>>();
    const groupOf = (namespace: string, { kind, name }: OwnerName, at: string): Group => {
      let own = groups.get(namespace);
      if (!own) { groups.set(namespace, own = new Map()); }
      const key = `${name}[${kind}]`;
      let group = own.get(key);
      if (!group) { own.set(key, group = { namespace, kind, name, at, pods: [] }); }
      return group;
    };
    this.addControllersTo(groupOf);
    for (const pod of this.allPods()) { groupOf(pod.namespace, this.ownerOf(pod), pod.at).pods.push(pod); }
    const shapes = new Shapes(this.interner, accounts);
    const workloads: Workload[] = [];
    // In the order of their texts, which have a slash after the namespace.
    for (const [, own] of inOrder([...groups].map(([namespace, all]) => [`${namespace}/`, all] as const))) {
      for (const [, group] of own.size === 1 ? own : inOrder([...own])) { workloads.push(shapes.workload(group, notes)); }
    }
    return workloads;
  }

  /** Those of which only other objects speak are pods too. */
  private *allPods(): Iterable<PodDraft> {
    if (this.facts.size === 0) {
      yield* this.pods;
      return;
    }
    for (const pod of this.pods) {
      const key = `${pod.namespace}/${pod.name}`;
      const facts = this.facts.get(key);
      if (!facts) { yield pod; continue; }
      this.facts.delete(key);
      yield { ...pod, addresses: pod.addresses.length === 0 ? facts.addresses : pod.addresses, node: pod.node ?? facts.node };
    }
    for (const [key, { template, addresses, node, at }] of this.facts) {
      const [namespace, name] = key.split('/', 2);
      yield { namespace, name, owner: undefined, template, addresses, finished: false, at, node };
    }
  }

  private addControllersTo(groupOf: (namespace: string, owner: OwnerName, at: string) => Group): void {
    const owning = new Set<string>();
    for (const [{ namespace, owner }] of this.controllers.values()) {
      if (owner) { owning.add(keyOf(namespace, owner)); }
    }
    for (const [key, controllers] of this.controllers) {
      const [{ namespace, kind }] = controllers;
      // What a custom kind makes out of its template is there to be read itself.
      if (!BUILT_IN.includes(kind) && owning.has(key)) { continue; }
      const owner = this.climbed(namespace, controllers[0]);
      for (const controller of controllers) {
        const group = groupOf(namespace, owner, controller.at);
        if (owner === controllers[0]) { group.at = controller.at; }
        const list = owner === controllers[0] || !controller.empty ? group.templates ??= [] : group.former ??= [];
        list.push({ controller, own: owner === controllers[0] });
      }
    }
  }

  /** Pods of a ReplicaSet are those of its Deployment, and pods of a Job those of its CronJob. */
  private climbed(namespace: string, controller: OwnerName & { readonly owner?: OwnerName }): OwnerName {
    const { kind, owner } = controller;
    if (!owner) { return controller; }
    if (kind === 'ReplicaSet') { return owner; }
    return kind === 'Job' && (owner.kind === 'CronJob' || this.controllers.has(keyOf(namespace, owner))) ? owner : controller;
  }

  private ownerOf({ namespace, name, owner, template: { labels } }: PodDraft): OwnerName {
    // A static pod belongs to nobody but its node.
    if (!owner || owner.kind === 'Node') { return { kind: 'Pod', name }; }
    const known = this.controllers.get(keyOf(namespace, owner));
    return known ? this.climbed(namespace, known[0]) : this.byName(namespace, owner, labels) ?? owner;
  }

  /** Where the ReplicaSet or Job between them is not among the documents: the names that their controllers give them tell whose they are. */
  private byName(namespace: string, { kind, name }: OwnerName, labels: Labels): OwnerName | undefined {
    const candidates: OwnerName[] = [];
    if (kind === 'ReplicaSet') {
      for (const [label, of] of [['pod-template-hash', 'Deployment'], ['rollouts-pod-template-hash', 'Rollout']]) {
        const hash = Object.hasOwn(labels, label) ? labels[label] : '';
        if (hash !== '' && name.endsWith(`-${hash}`)) { candidates.push({ kind: of, name: name.slice(0, -hash.length - 1) }); }
      }
    } else if (kind === 'Job') {
      const scheduled = /^(.+)-\d{8,10}$/.exec(name);
      if (scheduled) { candidates.push({ kind: 'CronJob', name: scheduled[1] }); }
    }
    return candidates.find(candidate => this.controllers.has(keyOf(namespace, candidate)));
  }
}

/** The kinds of Kubernetes itself that make pods, or make what makes them. */
const BUILT_IN: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job', 'CronJob'];

/** No name has a space. */
const keyOf = (namespace: string, { kind, name }: OwnerName): string => `${namespace} ${kind} ${name}`;

const inOrder = <T extends readonly [string, unknown]>(entries: T[]): T[] => entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
