import { askedOf } from './asked-of';
import { ConnectivityContractProps, ContractFlow } from './connectivity-contract-props';
import { sideOf } from './side-of';
import { Statement } from '../analysis/contract/statement';
import { ResolvedFacts } from '../cluster/cluster';
import { IPeer } from '../constructs/peer';
import { dnsLabelProblem } from '../model/labels';

/** What a contract says, once the facts are known: workloads are looked at when it is judged. */
export interface StatedStatement {
  /** Its place in the properties, such as "deny[0]". */
  readonly place: string;
  /** Whether it promises that something does not pass. */
  readonly denies: boolean;
  make(facts: ResolvedFacts): Statement;
}

/** @throws when a part is not valid */
export function contractStatements(props: ConnectivityContractProps): StatedStatement[] {
  const { allow = [], deny = [], only = [], notReachable = [], isolated = [] } = props;
  return [
    ...allow.map((flow, i) => flowStatement('allow', flow, i)),
    ...deny.map((flow, i) => flowStatement('deny', flow, i)),
    ...only.map(({ subject, peers, because }, i): StatedStatement => ({
      place: `only[${i}]`,
      denies: true,
      make: facts => ({ says: 'only', source: sideOf(peers, facts), destination: sideOf([subject], facts), ...reason(because) }),
    })),
    ...notReachable.map(({ source, destination, transitive = false, because }, i): StatedStatement => ({
      place: `notReachable[${i}]`,
      denies: true,
      make: facts => ({ says: 'notReachable', ...sides(source, destination, facts), transitive, ...reason(because) }),
    })),
    ...isolated.map((namespace, i): StatedStatement => {
      const problem = dnsLabelProblem('namespace', namespace);
      if (problem !== undefined) { throw new Error(`isolated[${i}]: ${problem}`); }
      return { place: `isolated[${i}]`, denies: true, make: () => ({ says: 'isolated', namespace }) };
    }),
  ];
}

function flowStatement(says: 'allow' | 'deny', { source, destination, traffic, request, because }: ContractFlow, i: number): StatedStatement {
  const asked = askedOf(traffic, request);
  return {
    place: `${says}[${i}]`,
    denies: says === 'deny',
    make: facts => ({ says, ...sides(source, destination, facts), ...(asked ? { traffic: asked } : {}), ...reason(because) }),
  };
}

const sides = (source: IPeer, destination: IPeer, facts: ResolvedFacts) =>
  ({ source: sideOf([source], facts), destination: sideOf([destination], facts) });
const reason = (because: string | undefined) => (because === undefined ? {} : { because });
