import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { deployment, namespace, party, tcp } from './support';
import { Analysis } from '../../../src/analysis/analysis';
import { explain } from '../../../src/analysis/explain/explain';
import { readPaths, readText } from '../../../src/analysis/input/read-paths';

const WORLD = namespace('shop') + deployment('shop/web', { app: 'web' }) + deployment('shop/api', { app: 'api' });

/** Where the rule for api stands, of policies in a file of their own. */
function placesIn(policies: string, cni: string): readonly (string | undefined)[] {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'netpol-'));
  try {
    fs.writeFileSync(path.join(folder, 'policies.yaml'), policies);
    const analysis = Analysis.of([...readText(WORLD, 'world'), ...readPaths([folder])], { cni });
    expect(analysis.problems).toEqual([]);
    const { sides: [, { steps }] } = explain(analysis, party(analysis, 'shop/web'), party(analysis, 'shop/api'), tcp(8080));
    return steps.flatMap(({ at, near = [] }) => [at, ...near.map(rule => rule.at)]).map(at => at?.replace(`${folder}/`, ''));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

test.each<[string, string, string, readonly string[]]>([
  ['a NetworkPolicy, at the peer that matches', 'kubernetes', `# the second document
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: shop }
spec:
  podSelector: { matchLabels: { app: api } }
  ingress:
    - ports: [{ port: 9090 }]
    - from:
        - podSelector: { matchLabels: { app: db } }
        - podSelector: { matchLabels: { app: web } }
      ports:
        - port: 8080
`, ['policies.yaml:12']],
  ['a NetworkPolicy, and its rules that do not match', 'kubernetes', `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: shop }
spec:
  podSelector: { matchLabels: { app: api } }
  ingress:
    - ports: [{ port: 9090 }]
    - from:
        - podSelector: { matchLabels: { app: db } }
`, ['policies.yaml:1', 'policies.yaml:7', 'policies.yaml:8']],
  ['one spec of several of a CiliumNetworkPolicy', 'cilium', `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: api, namespace: shop }
specs:
  - endpointSelector: { matchLabels: { app: db } }
    ingress: [{}]
  - endpointSelector: { matchLabels: { app: api } }
    ingress:
      - fromEndpoints: [{ matchLabels: { app: db } }]
      - fromEndpoints: [{ matchLabels: { app: web } }]
`, ['policies.yaml:10']],
  ['a rule of Calico', 'calico', `apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: { name: api, namespace: shop }
spec:
  selector: app == "api"
  ingress:
    - action: Log
    - action: Deny
      protocol: TCP
`, ['policies.yaml:8']],
])('%s', (_name, cni, policies, expected) => {
  expect(placesIn(policies, cni)).toEqual(expected);
});

test('of a program, the path of the construct', () => {
  const [policy] = [...readText(JSON.stringify({
    apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'api', namespace: 'shop' }, spec: { podSelector: {}, ingress: [{}] },
  }), 'x')];
  const analysis = Analysis.of([...readText(WORLD, 'world'), { ...policy, at: 'app/shop/api/Policy' }]);
  const { sides: [, { steps }] } = explain(analysis, party(analysis, 'shop/web'), party(analysis, 'shop/api'), tcp(8080));
  expect(steps[0]).toMatchObject({ rule: 'ingress[0]', at: 'app/shop/api/Policy' });
});
