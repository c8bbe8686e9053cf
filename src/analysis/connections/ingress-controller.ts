import { PORT_PROTOCOLS, PortProtocol } from './connection-set';
import type { PartyConnection } from './connections';
import { connectionSetOf, joinSteps, Outcome, passesNothing, Step } from './outcome';
import { RouteBackend, routeBackendsOf } from './route-backends';
import { Answer } from '../../model/evaluate';
import { PROTOCOL_NUMBERS } from '../../model/traffic';
import { Analysis } from '../analysis';
import { ingressController } from '../find/ingress-controllers';
import { Party } from '../party';

/** The ports to which routes lead, as far as policies let the controller come there. */
export function ingressControllerConnections(analysis: Analysis): PartyConnection[] {
  const backends = new Map<Party, RouteBackend[]>();
  for (const backend of routeBackendsOf(analysis)) {
    const list = backends.get(backend.party);
    if (list) { list.push(backend); } else { backends.set(backend.party, [backend]); }
  }
  if (backends.size === 0) { return []; }
  const from = ingressController(analysis);
  return analysis.parties.flatMap((to): PartyConnection[] => {
    const outcome = outcomeOfPorts(backends.get(to) ?? [], ({ protocol, port }) =>
      analysis.answer(from, to, { protocol: PROTOCOL_NUMBERS[protocol], port }));
    return passesNothing(outcome) ? [] : [{ source: from.text, destination: to.text, from, to, set: connectionSetOf(outcome) }];
  });
}

function outcomeOfPorts(backends: readonly RouteBackend[], ask: (backend: RouteBackend) => Answer): Outcome {
  const steps: Record<PortProtocol, readonly Step[]> = { SCTP: [], TCP: [], UDP: [] };
  for (const protocol of PORT_PROTOCOLS) {
    const answers = new Map<number, Answer>([[1, 'denied']]);
    for (const backend of backends.filter(each => each.protocol === protocol).sort((a, b) => a.port - b.port)) {
      answers.set(backend.port, ask(backend));
      if (!answers.has(backend.port + 1)) { answers.set(backend.port + 1, 'denied'); }
    }
    const sorted = [...answers].map(([from, answer]) => ({ from, answer })).sort((a, b) => a.from - b.from);
    steps[protocol] = joinSteps(sorted.filter(({ from }) => from <= 65535));
  }
  return steps;
}
