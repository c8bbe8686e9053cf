import { distinct, labelSelector } from '../../dialects/dialect';
import { containsCidr, parseCidr } from '../../model/cidr';
import { LabelRequirement } from '../../model/endpoint';
import { portNameProblem } from '../../model/labels';
import { LabelSelection, selectionExpr } from '../label-expression';
import { Json } from '../native-object';
import type {
  CalicoKubernetesPeer, CalicoKubernetesPort, CalicoKubernetesRule, CalicoStagedKubernetesNetworkPolicyProps,
} from './calico-staged-kubernetes-network-policy';
import { CalicoStagedAction } from './policy-spec';

/** A staged Kubernetes NetworkPolicy, in the form that the API server gives to a NetworkPolicy. */
export function writeStagedKubernetes(props: CalicoStagedKubernetesNetworkPolicyProps): Json {
  const { stagedAction, podSelector, policyTypes, ingress, egress } = props;
  if (stagedAction === CalicoStagedAction.DELETE) {
    const extra = Object.entries({ podSelector, policyTypes, ingress, egress }).find(([, value]) => value !== undefined);
    if (extra) { throw new Error(`${extra[0]}: the preview of a deletion names the policy only; leave it out`); }
    return { stagedAction };
  }
  if (podSelector === undefined) { throw new Error('podSelector: is needed; {} is every pod of the namespace'); }
  return {
    ...(stagedAction === undefined ? {} : { stagedAction }),
    podSelector: selector(podSelector),
    policyTypes: typesOf(props),
    ...(ingress === undefined ? {} : { ingress: rules(ingress, 'ingress', 'from') }),
    ...(egress === undefined ? {} : { egress: rules(egress, 'egress', 'to') }),
  };
}

/** Always written: what is absent is guessed from the rules. */
function typesOf({ policyTypes, ingress, egress }: CalicoStagedKubernetesNetworkPolicyProps): string[] {
  const withRules = [...(ingress ? ['Ingress'] : []), ...(egress ? ['Egress'] : [])];
  if (policyTypes === undefined && withRules.length === 0) { throw new Error('policyTypes: a policy without rules must state which directions it closes'); }
  const silent = policyTypes && withRules.find(type => !policyTypes.some(stated => stated === type));
  if (silent) { throw new Error(`policyTypes: ${silent} is not among them, and the rules of that direction would be ignored; add it, or leave policyTypes out`); }
  return ['Ingress', 'Egress'].filter(type => (policyTypes ?? withRules).some(stated => stated === type));
}

function rules(list: readonly CalicoKubernetesRule[], where: string, field: 'from' | 'to'): readonly Json[] {
  return distinct(some(list, where, 'leave it out and state policyTypes to close the direction').map(({ peers, ports, ...unknown }, i) => ({
    ...unknown,
    ...(peers === undefined ? {} : { [field]: distinct(some(peers, `${where}[${i}].peers`, 'leave it out for anything').map((peer, j) => writePeer(peer, `${where}[${i}].peers[${j}]`))) }),
    ...(ports === undefined ? {} : { ports: distinct(some(ports, `${where}[${i}].ports`, 'leave it out for every port').map((port, j) => writePort(port, `${where}[${i}].ports[${j}]`))) }),
  })));
}

function some<T>(list: readonly T[], where: string, instead: string): readonly T[] {
  if (list.length === 0) { throw new Error(`${where}: an empty list says something else than it looks like; ${instead}`); }
  return list;
}

function writePeer({ podSelector, namespaceSelector, cidr, except, ...unknown }: CalicoKubernetesPeer, where: string): Json {
  if (cidr === undefined) {
    if (except) { throw new Error(`${where}.except: is of a range; state cidr`); }
    if (!podSelector && !namespaceSelector) { throw new Error(`${where}: states nobody; state pods, namespaces or a range`); }
    return {
      ...unknown,
      ...(podSelector ? { podSelector: selector(podSelector) } : {}),
      ...(namespaceSelector ? { namespaceSelector: selector(namespaceSelector) } : {}),
    };
  }
  if (podSelector ?? namespaceSelector) { throw new Error(`${where}: is pods or addresses; state an entry for each`); }
  const whole = parseCidr(cidr);
  const holes = except?.map(parseCidr);
  const wrong = holes?.find(hole => !containsCidr(whole, hole));
  if (wrong) { throw new Error(`${where}.except: ${wrong} is not a part of ${whole}`); }
  return { ...unknown, ipBlock: { cidr: whole, ...(holes && holes.length > 0 ? { except: holes } : {}) } };
}

function writePort({ port, endPort, portName, protocol = 'TCP' as never, ...unknown }: CalicoKubernetesPort, where: string): Json {
  if (port !== undefined && portName !== undefined) { throw new Error(`${where}: a port has a number or a name; state one of port and portName`); }
  for (const [key, value] of Object.entries({ port, endPort })) {
    if (value !== undefined && (!Number.isInteger(value) || value < 1 || value > 65535)) { throw new Error(`${where}.${key}: must be a port from 1 to 65535, got ${JSON.stringify(value)}`); }
  }
  const problem = portName === undefined ? undefined : portNameProblem(portName);
  if (problem) { throw new Error(`${where}.portName: ${problem}`); }
  if (endPort !== undefined && (port === undefined || endPort < port)) { throw new Error(`${where}.endPort: a range begins at port, which must be stated and not be above it`); }
  const which = portName ?? port;
  return { ...unknown, protocol, ...(which === undefined ? {} : { port: which }), ...(endPort === undefined || endPort === port ? {} : { endPort }) };
}

function selector(selection: LabelSelection): Json {
  selectionExpr('pod', selection);
  const equal = Object.entries(selection.labels ?? {}).map(([key, value]): LabelRequirement => ({ key, operator: 'In', values: [value] }));
  return labelSelector([...equal, ...(selection.expressions ?? []).map(({ _requirement }) => _requirement)]);
}
