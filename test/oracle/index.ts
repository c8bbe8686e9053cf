import { judgeCalico } from './calico';
import { judgeCilium } from './cilium';
import { judgeKubernetes } from './kubernetes';
import { allObjects } from './manifests';
import { remembered } from './remember';
import { End, Flow, JudgeOptions, Packet, packetOf, Verdict, World } from './world';

export * from './world';

/** The policies that a cluster enforces: those of its CNI beside plain NetworkPolicy. */
export type Dialect = 'kubernetes' | 'cilium' | 'calico';

/**
 * The naive judge: whether one connection may be opened, read straight off the manifests as the API server would get them. It shares
 * nothing with the engine that it judges, looks at every policy for every flow, and throws on a manifest that would be refused.
 *
 * Besides policies it looks at the Service, EndpointSlice, ServiceAccount, NetworkSet and CiliumCIDRGroup objects that policies refer
 * to; pods and namespaces are the world's.
 */
export function judge(dialect: Dialect, manifests: any[], world: World, flow: Flow, options: JudgeOptions = {}): Verdict {
  const objects = objectsOf(manifests, manifests.length);
  const packet = packetOf(flow, world);
  const verdict = verdictOf(dialect, objects, world, packet, withVersion(dialect, options));
  // What a pod sends to itself never leaves it: "a Pod cannot block access to itself". Its manifests are checked all the same.
  return isSame(flow.source, flow.destination) ? { allowed: true, egress: true, ingress: true } : verdict;
}

const objectsOf = remembered((manifests: any[]) => allObjects(manifests));

function withVersion(dialect: Dialect, { version, ...options }: JudgeOptions): JudgeOptions {
  if (version === undefined) return options;
  const field = dialect === 'cilium' ? 'ciliumVersion' : 'calicoVersion';
  return { ...options, [field]: version };
}

function verdictOf(dialect: Dialect, objects: any[], world: World, packet: Packet, options: JudgeOptions): Verdict {
  switch (dialect) {
    case 'kubernetes': return judgeKubernetes(objects, world, packet, options);
    case 'cilium': return judgeCilium(objects, world, packet, options);
    case 'calico': return judgeCalico(objects, world, packet, options);
    default: throw new Error(`no dialect: ${dialect}`);
  }
}

function isSame(source: End, destination: End): boolean {
  return 'pod' in source && 'pod' in destination
    && source.pod.namespace === destination.pod.namespace && source.pod.name === destination.pod.name;
}
