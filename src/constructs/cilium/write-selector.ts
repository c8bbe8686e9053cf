import { labelSelector } from '../../dialects/dialect';
import { isIdentityLabel } from '../../dialects/identity-labels';
import { LabelRequirement } from '../../model/endpoint';
import { dnsSubdomainProblem } from '../../model/labels';
import { Json } from '../native-object';
import { wrong } from './context';
import { CiliumSelector } from './selector';

/** What Cilium makes of what Kubernetes keeps elsewhere than on the pod. */
const OWN_KEYS = /^(io\.kubernetes\.pod\.namespace$|io\.cilium\.k8s\.policy\.(serviceaccount|cluster)$|io\.cilium\.k8s\.namespace\.labels\.)/;
const OF_PODS: readonly string[] = ['any', 'k8s'];

/** A selector of pods: its labels must be part of their identity, or it would never match. */
export function writePodSelector(selector: CiliumSelector, where: string): Json {
  for (const key of keysOf(selector, where)) {
    const [name, source = 'any'] = key.split(':').reverse();
    if (OF_PODS.includes(source) && !OWN_KEYS.test(name) && !isIdentityLabel(name)) {
      throw wrong(where, `the label ${JSON.stringify(key)} is not part of a pod's identity for Cilium, so a selector on it never matches; select by a label of your own, such as app.kubernetes.io/name`);
    }
  }
  checkAccounts(selector, where);
  return writeSelector(selector, where);
}

const ACCOUNT = /^([a-z0-9-]+:)?io\.cilium\.k8s\.policy\.serviceaccount$/;

function checkAccounts({ matchLabels = {}, matchExpressions = [] }: CiliumSelector, where: string): void {
  const names = [...Object.entries(matchLabels).map(([key, value]) => ({ key, values: [value] })), ...matchExpressions]
    .filter(({ key }) => ACCOUNT.test(key)).flatMap(({ values = [] }) => values);
  const problem = names.filter(name => typeof name === 'string').map(name => dnsSubdomainProblem('service account', name)).find(found => found !== undefined);
  if (problem) { throw wrong(where, problem); }
}

/** A selector of anything else: nodes, Services, CiliumCIDRGroups. */
export function writeSelector(selector: CiliumSelector, where: string): Json {
  keysOf(selector, where);
  const { matchLabels = {}, matchExpressions = [], ...unknown } = selector;
  const equal = Object.entries(matchLabels).map(([key, value]): LabelRequirement => ({ key, operator: 'In', values: [value] }));
  // Requirements that are written wrongly go along as they are, for the reader to refuse them.
  const broken = [...equal, ...matchExpressions].some(({ values }) => (values ?? []).some(value => typeof value !== 'string'));
  return broken ? { ...selector } : { ...labelSelector([...equal, ...matchExpressions]), ...unknown };
}

function keysOf(selector: CiliumSelector, where: string): string[] {
  if (Object.prototype.toString.call(selector) !== '[object Object]') { throw wrong(where, `must be a selector, got ${JSON.stringify(selector)}`); }
  if (Array.isArray(selector.matchLabels)) { throw wrong(`${where}.matchLabels`, `must be an object, got ${JSON.stringify(selector.matchLabels)}`); }
  return [...Object.keys(selector.matchLabels ?? {}), ...(selector.matchExpressions ?? []).map(({ key }) => key)];
}
