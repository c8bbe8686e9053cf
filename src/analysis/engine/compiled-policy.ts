import { CompiledTraffic, compileTraffic } from './compiled-traffic';
import { Compiler } from './compiler';
import { Term } from './terms';
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

const isLog = ({ action }: Rule): boolean => action === 'log';

export class PolicyCompiler {
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

  private rule({ action, match }: Rule, direction: Direction): CompiledRule {
    return {
      outcome: outcomeOf(action),
      own: this.compiler.term(direction === 'ingress' ? match.destination : match.source),
      peer: this.compiler.term(peerOf(direction, match)),
      traffic: this.traffic(match.traffic),
    };
  }

  private traffic(boxes: readonly TrafficBox[]): CompiledTraffic {
    let traffic = this.byList.get(boxes);
    if (!traffic) {
      const text = JSON.stringify(boxes);
      traffic = this.byText.get(text);
      if (!traffic) { this.byText.set(text, traffic = compileTraffic(this.byText.size, boxes)); }
      this.byList.set(boxes, traffic);
    }
    return traffic;
  }
}
