import { Manifest } from './manifest';
import { judge as judgeOne, Dialect, End, Flow, JudgeOptions, Pod, World } from '../../../oracle';

/** The naive judge's world, read off the documents by nothing but this. */

/** A pod, and of which object: that of the documents that nobody made. */
export interface JudgedPod extends Pod {
  readonly owner: { readonly kind: string; readonly name: string };
}

export interface JudgedWorld extends World {
  readonly pods: JudgedPod[];
}

export interface Ranges {
  readonly podCidrs?: readonly string[];
  readonly nodeCidrs?: readonly string[];
}

const find = (documents: readonly Manifest[], namespace: string, kind: string, name: string): Manifest =>
  documents.find(each => each.kind === kind && each.metadata.name === name && each.metadata.namespace === namespace);

export function worldOf(documents: readonly Manifest[], { podCidrs = [], nodeCidrs = [] }: Ranges = {}): JudgedWorld {
  const namespaces: World['namespaces'] = {};
  for (const { kind, metadata } of documents) { if (kind === 'Namespace') { namespaces[metadata.name] = { ...metadata.labels }; } }
  const pods = documents.filter(({ kind }) => kind === 'Pod').map(document => podOf(document, topOf(document, documents)));
  const templates = documents.filter(isTemplate).filter(({ kind, metadata }) => !metadata.ownerReferences
    && !pods.some(({ namespace, owner }) => namespace === metadata.namespace && owner.kind === kind && owner.name === metadata.name));
  // Of a template without pods there is one pod, with addresses that nobody else has.
  const imagined = templates.map((document, i) => podOf(
    {
      metadata: { ...document.metadata, labels: templateOf(document).metadata.labels },
      spec: templateOf(document).spec,
      status: { podIPs: [{ ip: `10.244.77.${i + 1}` }, { ip: `fd00:244::77:${i + 1}` }] },
    },
    document,
  ));
  return { namespaces, pods: [...pods, ...imagined], podCidrs: [...podCidrs], nodeCidrs: [...nodeCidrs] };
}

const isTemplate = (document: Manifest): boolean => document.kind !== 'Pod' && templateOf(document) !== undefined;
const templateOf = ({ kind, spec }: Manifest): Manifest => (kind === 'CronJob' ? spec.jobTemplate.spec.template : spec?.template);

/** The object that is owned by none. */
function topOf(document: Manifest, documents: readonly Manifest[]): Manifest {
  const [reference] = document.metadata.ownerReferences ?? [];
  return reference ? topOf(find(documents, document.metadata.namespace, reference.kind, reference.name), documents) : document;
}

function podOf({ metadata, spec, status }: Manifest, top: Manifest): JudgedPod {
  const containers: Manifest[] = spec.containers;
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    labels: metadata.labels ?? {},
    serviceAccount: spec.serviceAccountName ?? 'default',
    ips: (status?.podIPs ?? []).map(({ ip }: Manifest) => ip),
    ports: containers.flatMap(({ ports = [] }) => ports.map(({ name, containerPort, protocol = 'TCP' }: Manifest) => ({ name, port: containerPort, protocol }))),
    hostNetwork: spec.hostNetwork === true,
    node: spec.nodeName,
    owner: { kind: top.kind, name: top.metadata.name },
  };
}

export type Verdict = 'allowed' | 'denied' | 'some';

export interface Judge {
  readonly world: JudgedWorld;
  readonly verdict: (source: End, destination: End, flow: Omit<Flow, 'source' | 'destination'>) => Verdict;
}

/** `some`: only some requests pass, or it depends on what is held elsewhere. */
export function judgeOf(dialect: Dialect, documents: readonly Manifest[], ranges: Ranges, options: JudgeOptions = {}): Judge {
  const world = worldOf(documents, ranges);
  const manifests = [...documents];
  return {
    world,
    verdict: (source, destination, flow) => {
      const { allowed, l7 } = judgeOne(dialect, manifests, world, { source, destination, ...flow }, options);
      return !allowed ? 'denied' : l7 ? 'some' : 'allowed';
    },
  };
}
