import * as fc from 'fast-check';
import { deployment, networkPolicy, outside, tcp, udp } from './support';
import { Analysis } from '../../../src/analysis/analysis';
import { uselessRules } from '../../../src/analysis/explain/describe/contributions';
import { peersOf } from '../../../src/analysis/explain/describe/peers';
import { describeWorkload } from '../../../src/analysis/explain/describe-workload';
import { descriptionText } from '../../../src/analysis/explain/description-text';
import { diagnose } from '../../../src/analysis/explain/diagnosis/diagnose';
import { explain } from '../../../src/analysis/explain/explain';
import { explanationText } from '../../../src/analysis/explain/explanation-text';
import { readText } from '../../../src/analysis/input/read-paths';
import { Party, Traffic } from '../../../src/analysis/party';
import { traceSide } from '../../../src/model/evaluate';
import { matchesEndpoint, NO } from '../../../src/model/match';
import { Direction, DIRECTIONS } from '../../../src/model/policy-set';
import { CALICO, CILIUM, KUBERNETES, Place, written } from '../../support/models/places';
import { runs } from '../../support/models/runs';
import { NAMESPACES, POD_CIDRS } from '../../support/models/vocabulary';

/** The namespaces and some of the labels of the vocabulary. */
const WORLD = [
  ...Object.entries(NAMESPACES).map(([name, labels]) => JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }) + '\n---\n'),
  deployment('shop/web', { app: 'web', tier: 'front' }, { http: 8080 }),
  deployment('shop/api', { app: 'api', tier: 'back' }, { http: 80 }),
  deployment('data/db', { app: 'db' }),
].join('');

const TRAFFIC: readonly Traffic[] = [
  tcp(80), tcp(8080), udp(53), tcp(80, { http: { method: 'GET', path: '/', host: 'shop', headers: {} } }), { protocol: 1, icmp: { type: 8, code: 0 } }, { protocol: 6 },
];

/** What is wholly stated, save its request. */
const FLOWS = TRAFFIC.filter(({ port, icmp }) => port !== undefined || icmp !== undefined);

function analysed(place: Place, policies: Parameters<typeof written>[1], world: string): Analysis {
  const documents = [...place.beside ?? [], ...written(place, policies)].map((value, i) => ({ value, at: `policies.yaml:${i + 1}` }));
  const { version, features } = place.target;
  const cni = place.enforcedBy;
  return Analysis.of([...readText(world, 'world.yaml'), ...documents], { cni, podCidrs: POD_CIDRS, ...(version ? { version } : {}), ...(features ? { features } : {}) });
}

/** With the objects of the namespaces, and without them. */
const worlds = fc.constantFrom(WORLD, WORLD.replace(/"kind":"Namespace"/g, '"kind":"ConfigMap"'));

describe.each([KUBERNETES, CILIUM, CALICO])('$name', place => {
  test('an explanation has the answer, and what it depends on just where it depends on something', () => {
    const seen = { allowed: 0, denied: 0, partial: 0, unknown: 0 };
    fc.assert(fc.property(place.native, worlds, fc.constantFrom(...TRAFFIC), ({ policies }, world, traffic) => {
      const analysis = analysed(place, policies, world);
      const ends = [...analysis.parties, outside('203.0.113.10', ['api.example.com']), outside('fd00::1')];
      for (const [source, destination] of ends.flatMap(from => ends.map(to => [from, to] as const))) {
        const explanation = explain(analysis, source, destination, traffic);
        const { answer, sides, others, missing, requests } = explanation;
        seen[answer]++;
        expect(answer).toBe(analysis.answer(source, destination, traffic));
        expect([missing.length > 0, requests.length > 0]).toEqual([answer === 'unknown', answer === 'partial']);
        const denied = [...sides, ...others.flatMap(other => other.sides)].filter(side => side.answer === 'denied');
        if (answer === 'denied') { expect(denied.length).toBeGreaterThan(0); }
        for (const { steps } of denied) { expect(steps.some(({ effect }) => ['closes', 'denies', 'default'].includes(effect))).toBe(true); }
        expect(explanationText(explanation)).not.toMatch(/undefined| $/m);
      }
    }), runs(25));
    expect(Math.min(seen.allowed, seen.denied, seen.unknown)).toBeGreaterThan(10);
  });

  test('a fix opens what it says', () => {
    let fixes = 0;
    const closed = WORLD + ['shop', 'data'].map(name => networkPolicy(`${name}/deny`, { podSelector: {}, policyTypes: ['Ingress', 'Egress'] })).join('');
    fc.assert(fc.property(place.native, ({ policies }) => {
      const analysis = analysed(place, policies, closed);
      for (const [i, j] of [[0, 1], [1, 2], [2, 0]]) {
        const { fix } = diagnose(analysis, { source: analysis.parties[i], destination: analysis.parties[j], traffic: tcp(8080) });
        if (!fix?.yaml) { continue; }
        fixes++;
        const after = analysed(place, policies, `${closed}${fix.yaml.join('\n')}\n`);
        expect(after.problems).toEqual(analysis.problems);
        expect(after.answer(after.parties[i], after.parties[j], tcp(8080))).toBe('allowed');
      }
    }), runs(40));
    expect(fixes).toBeGreaterThan(50);
  });

  test('what a description calls useless can be left out', () => {
    let useless = 0;
    fc.assert(fc.property(place.native, ({ policies }) => {
      const analysis = analysed(place, policies, WORLD);
      for (const party of analysis.parties) {
        expect(descriptionText(describeWorkload(analysis, party))).not.toMatch(/undefined| $/m);
        for (const direction of DIRECTIONS) { useless += leftOut(analysis, party, direction); }
      }
    }), runs(40));
    expect(useless).toBeGreaterThan(0);
  });
});

/** How many rules are useless; each of them is left out, and changes nothing. */
function leftOut(analysis: Analysis, party: Party, direction: Direction): number {
  const { set, cluster: { profile }, parties } = analysis;
  const mine = set.policies.filter(each => each.direction === direction && each.mode === 'enforce' && matchesEndpoint(each.subject, party.variants[0], profile) !== NO);
  const useless = uselessRules(analysis, direction, party.variants, mine, peersOf(analysis, direction, mine));
  for (const rule of useless.keys()) {
    const without = set.policies.map(each => ({ ...each, rules: each.rules.filter(other => other !== rule) }));
    for (const [other, traffic] of [...parties, outside('203.0.113.10'), outside('10.1.0.9')].flatMap(each => FLOWS.map(one => [each, one] as const))) {
      const [source, destination] = direction === 'egress' ? [party, other] : [other, party];
      const flow = { ...traffic, source: source.variants[0], destination: destination.variants[0] };
      const [now, then] = [set.policies, without].map(each => traceSide({ ...set, policies: each }, direction, flow, profile).answer);
      expect([rule, other.text, traffic, then]).toEqual([rule, other.text, traffic, now]);
    }
  }
  return useless.size;
}
