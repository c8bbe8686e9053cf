import { Check, Question } from './diagnosis';
import { matchesEndpoint, NO } from '../../../model/match';
import { peerOf } from '../../../model/policy-set';
import { inRanges, mergeRanges, PROTOCOL_NUMBERS, Range } from '../../../model/traffic';
import { Analysis } from '../../analysis';
import { Known } from '../../find/known';
import { backendsOf, PortMapping } from '../../find/service-backends';
import { Explanation } from '../explanation';
import { ruleText } from '../policy-text';
import { protocolText } from '../traffic-text';

/** Which port it is at the pods, and whether one was meant for the other. */
export function portChecks(analysis: Analysis, question: Question, explanation: Explanation): Check[] {
  return [...mappingChecks(question), ...containerChecks(analysis, question), ...servicePortInRules(analysis, question, explanation)];
}

/** What the port of the Service becomes. */
function mappingChecks({ found, destination, traffic }: Question): Check[] {
  const mine = (found?.ports ?? [])
    .filter(({ party, protocol }) => party === destination && PROTOCOL_NUMBERS[protocol] === traffic.protocol);
  return mine.filter(({ target }) => target === undefined || target === traffic.port).map(({ port, target, targetName, protocol }): Check => {
    const own = `${protocol} ${port} of the Service`;
    const named = targetName === undefined ? '' : ` (${targetName})`;
    return target === undefined
      ? { topic: 'port', outcome: 'problem', text: `${own} is the port ${targetName} of the pods, and no container of ${destination.text} has a port of that name` }
      : { topic: 'port', outcome: 'ok', text: `${own} is ${target}${named} at ${destination.text}: policies are about ${target}` };
  });
}

/** Whether a container says that it listens there; if not, whether that is the port of a Service. */
function containerChecks(analysis: Analysis, { destination, traffic: { port, protocol }, found }: Question): Check[] {
  const { workload } = destination;
  if (!workload || port === undefined || found?.ports) { return []; }
  const ports = workload.ports.filter(each => PROTOCOL_NUMBERS[each.protocol] === protocol);
  if (ports.length === 0 || ports.some(each => each.port === port)) { return []; }
  const listed = ports.map(each => `${each.port}${each.name === undefined ? '' : ` (${each.name})`}`).join(', ');
  const service = mappingsTo(analysis, destination)
    .find(mapping => mapping.port === port && mapping.target !== port && PROTOCOL_NUMBERS[mapping.protocol] === protocol);
  if (service) {
    return [{
      topic: 'port',
      outcome: 'problem',
      text: `${port} is the port of Service ${service.service}; its pods listen on ${service.target ?? service.targetName}, and policies are about that: ask for ${service.target ?? service.targetName}, or for svc/${service.service}:${port}`,
    }];
  }
  return [{ topic: 'port', outcome: 'note', text: `no container of ${destination.text} says that it listens on ${protocolText(protocol)} ${port}; they say ${listed}` }];
}

interface ServiceMapping extends PortMapping {
  readonly service: string;
}

/** The ports of all Services that lead to a workload. */
function mappingsTo(analysis: Analysis, destination: Question['destination']): ServiceMapping[] {
  const known = Known.of(analysis);
  return known.servicesIn(destination.workload!.namespace).flatMap(service => backendsOf(service, service.ports, known)
    .filter(({ party }) => party === destination)
    .map(mapping => ({ ...mapping, service: `${service.namespace}/${service.name}` })));
}

/** A rule that would match but for its port, which is the one of a Service. */
function servicePortInRules(analysis: Analysis, { source, destination, traffic }: Question, { sides }: Explanation): Check[] {
  if (!destination.workload || traffic.port === undefined) { return []; }
  const mistaken = mappingsTo(analysis, destination)
    .filter(({ target, port, protocol }) => target === traffic.port && port !== target && PROTOCOL_NUMBERS[protocol] === traffic.protocol);
  if (mistaken.length === 0) { return []; }
  const { set, cluster: { profile } } = analysis;
  const closed = sides.filter(({ answer }) => answer === 'denied').map(({ direction }) => direction);
  const checks: Check[] = [];
  for (const policy of set.policies.filter(({ direction, mode }) => closed.includes(direction) && mode === 'enforce')) {
    const [own, other] = policy.direction === 'egress' ? [source, destination] : [destination, source];
    if (own.variants.every(variant => matchesEndpoint(policy.subject, variant, profile) === NO)) { continue; }
    for (const rule of policy.rules.filter(({ action }) => action === 'allow')) {
      const { match } = rule;
      if (other.variants.every(variant => matchesEndpoint(peerOf(policy.direction, match), variant, profile) === NO)) { continue; }
      const boxes = match.traffic.filter(({ protocols }) => inRanges(protocols, traffic.protocol));
      const ranges: Range[] = boxes.flatMap(({ destinationPorts }) => destinationPorts?.ranges ?? []);
      const found = mistaken.find(({ port }) => mergeRanges(ranges).some(([first, last]) => first === port && last === port));
      if (!found) { continue; }
      checks.push({
        topic: 'port',
        outcome: 'problem',
        text: `${ruleText(policy, rule)} allows ${found.port}, which is the port of Service ${found.service}; its pods listen on ${found.target}, and policies are about that: write ${found.target}`,
      });
    }
  }
  return checks.slice(0, 3);
}
