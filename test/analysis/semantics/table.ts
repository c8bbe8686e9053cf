import * as yaml from 'js-yaml';
import { WORLD } from './world';
import { Analysis } from '../../../src/analysis/analysis';
import { findParty } from '../../../src/analysis/find-party';
import { AnalysisOptions } from '../../../src/analysis/options';
import { Party, Traffic } from '../../../src/analysis/party';
import { Answer } from '../../../src/model/evaluate';
import { PROTOCOL_NUMBERS, ProtocolName } from '../../../src/model/traffic';

/** Rules of evaluation, each as policies and the flows that it decides. */

/** Flows by their answer, each as a text such as `web -> api TCP 8080` or `web -> 203.0.113.7 TCP 80 GET /orders`. */
export type Flows = Partial<Record<Answer, readonly string[]>>;

/** A sentence, the policies as YAML, and what they let pass. */
export type Row = readonly [sentence: string, policies: string, flows: Flows, options?: AnalysisOptions];

export function testRows(cni: string, rows: readonly Row[]): void {
  test.each(rows.map(row => [row[0], row] as const))('%s', (_sentence, [, policies, flows, options]) => {
    const analysis = analysed(policies, { cni, ...options });
    expect(analysis.problems).toEqual([]);
    const asked = Object.fromEntries(Object.entries(flows)
      .map(([answer, texts]) => [answer, texts.filter(text => answerTo(analysis, text) === answer)]));
    expect(asked).toEqual(flows);
  });
}

/** The policies beside the world of this folder. */
export function analysed(policies: string, options: AnalysisOptions): Analysis {
  const documents = [...yaml.loadAll(WORLD), ...yaml.loadAll(policies)].flat().filter(document => document !== null && document !== undefined);
  return Analysis.of(documents.map((value, i) => ({ value, at: `rows.yaml:${i + 1}` })), { podCidrs: ['10.244.0.0/16', 'fd00:244::/48'], nodeCidrs: ['192.168.7.0/24'], ...options });
}

export function answerTo(analysis: Analysis, text: string): Answer {
  const found = /^(\S+) -> (\S+) (.*)$/.exec(text);
  if (!found) { throw new Error(`no flow: ${text}`); }
  return analysis.answer(partyOf(analysis, found[1]), partyOf(analysis, found[2]), trafficOf(found[3]));
}

/** A pod by its name, an address, a node, or a name by which the source finds an address. */
function partyOf(analysis: Analysis, text: string): Party {
  const { parties } = findParty(analysis, text);
  expect(parties).toHaveLength(1);
  return parties[0];
}

function trafficOf(text: string): Traffic {
  const [protocol, port, verb, value, ...more] = text.split(' ');
  const number = /^\d+$/.test(protocol) ? Number(protocol) : PROTOCOL_NUMBERS[protocol as ProtocolName];
  if (protocol.startsWith('ICMP')) { return { protocol: number, icmp: { type: Number(port.split('/')[0]), code: Number(port.split('/')[1] ?? 0) } }; }
  const ports = port === undefined ? {} : { port: Number(port.split(' from ')[0]), sourcePort: 40000 };
  if (verb === undefined) { return { protocol: number, ...ports }; }
  if (verb === 'from') { return { protocol: number, ...ports, sourcePort: Number(value) }; }
  if (verb === 'asks') { return { protocol: number, ...ports, dnsName: value }; }
  if (verb === 'sni') { return { protocol: number, ...ports, serverName: value }; }
  const headers = Object.fromEntries(more.filter(each => each.includes('=')).map(each => each.split('=')));
  const host = more.find(each => !each.includes('=')) ?? 'api.shop';
  return { protocol: number, ...ports, http: { method: verb, path: value, host, headers } };
}

let count = 0;

/** One document of a kind, from the YAML of its spec. */
export const document = (apiVersion: string, kind: string) => (spec: string, { name = `policy-${count++}`, namespace = 'shop' }: { readonly name?: string; readonly namespace?: string } = {}): string =>
  `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}${namespace === '' ? '' : `, namespace: ${namespace}`}}\nspec:\n${spec.replace(/^/gm, '  ')}\n`;
