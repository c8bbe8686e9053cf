import { AppPods } from './app-objects';
import { Peer } from './peer';
import { PolicyStatement, StatedRule } from './policy-statement';
import { Port } from './port';
import type { Statements } from './statements';
import type { ResolvedFacts } from '../cluster/cluster';
import { evaluate } from '../model/evaluate';
import { NAMESPACE_NAME } from '../model/labels';
import { Endpoint, matchesEndpoint, NO, Profile, YES } from '../model/match';
import { Policy, REFERENCE_PIPELINE } from '../model/policy-set';
import { PROTOCOL_NUMBERS } from '../model/traffic';

/** What monitoring may scrape: both ends of it, where this app holds both. */
export interface Scrape {
  /** What lets monitoring in. */
  readonly statement: PolicyStatement;
  /** @throws when nothing says which ports are scraped */
  readonly port: () => Port;
}

/** Where monitoring is a workload of this app whose egress is closed, what it may scrape is opened there too. */
export function openMonitoring(statements: Statements, facts: ResolvedFacts): void {
  const all = statements.scrapes.length > 0 ? podsOf(statements) : [];
  const hasScrapers = all.some(({ endpoint }) => isScraper(endpoint, facts));
  const rules = hasScrapers ? statements.scrapes.flatMap(scrape => ruleOf(scrape, facts)) : [];
  for (const statement of statements.policies) { statement.lendEgress(rules.length > 0 && isOfScrapers(statement, all, facts) ? rules : []); }
}

/** Whether a statement closes egress of monitoring, and of nothing else. */
function isOfScrapers(statement: PolicyStatement, all: readonly Known[], facts: ResolvedFacts): boolean {
  if (!statement.isolates.egress || !('workload' in statement.props.subject)) { return false; }
  try {
    const subject = statement.subjectExpr(facts);
    const meant = all.filter(({ endpoint }) => matchesEndpoint(subject, endpoint, { cidrMatches: [] }) !== NO);
    return meant.length > 0 && meant.every(({ endpoint }) => isScraper(endpoint, facts));
  } catch {
    return false; // Reported where the statement is compiled.
  }
}

function ruleOf({ statement, port }: Scrape, facts: ResolvedFacts): StatedRule[] {
  try {
    const { subject } = statement.props;
    const peer = 'workload' in subject ? subject.workload.toPeer() : Peer._ofExpr(`what ${statement} is about`, statement.subjectExpr(facts));
    return [{ action: 'allow', peer, port: port() }];
  } catch {
    return []; // Reported where the statement is compiled.
  }
}

/** What is stated to be scraped must not be closed to monitoring of this app by a policy of this app. */
export function checkMonitoring(statements: Statements, stated: ReadonlyMap<PolicyStatement, readonly Policy[]>, facts: ResolvedFacts): string[] {
  if (statements.scrapes.length === 0) { return []; }
  const all = podsOf(statements);
  const scrapers = all.filter(({ endpoint }) => isScraper(endpoint, facts));
  const scrapes = scrapers.length === 0 ? [] : statements.scrapes.flatMap(scrape => ruleOf(scrape, facts).map(({ port }) => ({ scrape, port })));
  const profile: Profile = { cidrMatches: facts.cni._profile.cidrMatchesPods ? ['pod'] : [] };
  return scrapers.flatMap(({ endpoint: source, text }) => {
    const closing = [...stated].filter(([statement, policies]) => statement.isEnforced && policies.some(({ direction, isolates, subject }) =>
      direction === 'egress' && isolates && matchesEndpoint(subject, source, profile) === YES));
    if (closing.length === 0) { return []; }
    const policies = [...stated.values()].flat().filter(({ direction, mode }) => direction === 'egress' && mode === 'enforce');
    return scrapes.flatMap(({ scrape: { statement }, port }) => {
      const targets = all.filter(({ endpoint }) => matchesEndpoint(statement.subjectExpr(facts), endpoint, profile) !== NO);
      const missed = targets.find(({ endpoint, template }) => numbersOf(port, template).some(number =>
        evaluate({ pipeline: REFERENCE_PIPELINE, policies }, { source, destination: endpoint, protocol: PROTOCOL_NUMBERS.TCP, port: number }, profile) === 'denied'));
      return missed ? [`${statement} lets monitoring in, but ${closing[0][0]} closes egress of ${text}, which is monitoring of this app, to ${missed.text}; state Workload.of(...) of it with connections.isolate({ ingress: false }), and its egress is opened too`] : [];
    });
  });
}

interface Known extends Pick<AppPods, 'object' | 'text' | 'template'> {
  readonly endpoint: Endpoint;
}

/** Pods of the app with all that policies can know of them. */
const podsOf = ({ appObjects }: Statements): Known[] => appObjects.pods.filter(({ kind }) => kind === 'pod').map(each => ({
  object: each.object,
  text: each.text,
  template: each.template,
  endpoint: {
    kind: 'pod',
    labels: each.labels,
    serviceAccount: each.serviceAccount,
    ports: each.template.ports,
    addressIn: [],
    entities: ['all', 'cluster'],
    ...(each.namespace === undefined ? {} : { namespace: each.namespace, namespaceLabels: { [NAMESPACE_NAME]: each.namespace } }),
  },
}));

function isScraper(endpoint: Endpoint, facts: ResolvedFacts): boolean {
  try {
    return matchesEndpoint(facts.monitoring._peer(facts), endpoint, { cidrMatches: [] }) === YES;
  } catch {
    return false; // Reported where the peer is used.
  }
}

/** The numbers that a port has in these pods. */
function numbersOf({ _traffic: traffic }: Port, { ports }: AppPods['template']): number[] {
  return traffic.flatMap(({ destinationPorts }) => [
    ...(destinationPorts?.ranges ?? []).map(([first]) => first),
    ...ports.filter(({ name }) => name !== undefined && destinationPorts?.names.includes(name)).map(({ port }) => port),
  ]);
}
