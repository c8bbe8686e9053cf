import { Check, Question } from './diagnosis';
import { DnsServer, dnsServers } from './dns-servers';
import { worstOf } from './worst';
import { Answer } from '../../../model/evaluate';
import { fqdnProblem } from '../../../model/fqdn';
import { PROTOCOL_NUMBERS } from '../../../model/traffic';
import { Analysis } from '../../analysis';
import { Party } from '../../party';

/** Whether the source can look up the name by which the destination is asked for. */
export function nameResolution(analysis: Analysis, { source, destination, found }: Question): Check[] {
  const name = nameOf(destination, found);
  if (name === undefined || source.variants.every(({ kind }) => kind === 'external')) { return []; }
  return dnsServers(analysis).slice(0, 1).map(server => checkOf(analysis, source, server, name));
}

/** The name that is looked up; undefined for what is asked for by its address or as pods. */
function nameOf({ variants }: Party, found: Question['found']): string | undefined {
  if (found?.service) { return `${found.service.name}.${found.service.namespace}.svc.cluster.local`; }
  return variants.flatMap(({ names = [] }) => names).find(each => fqdnProblem(each) === undefined);
}

function checkOf(analysis: Analysis, source: Party, { party, port, text }: DnsServer, name: string): Check {
  const ask = (protocol: 'UDP' | 'TCP'): Answer =>
    worstOf([party].map(server => analysis.answer(source, server, { protocol: PROTOCOL_NUMBERS[protocol], port, dnsName: name })));
  const [udp, tcp] = [ask('UDP'), ask('TCP')];
  const asking = `${source.text} asks ${text} for ${name} on port ${port}`;
  if (udp === 'allowed' && tcp === 'allowed') { return { topic: 'name resolution', outcome: 'ok', text: `${asking}: allowed over UDP and TCP` }; }
  if (udp === 'allowed') { return { topic: 'name resolution', outcome: 'note', text: `${asking}: allowed over UDP, but ${tcp} over TCP, which answers need that do not fit into one packet` }; }
  return {
    topic: 'name resolution',
    outcome: udp === 'denied' ? 'problem' : 'unknown',
    text: `${asking}: ${udp} over UDP, ${tcp} over TCP${udp === 'denied' ? '; the name is not resolved, and no connection is ever tried: allow DNS first (new AllowDns(...), or connections.allowTo(Peer.dns(), Port.DNS))' : ''}`,
  };
}
