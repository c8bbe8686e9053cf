import { AskedTraffic, trafficText } from './asked-traffic';
import { Side, sideText } from './side';

/** What a contract says of who may talk to whom. Both sides may stand for many: a statement is about each with each. */
export type Statement = (FlowStatement | OnlyStatement | NotReachableStatement | IsolatedStatement) & Stated;

interface Stated {
  readonly because?: string;
  /** `file:line`, or a construct path. */
  readonly at?: string;
}

/** Every flow of the traffic passes, or none. */
export interface FlowStatement {
  readonly says: 'allow' | 'deny';
  readonly source: Side;
  readonly destination: Side;
  /** Absent: everything. */
  readonly traffic?: AskedTraffic;
}

/** Each of the sources reaches the destination with something, and nobody else with anything. */
export interface OnlyStatement {
  readonly says: 'only';
  readonly source: Side;
  readonly destination: Side;
  /** Absent: everything. */
  readonly traffic?: AskedTraffic;
}

export interface NotReachableStatement {
  readonly says: 'notReachable';
  readonly source: Side;
  readonly destination: Side;
  /** Whether other workloads may stand in between. */
  readonly transitive: boolean;
}

/** Nobody of another namespace, and no address outside the cluster, reaches a workload of the namespace. */
export interface IsolatedStatement {
  readonly says: 'isolated';
  readonly namespace: string;
}

/** Such as `deny shop/web => shop/database : all traffic`. */
export function statementText(statement: Statement): string {
  switch (statement.says) {
    case 'isolated': return `isolated ${statement.namespace}`;
    case 'notReachable': return `not reachable ${ends(statement)}${statement.transitive ? ', by way of other workloads too' : ''}`;
    case 'only': return `only ${ends(statement)}${statement.traffic ? ` : ${trafficText(statement.traffic)}` : ''}`;
    default: return `${statement.says} ${ends(statement)} : ${trafficText(statement.traffic)}`;
  }
}

const ends = ({ source, destination }: { readonly source: Side; readonly destination: Side }): string => `${sideText(source)} => ${sideText(destination)}`;
