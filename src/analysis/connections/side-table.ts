import { conditionsText } from './conditions-text';
import { End, Ends, familyOfEnd } from './ends';
import { EndIndex, Matching } from './matching-ends';
import { closeOutcomeOf, Told } from './outcome';
import { Outcomes } from './outcomes';
import { CutsOf, portNamesIn } from './port-cuts';
import { Look, PORTS_ALONE, Probe } from './probe';
import { EndpointExpr } from '../../model/endpoint';
import { traceSide } from '../../model/evaluate';
import { matchesEndpoint, NO, Profile } from '../../model/match';
import { Direction, Match, peerOf, Policy, Rule } from '../../model/policy-set';
import { Engine } from '../engine/engine';
import { Traffic } from '../party';

/**
 * What the policies of one direction say of every end and every peer of it. Ends that the same policies select are one class; to a class,
 * peers that its rules match alike are one too. So each distinct case is asked of the engine once, and which peers a class knows by name
 * need not be found among all.
 */
export class SideTable {
  private readonly classOfEnd: readonly SideClass[];
  private readonly attributes: readonly number[];

  public constructor(direction: Direction, engine: Engine, ends: Ends, index: EndIndex, outcomes: Outcomes, look: Look = PORTS_ALONE) {
    const policies = engine.set.policies.filter(policy => policy.direction === direction && policy.mode === 'enforce');
    const attributes = attributesOf(ends, portNamesIn(policies));
    const alike = new Map<number, End[]>();
    for (const end of ends.all) { append(alike, attributes[end.index], end); }
    const context: Context = { direction, engine, index, outcomes, look, alike };
    const selections = selectionsOf(direction, policies, ends, index, engine.profile);
    const classes = new Map<string, SideClass>();
    this.attributes = attributes;
    this.classOfEnd = ends.all.map(end => {
      const mine = selections.of[end.index].map(id => selections.all[id]);
      const key = [attributes[end.index], ...mine.map(({ key: of }) => of(end))].join();
      let found = classes.get(key);
      if (!found) { classes.set(key, found = new SideClass(classes.size, context, end, mine.flatMap(selection => selection.policies))); }
      return found;
    });
  }

  public outcome(own: End, peer: End): number {
    return this.classOfEnd[own.index].outcome(peer, this.attributes[peer.index]);
  }

  public classOf(own: End): SideClass {
    return this.classOfEnd[own.index];
  }
}

interface Context {
  readonly direction: Direction;
  readonly engine: Engine;
  readonly index: EndIndex;
  readonly outcomes: Outcomes;
  readonly look: Look;
  /** The ends of each attribute. */
  readonly alike: ReadonlyMap<number, readonly End[]>;
}

/** Ends of a direction that its policies judge alike. */
export class SideClass {
  /** The peers that some rule knows by more than what all ends have in common: by end, which rules match. */
  public readonly exceptions = new Map<number, string>();
  /** Of rules whose peers are so many that they are looked up instead. */
  private readonly tables: readonly Uint8Array[];
  private readonly known = new Map<string, number>();
  private readonly plain: number[] = [];
  private opened?: boolean;

  /** The end is one of them, and the policies are those that select it, or may. */
  public constructor(
    public readonly number: number,
    private readonly context: Context,
    public readonly end: End,
    public readonly policies: readonly Policy[],
  ) {
    const { direction, index } = context;
    const tables = new Set<Uint8Array>();
    const peers = new Set<Matching>(policies.flatMap(({ rules }) => rules.map(({ match }) => index.matching(peerOf(direction, match)))));
    let id = 0;
    for (const matching of peers) {
      if ('many' in matching) {
        if (matching.many.some(matched => matched !== matching.many[0])) { tables.add(matching.many); }
        continue;
      }
      id++;
      for (const [peer, matched] of matching.few) { this.exceptions.set(peer, `${this.exceptions.get(peer) ?? ''},${id}:${matched}`); }
    }
    this.tables = [...tables];
  }

  /** Whether peers may pass that are no exceptions. */
  public get open(): boolean {
    return (this.opened ??= this.isOpen());
  }

  /** The number of the outcome. */
  public outcome(peer: End, attribute: number): number {
    const exception = this.exceptions.get(peer.index);
    if (exception === undefined && this.tables.length === 0) { return (this.plain[attribute] ??= this.ask(peer)); }
    const key = `${attribute}|${this.tables.map(table => table[peer.index]).join('')}|${exception ?? ''}`;
    let outcome = this.known.get(key);
    if (outcome === undefined) { this.known.set(key, outcome = this.ask(peer)); }
    return outcome;
  }

  private isOpen(): boolean {
    if (this.tables.length > 0) { return true; }
    const { alike, outcomes } = this.context;
    for (const [attribute, peers] of alike) {
      const peer = peers.find(({ index }) => !this.exceptions.has(index));
      if (peer && !outcomes.isNothing(this.outcome(peer, attribute))) { return true; }
    }
    return false;
  }

  /** Rules about other peers change nothing, so that their ports need not be asked about. */
  private ask(peer: End): number {
    const { direction, engine, index, outcomes, look } = this.context;
    const [source, destination] = direction === 'egress' ? [this.end.endpoint, peer.endpoint] : [peer.endpoint, this.end.endpoint];
    const mayMatch = ({ match }: Rule): boolean => {
      const matching = index.matching(peerOf(direction, match));
      return 'few' in matching ? matching.few.has(peer.index) : matching.many[peer.index] !== NO;
    };
    const policies = this.policies.map(policy => ({ ...policy, rules: policy.rules.filter(mayMatch) }));
    const [from, to] = [engine.compile(source), engine.compile(destination)];
    const tell = (traffic: Traffic): Told => {
      const answer = engine.sideOf(direction, from, to, traffic);
      if (!look.conditions || answer === 'allowed' || answer === 'denied') { return { answer }; }
      const flow = { ...traffic, source, destination };
      return { answer, on: conditionsText(traceSide({ pipeline: engine.set.pipeline, policies }, direction, flow, engine.profile), flow) };
    };
    const travels = ({ family }: Probe): boolean => family === undefined || [this.end, peer].every(end => (familyOfEnd(end) ?? family) === family);
    return outcomes.add(closeOutcomeOf(new CutsOf(policies).at(destination), look.probes, travels, tell));
  }
}

interface Selections {
  /** By end: the selections that it is in. */
  readonly of: readonly (readonly number[])[];
  readonly all: readonly Selection[];
}

/** Policies that select the same ends. */
interface Selection {
  readonly policies: readonly Policy[];
  /** How they select an end, and what of their rules holds for it. */
  key(end: End): string;
}

function selectionsOf(direction: Direction, policies: readonly Policy[], ends: Ends, index: EndIndex, profile: Profile): Selections {
  const bySubject = new Map<Matching, Policy[]>();
  for (const policy of policies) { append(bySubject, index.matching(policy.subject), policy); }
  const of: number[][] = ends.all.map(() => []);
  const all = [...bySubject].map(([matching, members], id): Selection => {
    for (const end of indexesOf(matching)) { of[end].push(id); }
    const own = members.flatMap(({ rules }) => rules.map(({ match }) => ownEndOf(direction, match))).filter(expr => !('any' in expr));
    const selected = (end: End) => ('few' in matching ? matching.few.get(end.index)! : matching.many[end.index]);
    return { policies: members, key: end => `${id}:${selected(end)}:${own.map(expr => matchesEndpoint(expr, end.endpoint, profile)).join('')}` };
  });
  return { of, all };
}

/** What a rule asks of the end whose policy it is in. */
const ownEndOf = (direction: Direction, match: Match): EndpointExpr => peerOf(direction === 'ingress' ? 'egress' : 'ingress', match);

function* indexesOf(matching: Matching): Iterable<number> {
  if ('few' in matching) {
    yield* matching.few.keys();
  } else {
    for (let i = 0; i < matching.many.length; i++) { if (matching.many[i] !== 0) { yield i; } }
  }
}

/** What rules may ask of an end beside who it is: its family, and the ports that they name. */
function attributesOf(ends: Ends, names: ReadonlySet<string>): number[] {
  const numbers = new Map<string, number>();
  return ends.all.map(end => {
    const { kind, ports } = end.endpoint;
    const named = ports?.filter(({ name }) => name !== undefined && names.has(name)).map(({ name, port, protocol }) => [name, port, protocol]);
    const key = JSON.stringify([kind, familyOfEnd(end) ?? 0, named ?? null]);
    let number = numbers.get(key);
    if (number === undefined) { numbers.set(key, number = numbers.size); }
    return number;
  });
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) { list.push(value); } else { lists.set(key, [value]); }
}
