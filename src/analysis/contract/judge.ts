import { answersOf, isPlain } from './answers';
import { AskedTraffic } from './asked-traffic';
import { exampleOf } from './example';
import { joinRanges } from './join-ranges';
import { ITSELF, neverMeet } from './meet';
import { Members, membersOf, NOBODY } from './members';
import { others } from './others';
import { Pair, pairs } from './pairs';
import { partsText } from './parts-text';
import { Side, sideText } from './side';
import { FlowStatement, IsolatedStatement, NotReachableStatement, OnlyStatement, Statement } from './statement';
import { TrafficPart } from './traffic-parts';
import { MOST_VIOLATIONS, Violation } from './violation';
import { waysOn } from './ways-on';
import { inNamespace } from '../../model/endpoint';
import { Answer } from '../../model/evaluate';
import { Analysis } from '../analysis';
import { explain } from '../explain/explain';
import { isSamePod } from '../party';

/** Where the statement does not hold; nothing where it does. After `MOST_VIOLATIONS` it looks no further. */
export function judge(analysis: Analysis, statement: Statement): Violation[] {
  const found: Violation[] = [];
  for (const violation of new Judgement(analysis, statement).violations()) {
    found.push(violation);
    if (found.length === MOST_VIOLATIONS) { break; }
  }
  return joinRanges(found.map(({ statement: _, ...rest }) => rest)).map(rest => ({ statement, ...rest }));
}

interface Ends {
  readonly sources: Members;
  readonly destinations: Members;
}

/** The answers that a statement does not want, the surest first. */
const UNWANTED: Readonly<Record<'allowed' | 'denied', readonly Answer[]>> = {
  allowed: ['denied', 'partial', 'unknown'],
  denied: ['allowed', 'partial', 'unknown'],
};

class Judgement {
  public constructor(private readonly analysis: Analysis, private readonly statement: Statement) {}

  public violations(): Iterable<Violation> {
    const { statement } = this;
    switch (statement.says) {
      case 'only': return this.only(statement);
      case 'notReachable': return this.notReachable(statement);
      case 'isolated': return this.isolated(statement);
      default: return this.flows(statement);
    }
  }

  private* flows({ says, source, destination, traffic }: FlowStatement): Iterable<Violation> {
    const ends = yield* this.ends(source, destination);
    if (!ends) { return; }
    const why = this.apart(ends);
    // What never meets is denied to each other, save that a pod always reaches itself.
    if (why !== undefined && (says === 'allow' || why === ITSELF)) {
      yield this.vacuous(`${sideText(source)} and ${sideText(destination)} never meet: ${why}`);
      return;
    }
    yield* this.all(says === 'allow' ? 'allowed' : 'denied', ends.sources, ends.destinations, traffic);
  }

  private* only({ source, destination, traffic }: OnlyStatement): Iterable<Violation> {
    const ends = yield* this.ends(source, destination);
    if (!ends) { return; }
    for (const pair of pairs(this.analysis, ends.sources, ends.destinations)) { yield* this.something(pair, traffic); }
    yield* this.all('denied', others(this.analysis, source, ends.sources, ends.destinations), ends.destinations, traffic);
  }

  private* isolated({ namespace }: IsolatedStatement): Iterable<Violation> {
    const side: Side = [{ text: `a workload in namespace ${namespace}`, expr: inNamespace(namespace) }];
    const inside = yield* this.members(side);
    if (inside) { yield* this.all('denied', others(this.analysis, side, NOBODY, inside), inside, undefined); }
  }

  private* notReachable({ source, destination, transitive }: NotReachableStatement): Iterable<Violation> {
    const ends = yield* this.ends(source, destination);
    if (!ends) { return; }
    let direct = false;
    for (const violation of this.all('denied', ends.sources, ends.destinations, undefined)) {
      direct = true;
      yield violation;
    }
    if (!direct && transitive) { yield* this.chains(ends); }
  }

  /** By way of other workloads: the first chain to each destination. */
  private* chains({ sources, destinations }: Ends): Iterable<Violation> {
    const reached = new Set<string>();
    const meant = new Set(destinations.parties.map(({ party }) => party.text));
    for (const way of waysOn(this.analysis, sources)) {
      // Whoever gets into one destination has got there already.
      if (meant.has(way.party.text)) { continue; }
      const last: Members = { ...NOBODY, parties: [{ party: way.party, sure: way.answer !== 'unknown' }] };
      for (const violation of this.all('denied', last, destinations, undefined)) {
        if (reached.has(violation.destination!)) { continue; }
        reached.add(violation.destination!);
        const path = [...way.steps.map(({ source }) => source.text), way.party.text, violation.destination!].join(' => ');
        const explanations = way.steps.map(step => explain(this.analysis, step.source, step.destination, step.traffic));
        const answer = way.answer === 'allowed' ? violation.answer! : way.answer === 'unknown' ? 'unknown' : violation.answer === 'unknown' ? 'unknown' : 'partial';
        yield {
          ...violation,
          sentence: `${path} : ${CHAIN[answer]}`,
          source: way.steps[0].source.text,
          answer,
          explanations: [...explanations, ...violation.explanations],
        };
      }
    }
  }

  /** Why no two of the ends meet; undefined where some do. */
  private apart({ sources, destinations }: Ends): string | undefined {
    let why: string | undefined;
    for (const pair of pairs(this.analysis, sources, destinations)) {
      const apart = neverMeet(pair);
      if (apart === undefined) { return undefined; }
      why ??= apart;
    }
    if (why !== undefined) { return why; }
    const same = sources.parties.some(({ party }) => destinations.parties.some(other => isSamePod(party, other.party)));
    return same ? ITSELF : 'their addresses are of two families';
  }

  /** What the sides stand for; a side that stands for nothing is a violation of its own. */
  private* ends(source: Side, destination: Side): Generator<Violation, Ends | undefined> {
    const sources = yield* this.members(source);
    const destinations = yield* this.members(destination);
    if (!sources || !destinations) { return undefined; }
    if (sources.parties.length === 0 && destinations.parties.length === 0) {
      yield this.vacuous(`${sideText(source)} and ${sideText(destination)} are both outside the cluster, where no policy has a say; name a workload on one side`);
      return undefined;
    }
    return { sources, destinations };
  }

  private* members(side: Side): Generator<Violation, Members | undefined> {
    const members = membersOf(this.analysis, side);
    yield* members.problems.map(problem => this.vacuous(problem));
    return members.problems.length === 0 ? members : undefined;
  }

  /** Whatever travels between each two of them has this answer. */
  private* all(wanted: 'allowed' | 'denied', sources: Members, destinations: Members, traffic: AskedTraffic | undefined): Iterable<Violation> {
    const told = new Set<string>();
    for (const pair of pairs(this.analysis, sources, destinations)) {
      // Who is denied at the backends gets through no Service either.
      if (wanted === 'allowed' && pair.unreachable !== undefined) {
        if (!told.has(pair.unreachable)) { yield this.vacuous(pair.unreachable); }
        told.add(pair.unreachable);
        continue;
      }
      const apart = neverMeet(pair);
      if (apart !== undefined) {
        if (wanted === 'allowed') { yield this.vacuous(neverText(pair, apart)); }
        continue;
      }
      if (traffic === undefined && isPlain(this.analysis, pair, wanted)) { continue; }
      const answers = answersOf(this.analysis, pair, traffic);
      if (typeof answers === 'string') { yield this.vacuous(answers); continue; }
      for (const answer of UNWANTED[wanted]) {
        const parts = answers.filter(one => one.answer === answer).map(({ part }) => part);
        if (parts.length > 0) { yield this.flow(pair, answer, parts); }
      }
    }
  }

  /** Something surely travels between the two. */
  private* something(pair: Pair, traffic: AskedTraffic | undefined): Iterable<Violation> {
    const apart = neverMeet(pair);
    if (apart !== undefined) { yield this.vacuous(neverText(pair, apart)); return; }
    const answers = pair.unreachable ?? answersOf(this.analysis, pair, traffic);
    if (typeof answers === 'string') { yield this.vacuous(answers); return; }
    if (pair.sure && answers.some(({ answer }) => answer === 'allowed' || answer === 'partial')) { return; }
    const open = answers.filter(({ answer }) => answer !== 'denied');
    yield this.flow(pair, open.length > 0 ? 'unknown' : 'denied', (open.length > 0 ? open : answers).map(({ part }) => part));
  }

  private flow({ source, destination, sure }: Pair, answer: Answer, parts: readonly TrafficPart[]): Violation {
    const traffic = partsText(parts);
    const said = sure ? `is ${SAID[answer]}` : `is ${SAID[answer]}, and whether the statement is about it depends on labels or addresses that are not known`;
    return {
      statement: this.statement,
      kind: 'flow',
      sentence: `${source.text} => ${destination.text} : ${traffic} ${said}`,
      source: source.text,
      destination: destination.text,
      traffic,
      answer: sure ? answer : 'unknown',
      explanations: [explain(this.analysis, source, destination, exampleOf(parts, destination))],
    };
  }

  private vacuous(sentence: string): Violation {
    return { statement: this.statement, kind: 'vacuous', sentence, explanations: [] };
  }
}

const neverText = ({ source, destination }: Pair, why: string): string => `${source.text} and ${destination.text} never meet: ${why}`;

const SAID: Readonly<Record<Answer, string>> = {
  allowed: 'allowed',
  denied: 'denied',
  partial: 'allowed for some requests only',
  unknown: 'unknown',
};

const CHAIN: Readonly<Record<Answer, string>> = {
  allowed: 'each connection of this chain is allowed',
  denied: 'denied',
  partial: 'each connection of this chain is allowed, with some requests at least',
  unknown: 'this chain may be open, which depends on what is not known',
};
