import * as fc from 'fast-check';
import { OTHER_FLOWS, policies, PORT_FLOWS, REQUEST_FLOWS, unknowns } from './documents';
import { answer, get, judged } from './support';
import { istio } from '../../../src/dialects/istio';
import { Flow } from '../../../src/model/match';
import { Policy } from '../../../src/model/policy-set';
import { judgeIstio } from '../../oracle/istio';
import { runs } from '../../support/models/runs';

const readAll = (documents: readonly unknown[]): Policy[] => documents.flatMap(each => istio.read(each));
const ALL_FLOWS = [...REQUEST_FLOWS, ...PORT_FLOWS, ...OTHER_FLOWS];
/** The first flow that is answered otherwise, for the message. */
const named = (flow: Flow | undefined): string => JSON.stringify(flow) ?? 'none';
const TARGET = { cni: 'kubernetes', cidrMatchesPods: true, cidrMatchesNodes: true, clusterCidrs: [], clusterCidrsComplete: true, denyTier: 'netpol-deny' };

test('what is read gives the answers of the judge, for every request', () => {
  const seen = { allowed: 0, denied: 0 };
  fc.assert(fc.property(policies(), documents => {
    const read = readAll(documents);
    const wrong = [...REQUEST_FLOWS, ...OTHER_FLOWS].find(flow => {
      const verdict = judgeIstio(documents, judged(flow));
      seen[verdict as 'allowed'] += 1;
      return answer(read, flow) !== verdict;
    });
    expect(named(wrong)).toBe(named(undefined));
  }), runs(200));
  expect(Math.min(seen.allowed, seen.denied)).toBeGreaterThan(1000);
});

test('a flow whose request is not known gets an answer only where HTTP and other ports agree, and what is partial is known of each request', () => {
  const requests = [...new Set(REQUEST_FLOWS.map(({ http }) => http!))];
  let certain = 0;
  let partial = 0;
  fc.assert(fc.property(policies(), documents => {
    const read = readAll(documents);
    const known = PORT_FLOWS.filter(flow => ['allowed', 'denied'].includes(answer(read, flow)));
    certain += known.length;
    const wrong = known.find(flow => [undefined, ...requests]
      .some(http => judgeIstio(documents, judged({ ...flow, ...(http ? { http } : {}) })) !== answer(read, flow)));
    expect(named(wrong)).toBe(named(undefined));
    const open = PORT_FLOWS.filter(flow => answer(read, flow) === 'partial');
    partial += open.length;
    expect(named(open.find(flow => requests.some(http => answer(read, { ...flow, http }) === 'unknown')))).toBe(named(undefined));
  }), runs(200));
  expect(certain).toBeGreaterThan(300);
  expect(partial).toBeGreaterThan(10);
});

test('what only the proxy can tell is never guessed', () => {
  const attributes: Record<string, string>[] = [{}, { 'request.auth.claims[iss]': 'a', 'remote.ip': '10.0.0.9', 'connection.sni': 'a.com' }, { 'remote.ip': 'fd00::1', 'connection.sni': 'x.com' }];
  let certain = 0;
  fc.assert(fc.property(policies(unknowns), documents => {
    const read = readAll(documents);
    const known = REQUEST_FLOWS.filter(flow => answer(read, flow) !== 'unknown');
    certain += known.length;
    const wrong = known.find(flow => attributes.some(held => judgeIstio(documents, { ...judged(flow), attributes: held }) !== answer(read, flow)));
    expect(named(wrong)).toBe(named(undefined));
  }), runs(100));
  expect(certain).toBeGreaterThan(1000);
});

describe('writing what was read', () => {
  test('means the same, for every flow', () => {
    let told = 0;
    fc.assert(fc.property(policies(fc.oneof(unknowns, fc.constant({ key: 'source.namespace', notValues: ['shop'] }))), documents => {
      const read = readAll(documents);
      const written = writtenOr(read);
      if (!written) { return; }
      told += 1;
      const again = readAll(written);
      expect(named(ALL_FLOWS.find(flow => answer(again, flow) !== answer(read, flow)))).toBe(named(undefined));
    }), runs(150));
    expect(told).toBeGreaterThan(25);
  });

  test('means the same to the judge, and settles', () => {
    let told = 0;
    fc.assert(fc.property(policies(), documents => {
      const written = writtenOr(readAll(documents));
      if (!written) { return; }
      told += 1;
      const wrong = ALL_FLOWS.find(flow => judgeIstio(written, judged(flow)) !== judgeIstio(documents, judged(flow)));
      expect(named(wrong)).toBe(named(undefined));
      const second = writtenOr(readAll(written));
      expect(second).toBeDefined();
      expect(writtenOr(readAll(second!))).toEqual(second);
    }), runs(200));
    expect(told).toBeGreaterThan(40);
  });
});

/** A policy that matches nothing has no document, and some combinations of callers no form. */
function writtenOr(read: readonly Policy[]): any[] | undefined {
  try {
    return istio.write(read, TARGET);
  } catch (error) {
    expect(String(error)).toMatch(/must allow or deny something|this combination of conditions on callers|ranges of one source|of the own end only the address/);
    return undefined;
  }
}

test('a request that is known answers what the port alone leaves open', () => {
  const [policy] = istio.read({
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 'p', namespace: 'shop' },
    spec: { rules: [{ to: [{ operation: { paths: ['/a'] } }] }] },
  });
  const [flow] = PORT_FLOWS;
  expect([answer([policy], flow), answer([policy], { ...flow, http: get('/a') }), answer([policy], { ...flow, http: get('/b') })])
    .toEqual(['partial', 'allowed', 'denied']);
});
