import { Construct } from 'constructs';
import { acceptExtra, connectOutside, connectParts, DESTINATION, isolatePart, Part, PART, partOf, PartProps, SERVER_PART, ServerPartProps } from './part';
import { ExternalDestination } from '../constructs/allow-external';
import { Justification } from '../constructs/justification';
import { Port } from '../constructs/port';
import { checkProps, PORT, REASON, TEXT } from '../constructs/prop-kinds';
import { struct } from '../constructs/props';
import { Workload } from '../constructs/workload';

/** Pods that take jobs from a queue. */
export interface QueueWorkerProps extends PartProps {
  /**
   * Where the workers may connect to outside the cluster.
   * @default - nowhere
   */
  readonly egress?: ExternalDestination[];
  /**
   * The port of the workers' pods that monitoring, a fact of the cluster, may scrape.
   * @default - the workers accept no connection
   */
  readonly monitoring?: Port;
}

/** Properties of `WorkerQueue`. A reason goes with what its parts do not give one for. */
export interface WorkerQueueProps extends Justification {
  /** What puts jobs into the queue; at least one. */
  readonly producers: PartProps[];
  /** What holds the jobs. */
  readonly queue: ServerPartProps;
  /** What takes the jobs; at least one. */
  readonly workers: QueueWorkerProps[];
  /**
   * Where workers keep what they do.
   * @default - none
   */
  readonly database?: ServerPartProps;
  /**
   * The namespace of parts that are stated by labels.
   * @default - the chart's
   */
  readonly namespace?: string;
}

const SERVER = struct<ServerPartProps>({ port: PORT }, SERVER_PART);
const PROPS = struct<WorkerQueueProps>({
  producers: [struct<PartProps>({}, PART)],
  queue: SERVER,
  workers: [struct<QueueWorkerProps>({}, { ...PART, egress: [DESTINATION], monitoring: PORT })],
}, { ...REASON, database: SERVER, namespace: TEXT });

/**
 * Producers to a queue, workers to the queue and to a database, and nothing else: queue, workers and database are isolated in both directions,
 * and producers in egress. Workers accept no connection; queue and database open none, not even to DNS, since answers need no egress.
 *
 * Nothing is written for a part by `Workload.external(...)`, which another app holds: that app states what the part accepts.
 */
export class WorkerQueue extends Construct {
  /** The producers, in the order of statement. */
  public readonly producers: Workload[];
  /** The queue. */
  public readonly queue: Workload;
  /** The workers, in the order of statement. */
  public readonly workers: Workload[];
  /** The database, where one is stated. */
  public readonly database?: Workload;

  /**
   * @throws when there are no producers or no workers, a part states neither a workload nor labels, or both, an entry of `extraIngress`
   * names no peers, or more is stated for a part of another app than who connects to it
   */
  public constructor(scope: Construct, id: string, props: WorkerQueueProps) {
    super(scope, id);
    const { path } = this.node;
    checkProps(path, PROPS, props);
    const part = (name: string, stated: PartProps) => partOf(this, `${path}: ${name}`, stated, props);
    const parts = (name: string, stated: readonly PartProps[]) => {
      if (stated.length === 0) { throw new Error(`${path}: a queue without ${name} serves nobody; state at least one in ${name}`); }
      return stated.map((each, i) => part(`${name}[${i}]`, each));
    };
    const [producers, workers] = [parts('producers', props.producers), parts('workers', props.workers)];
    const queue = server(part('queue', props.queue), props.queue);
    const database = props.database && server(part('database', props.database), props.database);
    this.producers = producers.map(({ workload }) => workload);
    this.workers = workers.map(({ workload }) => workload);
    [this.queue, this.database] = [queue.workload, database?.workload];

    for (const client of [...producers, ...workers]) { connectParts(client, queue, props.queue.port); }
    for (const [i, worker] of workers.entries()) {
      const { egress, monitoring } = props.workers[i];
      isolatePart(worker);
      if (database) { connectParts(worker, database, props.database!.port); }
      acceptExtra(worker, { monitoring });
      connectOutside(worker, egress);
    }
  }
}

/** Closed but for what is stated. */
function server(part: Part, stated: ServerPartProps): Part {
  isolatePart(part, false);
  acceptExtra(part, stated);
  return part;
}
