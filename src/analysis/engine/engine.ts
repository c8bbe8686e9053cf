import { Asked } from './asked';
import { CompiledEndpoint, Vocabulary } from './compiled-endpoint';
import { CompiledPolicy, PolicyCompiler } from './compiled-policy';
import { Compiler } from './compiler';
import { addressCuts, portCuts, rangesIn } from './cuts';
import { EndpointIndex } from './endpoint-index';
import { LabelSets } from './label-sets';
import { addressAt, before, FAMILIES } from './positions';
import { PrefixTable } from './prefix-table';
import { RuleRows } from './rule-rows';
import { Selection } from './selection';
import { Side } from './side';
import { Words } from './words';
import { LabelScope } from '../../model/endpoint';
import { allAllow, Answer, compareOrder } from '../../model/evaluate';
import { Endpoint, Profile } from '../../model/match';
import { Direction, Policy, PolicySet } from '../../model/policy-set';
import { ALL_PORTS, PROTOCOL_NUMBERS } from '../../model/traffic';
import { PortProtocol } from '../connections/connection-set';
import { Traffic } from '../party';

export { CompiledEndpoint };

/** The ports from `first` to `last` fare alike. */
export interface PortAnswer {
  readonly first: number;
  readonly last: number;
  readonly answer: Answer;
}

/** Inclusive; both of one family. */
export interface AddressRange {
  readonly first: string;
  readonly last: string;
}

/** Answers flows of a policy set, fast: the same answers as those of `evaluate`, which a property holds. */
export class Engine {
  private readonly vocabulary: Vocabulary;
  private readonly selection: Selection;
  private readonly rows: RuleRows;
  /** Those that are known; others live as long as whoever asks about them keeps them. */
  private readonly compiledKnown = new Map<Endpoint, CompiledEndpoint>();
  private readonly compiled = new WeakMap<Endpoint, CompiledEndpoint>();
  private readonly policies: readonly CompiledPolicy[];
  private readonly known: CompiledEndpoint[] = [];
  private index?: EndpointIndex;

  public constructor(public readonly set: PolicySet, public readonly profile: Profile) {
    const words = new Words();
    const ranges = new PrefixTable();
    this.vocabulary = { words, ranges, labels: new LabelSets(words) };
    const ofTerms = new Compiler(words, ranges, profile);
    const ofPolicies = new PolicyCompiler(ofTerms);
    this.policies = inOrder(set.policies).map((policy, rank) => ofPolicies.compile(policy, rank));
    this.rows = new RuleRows(ofTerms.terms, ofPolicies.traffics);
    this.selection = new Selection(set.pipeline, this.policies, words, this.rows);
  }

  public answer(source: Endpoint, destination: Endpoint, traffic: Traffic): Answer {
    return this.answerOf(this.compile(source), this.compile(destination), traffic);
  }

  /** One direction alone. */
  public side(direction: Direction, source: Endpoint, destination: Endpoint, traffic: Traffic): Answer {
    return this.sideOf(direction, this.compile(source), this.compile(destination), traffic);
  }

  /** For loops over many flows: `answerOf` and `sideOf` take it. */
  public compile(endpoint: Endpoint): CompiledEndpoint {
    let compiled = this.compiledKnown.get(endpoint) ?? this.compiled.get(endpoint);
    if (!compiled) { this.compiled.set(endpoint, compiled = new CompiledEndpoint(endpoint, this.vocabulary)); }
    return compiled;
  }

  /** Those that `candidates` lists. Others can be asked about all the same. */
  public know(endpoints: Iterable<Endpoint>): void {
    for (const endpoint of endpoints) {
      const compiled = this.compiled.get(endpoint) ?? this.compiledKnown.get(endpoint) ?? new CompiledEndpoint(endpoint, this.vocabulary);
      this.compiledKnown.set(endpoint, compiled);
      this.known.push(compiled);
      this.rulesFor('egress', compiled);
    }
    this.index = undefined;
  }

  public answerOf(source: CompiledEndpoint, destination: CompiledEndpoint, traffic: Traffic): Answer {
    const asked = new Asked(source, destination, traffic);
    const { egressAt } = source;
    const egress = egressAt >= 0 ? this.rows.answer(egressAt, asked, destination) : this.rulesFor('egress', source).answer(asked, source, destination);
    if (egress === 'denied') { return egress; }
    const { ingressAt } = destination;
    const ingress = ingressAt >= 0 ? this.rows.answer(ingressAt, asked, source) : this.rulesFor('ingress', destination).answer(asked, destination, source);
    return egress === 'allowed' ? ingress : allAllow([egress, ingress]);
  }

  public sideOf(direction: Direction, source: CompiledEndpoint, destination: CompiledEndpoint, traffic: Traffic): Answer {
    const [own, peer] = direction === 'ingress' ? [destination, source] : [source, destination];
    return this.rulesFor(direction, own).answer(new Asked(source, destination, traffic), own, peer);
  }

  /** The one answer to all that travels between the two, where it depends on no rule that matches, or may; undefined where it does. */
  public answerToAll(source: CompiledEndpoint, destination: CompiledEndpoint): Answer | undefined {
    const [egress, ingress] = [this.rulesFor('egress', source), this.rulesFor('ingress', destination)];
    const sides = [
      egress.rulesBetween(source, destination).length === 0 ? egress.defaultAnswer : undefined,
      ingress.rulesBetween(destination, source).length === 0 ? ingress.defaultAnswer : undefined,
    ];
    if (sides.includes('denied')) { return 'denied'; }
    return sides[0] === undefined || sides[1] === undefined ? undefined : allAllow([sides[0], sides[1]]);
  }

  /** What this direction of an endpoint answers to every peer that is not one of its `candidates`, whatever travels. */
  public defaultAnswer(direction: Direction, own: CompiledEndpoint): Answer {
    return this.rulesFor(direction, own).defaultAnswer;
  }

  /**
   * The known endpoints that some rule of this direction of an endpoint matches as its peer, or may match, in the order in which they became
   * known. The endpoint itself can be one of them.
   */
  public candidates(direction: Direction, own: CompiledEndpoint): readonly CompiledEndpoint[] {
    const index = this.index ??= new EndpointIndex(this.known, this.vocabulary.words);
    const peers = new Set(this.rulesFor(direction, own).rules.map(({ peer }) => peer));
    const places = [...peers].map(peer => index.matching(peer));
    const all = places.length === 1 ? places[0] : Uint32Array.from(new Set(places.flatMap(some => [...some]))).sort();
    return Array.from(all, place => this.known[place]);
  }

  /**
   * Where ports from 1 to 65535 begin to fare differently between two endpoints: sorted, each the first of its stretch; the first of all is 1.
   * Names are resolved on the ports of the destination. What a flow does not state (requests, source ports) is as in `answer`.
   */
  public portCuts(source: CompiledEndpoint, destination: CompiledEndpoint, protocol: PortProtocol): readonly number[] {
    const rules = [
      ...this.rulesFor('egress', source).rulesBetween(source, destination),
      ...this.rulesFor('ingress', destination).rulesBetween(destination, source),
    ];
    return portCuts(rules, destination.endpoint, protocol);
  }

  /** All ports of a protocol from 1 to 65535, neighbours that fare alike joined. */
  public portAnswers(source: CompiledEndpoint, destination: CompiledEndpoint, protocol: PortProtocol): readonly PortAnswer[] {
    const answers: PortAnswer[] = [];
    const cuts = this.portCuts(source, destination, protocol);
    cuts.forEach((first, i) => {
      const answer = this.answerOf(source, destination, { protocol: PROTOCOL_NUMBERS[protocol], port: first });
      const last = i + 1 < cuts.length ? cuts[i + 1] - 1 : ALL_PORTS[1];
      const previous = answers[answers.length - 1];
      if (previous?.answer === answer) { answers[answers.length - 1] = { ...previous, last }; } else { answers.push({ first, last, answer }); }
    });
    return answers;
  }

  /**
   * Disjoint ranges that hold every address, those of IPv4 first, in order: no address range of a rule ends inside one, so that all the
   * addresses of it fare alike. With an endpoint: as far as the rules of this direction of it go.
   */
  public addressCuts(direction: Direction, own?: CompiledEndpoint): readonly AddressRange[] {
    const rules = own
      ? this.rulesFor(direction, own).rules
      : this.policies.filter(policy => policy.direction === direction).flatMap(policy => policy.rules);
    const cuts = addressCuts(new Set([...new Set(rules.map(({ peer }) => peer))].flatMap(rangesIn)));
    return cuts.map((first, i) => {
      const { end } = FAMILIES[typeof first === 'number' ? 4 : 6];
      const next = i + 1 < cuts.length && cuts[i + 1] < end ? cuts[i + 1] : end;
      return { first: addressAt(first), last: addressAt(before(next)) };
    });
  }

  /** Whether the policies name a label of that scope. */
  public namesLabel(of: LabelScope, test: (label: string) => boolean): boolean {
    const labels = this.vocabulary.words.knownLabels(of);
    return labels !== undefined && [...labels.keys()].some(test);
  }

  private rulesFor(direction: Direction, own: CompiledEndpoint): Side {
    const side = own[direction];
    if (side) { return side; }
    const sides = this.selection.sidesOf(own);
    own.egress = sides.egress;
    own.ingress = sides.ingress;
    own.egressAt = sides.egress.rowsAt;
    own.ingressAt = sides.ingress.rowsAt;
    return sides[direction];
  }
}

/** Those that are enforced, stage by stage in the order in which they are asked: as they stand where their orders are equal. */
function inOrder(policies: readonly Policy[]): Policy[] {
  const enforced: Policy[] = [];
  // Of many policies to look at each once more takes long, and most are in order.
  let isOrdered = true;
  for (const policy of policies) {
    if (policy.mode !== 'enforce') { continue; }
    isOrdered &&= enforced.length === 0 || compare(enforced[enforced.length - 1], policy) <= 0;
    enforced.push(policy);
  }
  return isOrdered ? enforced : enforced.sort(compare);
}

const compare = (a: Policy, b: Policy): number => (a.stage === b.stage ? compareOrder(a.order, b.order) : a.stage < b.stage ? -1 : 1);
