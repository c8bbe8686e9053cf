import * as fc from 'fast-check';
import { calico } from '../../../src/dialects/calico';
import { Refusal, Target } from '../../../src/dialects/dialect';
import { UnreadableDocument } from '../../../src/dialects/document-reader';
import { Endpoint, evaluate } from '../../../src/model/evaluate';
import { BY_ADDRESS } from '../../support/models/places';
import { judge } from '../../oracle';

const target: Target = { cni: 'calico', cidrMatchesPods: true, cidrMatchesNodes: true, clusterCidrs: [], clusterCidrsComplete: true, denyTier: 'netpol-deny' };
const namespaces: Record<string, Record<string, string>> = { shop: { 'kubernetes.io/metadata.name': 'shop', 'team': 'red' }, data: { 'kubernetes.io/metadata.name': 'data', 'audited': 'yes' } };
const podSpecs = ['shop', 'data'].flatMap(namespace => [{}, { app: 'web' }, { app: 'api', tier: 'front' }].map(labels => ({ namespace, labels })));
const ports = [{ name: 'http', port: 8080, protocol: 'TCP' as const }, { name: 'dns', port: 53, protocol: 'UDP' as const }];
const pods = podSpecs.map(({ namespace, labels }, i) => ({ namespace, name: `p${i}`, labels: labels as Record<string, string>, serviceAccount: i % 2 ? 'robot' : 'default', ips: [`10.244.0.${i + 1}`, `fd00::${i + 1}`], ports }));
const accounts = ['shop', 'data'].map(namespace => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot', namespace, labels: { duty: 'x' } } }));
const outside = ['203.0.113.10', '203.0.113.70', '2001:db8::5'];
const endpoint = (p: typeof pods[number], v: 4 | 6): Endpoint => ({ kind: 'pod', namespace: p.namespace, labels: p.labels, namespaceLabels: namespaces[p.namespace], serviceAccount: p.serviceAccount,
  serviceAccountLabels: p.serviceAccount === 'robot' ? { duty: 'x' } : {}, address: p.ips[v === 4 ? 0 : 1], ports });

const sel = fc.constantFrom('all()', '', "app == 'web'", "app != 'web'", 'has(tier)', "!has(tier) && app in {'web','api'}", "app not in {'api'} || tier starts with 'f'", "!(app contains 'p')",
  "projectcalico.org/namespace == 'shop'", "projectcalico.org/orchestrator == 'k8s'", "pcns.team == 'red'", "projectcalico.org/serviceaccount != 'robot'", '!has(projectcalico.org/namespace)', "pcsa.duty == 'x'", "app in {}",
  "projectcalico.org/namespace starts with 'sh'");
const nsSel = fc.constantFrom('all()', "projectcalico.org/name == 'shop'", "team != 'red'", 'has(audited)', "projectcalico.org/name != 'shop'");
const opt = <T>(a: fc.Arbitrary<T>) => fc.option(a, { nil: undefined, freq: 2 });
const nets4 = fc.subarray(['10.244.0.0/30', '203.0.113.0/24', '0.0.0.0/0'], { minLength: 1 });
const notNets4 = fc.subarray(['203.0.113.64/26', '10.244.0.2/32'], { minLength: 1 });
const nets6 = fc.subarray(['fd00::/126', '2001:db8::/32', '::/0'], { minLength: 1 });
const notNets6 = fc.subarray(['fd00::2/128', '2001:db8::/48'], { minLength: 1 });
const portList = fc.subarray<number | string>([80, 8080, '50:60', 'http', '1:65535'], { minLength: 1 });
const entity = (global: boolean) => fc.record({ fam: fc.constantFrom(4, 4, 6), selector: opt(sel), notSelector: opt(sel), namespaceSelector: opt(global ? nsSel : nsSel), nets4: opt(nets4), notNets4: opt(notNets4), nets6: opt(nets6), notNets6: opt(notNets6), ports: opt(portList), notPorts: opt(portList),
  serviceAccounts: opt(fc.constantFrom<any>({ names: ['robot'] }, { selector: "duty == 'x'" }, { names: ['default', 'x'], selector: '!has(duty)' })) });
const clean = (o: any) => JSON.parse(JSON.stringify(o));
const rule = (global: boolean) => fc.record({ action: fc.constantFrom('Allow', 'Deny', 'Pass', 'Log'), ipVersion: opt(fc.constantFrom(4, 6)), protocol: opt(fc.constantFrom<any>('TCP', 'UDP', 'ICMP', 132)), notProtocol: opt(fc.constantFrom<any>('UDP', 'TCP', 'ICMP')),
  icmp: opt(fc.constantFrom<any>({ type: 8 }, { type: 8, code: 1 })), notICMP: opt(fc.constantFrom<any>({ type: 8 }, { type: 8, code: 0 })), source: opt(entity(global)), destination: opt(entity(global)), f6: fc.boolean() })
  .map(({ f6, source, destination, ...r }) => clean({ ...r, ...(r.protocol === 'ICMP' ? {} : { icmp: undefined, notICMP: undefined }), source: end(source, f6, r), destination: end(destination, f6, r) }));
function end(e: any, f6: boolean, r: any) {
  if (!e) { return undefined; }
  const { fam: _f, nets4: a, notNets4: b, nets6: c, notNets6: d, ports: p, notPorts: q, ...rest } = e;
  const six = r.ipVersion === 6 || (r.ipVersion === undefined && f6 && r.protocol !== 'ICMP' && r.notProtocol !== 'ICMP');
  const only = (l: any) => r.protocol === 'ICMP' ? undefined : r.protocol === undefined ? l?.filter((x: any) => x === 'http').slice(0, 1) : l;
  const ne = (l: any) => (l && l.length > 0 ? l : undefined);
  return { ...rest, nets: six ? c : a, notNets: six ? d : b, ports: ne(only(p)), notPorts: ne(only(q)) };
}
const policy = fc.boolean().chain(global => fc.record({ tier: fc.constantFrom(undefined, 'default', 'security', 'passing'), order: opt(fc.integer({ min: 1, max: 3 })), selector: opt(sel), namespaceSelector: global ? opt(nsSel) : fc.constant(undefined),
  serviceAccountSelector: opt(fc.constantFrom("duty == 'x'", 'all()')), types: opt(fc.subarray(['Ingress', 'Egress'], { minLength: 1 })), ingress: opt(fc.array(rule(global), { maxLength: 2 })), egress: opt(fc.array(rule(global), { maxLength: 2 })), ns: fc.constantFrom('shop', 'data') })
  .map(({ ns, ...spec }) => ({ global, ns, spec: clean(spec) })));
const docsOf = (all: any[]) => all.map(({ global, ns, spec }, i) => ({ apiVersion: 'projectcalico.org/v3', kind: global ? 'GlobalNetworkPolicy' : 'NetworkPolicy', metadata: { name: `${spec.tier ?? 'default'}.p${i}`, ...(global ? {} : { namespace: ns }) }, spec }));
const tiers = [{ apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name: 'security' }, spec: { order: 100 } }, { apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name: 'passing' }, spec: { order: 50, defaultAction: 'Pass' } }];

const counts: Record<string, number> = {};
const count = (k: string) => { counts[k] = (counts[k] ?? 0) + 1; };
test('oracle agrees', () => {
  fc.assert(fc.property(fc.array(policy, { minLength: 1, maxLength: 2 }), all => {
    const docs = docsOf(all);
    let set;
    try { set = calico.link(docs.flatMap(d => calico.read(d)), [...tiers, ...docs]); } catch (e) { if (e instanceof UnreadableDocument) { count('unreadable ' + e.message.replace(/^.*?\]/, '')); return; } throw e; }
    let back: any;
    try {
      const written = clean(calico.write(set.policies, target));
      back = calico.link(written.flatMap((d: any) => calico.read(d)), [...tiers, ...written]);
      count('written');
    } catch (e) { if (!(e instanceof Refusal)) { throw e; } count('refused ' + e.reason + e.statement.replace(/^.*?(rule|egress|ingress)/, '')); }
    const parties = [...pods.map(pod => ({ pod })), ...outside.map(address => ({ address }))];
    for (const v of [4, 6] as const) {
      for (const s of parties) {
        for (const d of parties) {
          if (s === d || (!('pod' in s) && !('pod' in d))) { continue; }
          if (('address' in s && s.address.includes(':') !== (v === 6)) || ('address' in d && d.address.includes(':') !== (v === 6))) { continue; }
          for (const probe of [{ protocol: 'TCP', port: 8080 }, { protocol: 'TCP', port: 80 }, { protocol: 'UDP', port: 53 }, { protocol: 'UDP', port: 8080 }, { protocol: 'ICMP', icmp: { type: 8, code: 0 } }, { protocol: 'ICMP', icmp: { type: 3, code: 1 } }] as any[]) {
            const verdict = judge('calico', [...docs, ...tiers, ...accounts], { namespaces, pods }, { source: s, destination: d, ipVersion: v, sourcePort: 55, ...probe } as any);
            const e = (x: any): Endpoint => ('pod' in x ? endpoint(x.pod, v) : { kind: 'external', address: x.address });
            const flow = { source: e(s), destination: e(d), protocol: probe.protocol === 'TCP' ? 6 : probe.protocol === 'UDP' ? 17 : v === 4 ? 1 : 58, ...(probe.port ? { port: probe.port, sourcePort: 55 } : {}), icmp: probe.icmp };
            const mine = evaluate(set, flow, BY_ADDRESS);
            const expected = verdict.allowed ? 'allowed' : 'denied';
            if (mine !== expected) { throw new Error(`read: ${mine} not ${expected} ${JSON.stringify({ s, d, v, probe })}\n${JSON.stringify(docs, null, 1)}`); }
            if (back) { const b = evaluate(back, flow, BY_ADDRESS); if (b !== expected) { throw new Error(`write: ${b} not ${expected} ${JSON.stringify({ s, d, v, probe })}\n${JSON.stringify(docs, null, 1)}\n${JSON.stringify(clean(calico.write(set.policies, target)), null, 1)}`); } }
          }
        }
      }
    }
  }), { numRuns: 2500 });
  console.log(counts);
}, 600000);
