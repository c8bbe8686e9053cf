import { CompiledTraffic, compileTraffic } from './compiled-traffic';
import { Compiler } from './compiler';
import { PairTable } from './pair-table';
import { Always, Term } from './terms';
import { outcomeOf } from '../../model/outcome';
import { Direction, Hook, peerOf, Policy, Rule } from '../../model/policy-set';
import { TrafficBox } from '../../model/traffic';

export interface CompiledRule {
  readonly outcome: number;
  readonly own: Term;
  readonly peer: Term;
  readonly traffic: CompiledTraffic;
}

/** A policy that is enforced, with its rules that can decide. */
export interface CompiledPolicy {
  readonly direction: Direction;
  readonly stage: string;
  readonly isolates: boolean;
  readonly hook: Hook | undefined;
  /** Of all policies, in the order in which they are asked. */
  readonly rank: number;
  readonly subject: Term;
  readonly rules: readonly CompiledRule[];
}

/** More than there are. */
const OUTCOMES = 16;

const isLog = ({ action }: Rule): boolean => action === 'log';

export class PolicyCompiler {
  /** By their numbers. */
  public readonly traffics: CompiledTraffic[] = [];
  private readonly rules: CompiledRule[] = [];
  /** By the peer, and by the traffic and the outcome. */
  private readonly places = new PairTable();
  private readonly byText = new Map<string, CompiledTraffic>();
  private readonly byList = new Map<readonly TrafficBox[], CompiledTraffic>();

  public constructor(private readonly compiler: Compiler) {}

  public compile(policy: Policy, rank: number): CompiledPolicy {
    const { subject, rules, direction, stage, isolates, hook } = policy;
    return {
      direction,
      stage,
      isolates,
      hook,
      rank,
      subject: this.compiler.term(subject),
      rules: (rules.some(isLog) ? rules.filter(rule => !isLog(rule)) : rules).map(rule => this.rule(rule, direction)),
    };
  }

  /** Rules of many policies are alike. */
  private rule({ action, match }: Rule, direction: Direction): CompiledRule {
    const own = this.compiler.term(direction === 'ingress' ? match.destination : match.source);
    const rule = { outcome: outcomeOf(action), own, peer: this.compiler.term(peerOf(direction, match)), traffic: this.traffic(match.traffic) };
    if (!(own instanceof Always)) { return rule; }
    const key = OUTCOMES * rule.traffic.id + rule.outcome;
    const known = this.places.get(rule.peer.id, key);
    if (known >= 0) { return this.rules[known]; }
    this.places.set(rule.peer.id, key, this.rules.push(rule) - 1);
    return rule;
  }

  private traffic(boxes: readonly TrafficBox[]): CompiledTraffic {
    let traffic = this.byList.get(boxes);
    if (!traffic) {
      const text = JSON.stringify(boxes);
      traffic = this.byText.get(text);
      if (!traffic) {
        this.byText.set(text, traffic = compileTraffic(this.traffics.length, boxes));
        this.traffics.push(traffic);
      }
      this.byList.set(boxes, traffic);
    }
    return traffic;
  }
}
