import { isGenerated } from './generated-labels';
import { Interner, Labels } from './interner';
import type { ControllerDraft, OwnerName, PodDraft } from './pod-drafts';
import { PodShape } from './pod-shape';
import { Template } from './read-template';
import { Workload, workloadText } from './world';

const NONE: readonly string[] = Object.freeze([]);
const NO_LABELS: Labels = Object.freeze({});

/** The pods of one owner, and what is stated of them. */
export interface Group extends OwnerName {
  readonly namespace: string;
  at: string;
  readonly pods: PodDraft[];
  /** Absent: none, as of most pods. */
  templates?: OfController[];
  former?: OfController[];
}

export interface OfController {
  readonly controller: ControllerDraft;
  readonly own: boolean;
}

/** What the pods of a workload are, each kind of them once. */
export class Shapes {
  private readonly known = new Map<string, PodShape>();
  private readonly withoutGenerated = new Map<string, Labels>();

  constructor(private readonly interner: Interner, private readonly accounts: ReadonlyMap<string, Labels>) {}

  /** Pods that are there tell what the pods are; then the template, and last what is gone. */
  public workload(group: Group, notes: string[]): Workload {
    const { namespace, name, kind, at, pods } = group;
    const live = pods.filter(({ finished }) => !finished);
    const shapes = live.length > 0 ? this.ofPods(live, group) : this.ofTemplates(group) ?? this.ofPods(pods, group);
    const { labels, serviceAccount, serviceAccountLabels, ports, hostNetwork, addresses, nodes } = joined(shapes);
    const workload: Workload = {
      namespace,
      name,
      kind,
      labels,
      serviceAccount,
      ...(serviceAccountLabels === undefined ? undefined : { serviceAccountLabels }),
      ports,
      hostNetwork,
      addresses,
      nodes,
      pods: unique(pods.map(pod => pod.name)),
      at,
    };
    if (shapes.length === 1) { return workload; }
    notes.push(`${workloadText(workload)}: its pods are not all alike${difference(shapes)}; what is not the same for all of them is unknown`);
    return { ...workload, shapes };
  }

  private ofTemplates({ namespace, kind, templates = [], former = [] }: Group): PodShape[] | undefined {
    const own = templates.filter(template => template.own);
    const list = own.length > 0 ? own : templates.length > 0 ? templates : former;
    if (list.length === 0) { return undefined; }
    return [...new Set(list.map(({ controller }) => this.shape(namespace, kind, controller.template)))];
  }

  private ofPods(pods: readonly PodDraft[], { namespace, kind }: Group): PodShape[] {
    if (pods.length === 1) { return [withPods(this.shape(namespace, kind, pods[0].template), pods)]; }
    const byShape = new Map<PodShape, PodDraft[]>();
    for (const pod of pods) {
      const shape = this.shape(namespace, kind, pod.template);
      const list = byShape.get(shape);
      if (list) { list.push(pod); } else { byShape.set(shape, [pod]); }
    }
    return [...byShape].map(([shape, list]) => withPods(shape, list));
  }

  private shape(namespace: string, kind: string, { labels: all, serviceAccount, ports, hostNetwork }: Template): PodShape {
    const labels = this.withoutGeneratedOf(kind, all);
    // Every namespace has the default one, without labels unless somebody states it.
    const stated = this.accounts.size > 0 ? this.accounts.get(`${namespace}/${serviceAccount}`) : undefined;
    const accountLabels = stated ?? (serviceAccount === 'default' ? NO_LABELS : undefined);
    const accountId = accountLabels ? this.interner.idOf(accountLabels) : '';
    const key = `${this.interner.idOf(labels)} ${this.interner.idOf(ports)} ${hostNetwork} ${accountId} ${serviceAccount}`;
    let shape = this.known.get(key);
    if (!shape) {
      const account = { serviceAccount, ...(accountLabels ? { serviceAccountLabels: accountLabels } : {}) };
      shape = { labels, ...account, ports, hostNetwork, addresses: NONE, nodes: NONE };
      this.known.set(key, shape);
    }
    return shape;
  }

  private withoutGeneratedOf(kind: string, labels: Labels): Labels {
    const key = `${kind} ${this.interner.idOf(labels)}`;
    let rest = this.withoutGenerated.get(key);
    if (!rest) {
      const kept = Object.entries(labels).filter(([label]) => !isGenerated(kind, label));
      rest = kept.length === Object.keys(labels).length ? labels : this.interner.labels(Object.fromEntries(kept));
      this.withoutGenerated.set(key, rest);
    }
    return rest;
  }
}

/** The labels in which they differ, for a message. */
function difference(shapes: readonly PodShape[]): string {
  const [first] = shapes;
  const keys = new Set(shapes.flatMap(({ labels }) => Object.keys(labels)));
  const differ = [...keys].filter(key => shapes.some(({ labels }) => labels[key] !== first.labels[key])).sort();
  return differ.length === 0 ? '' : ` (labels ${differ.slice(0, MOST_SHOWN).join(', ')}${differ.length > MOST_SHOWN ? ' and more' : ''})`;
}

const MOST_SHOWN = 5;

function withPods(shape: PodShape, pods: readonly PodDraft[]): PodShape {
  if (pods.length === 1 && !pods[0].finished) {
    const [{ addresses, node }] = pods;
    return addresses.length === 0 && node === undefined ? shape : { ...shape, addresses, nodes: node === undefined ? NONE : [node] };
  }
  const addresses = unique(pods.flatMap(pod => (pod.finished ? NONE : pod.addresses)));
  const nodes = unique(pods.flatMap(({ node, finished }) => (node === undefined || finished ? NONE : [node])));
  return addresses.length + nodes.length === 0 ? shape : { ...shape, addresses, nodes };
}

/** The first shape, with the addresses and nodes of all. */
function joined(shapes: readonly PodShape[]): PodShape {
  if (shapes.length === 1) { return shapes[0]; }
  return { ...shapes[0], addresses: unique(shapes.flatMap(({ addresses }) => addresses)), nodes: unique(shapes.flatMap(({ nodes }) => nodes)) };
}

const unique = (texts: readonly string[]): readonly string[] => (texts.length === 0 ? NONE : texts.length === 1 ? texts : [...new Set(texts)]);
