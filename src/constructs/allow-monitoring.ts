import { Construct } from 'constructs';
import { AppPods } from './app-objects';
import { NetworkPolicy, NetworkPolicyOptions, pathOf } from './network-policy';
import { IPeer, Peer } from './peer';
import { LateRules } from './policy-statement';
import { Port } from './port';
import { namesAreEnforced, numbersOfName } from './port-numbers';
import { checkProps, PEER, POLICY_OPTIONS, PORT } from './prop-kinds';
import { struct } from './props';
import { PodPort, ScrapePorts } from './scrape-ports';
import { matchesEndpoint, NO } from '../model/match';

/** Properties of `AllowMonitoring`. */
export interface AllowMonitoringProps extends NetworkPolicyOptions {
  /**
   * The pods that may be scraped.
   * @default - every pod of the namespace
   */
  readonly subject?: IPeer;
  /**
   * The port of the pods on which they serve metrics, not that of a Service, and not Prometheus' own 9090.
   * @default - looked for in the app: ports that a ServiceMonitor or PodMonitor names, the annotation `prometheus.io/port` of the pod template, else
   * container ports named "metrics" or "http-metrics"
   */
  readonly port?: Port;
}

const PROPS = struct<AllowMonitoringProps>({}, { ...POLICY_OPTIONS, subject: PEER, port: PORT });

/**
 * Monitoring, a fact of the cluster, may scrape pods. Isolates their ingress: all else is closed unless another policy allows it.
 *
 * Where monitoring is a workload of this app whose egress is closed, that end is opened too.
 *
 * @see https://prometheus-operator.dev/docs/developer/getting-started/
 */
export class AllowMonitoring extends NetworkPolicy {
  /**
   * @throws when the namespace is not known; at synth, when no port is stated and none is found
   */
  public constructor(scope: Construct, id: string, props: AllowMonitoringProps = {}) {
    checkProps(pathOf(scope, id), PROPS, props);
    const { port, ...options } = props;
    super(scope, id, {
      ...options,
      ...(port === undefined ? {} : { ingress: [{ peers: [Peer.monitoring()], ports: [port] }] }),
      isolate: { ingress: true, egress: false },
    });
    const { statement, statements } = this._prepared;
    const { monitoring } = statements.factsFor(this);
    const isNobody = monitoring._pods().length === 0 && !monitoring._onNodes;
    if (isNobody) { return; }
    const found = port === undefined ? this.lookingForPorts() : undefined;
    if (found) {
      statement.addLate('ingress', (): LateRules => {
        const { port: scraped, wider } = found();
        return { rules: [{ action: 'allow', peer: Peer.monitoring(), port: scraped }], wider };
      });
    }
    statements.scrape({ statement, port: () => port ?? found!().port });
  }

  /** The app is looked at once in each compilation, when all of it is there. */
  private lookingForPorts(): () => Scraped {
    const { statements } = this._prepared;
    let known: { readonly generation: number; readonly scraped: Scraped } | undefined;
    return () => {
      if (known?.generation !== statements.generation) { known = { generation: statements.generation, scraped: this.lookForPorts() }; }
      return known.scraped;
    };
  }

  private lookForPorts(): Scraped {
    const { statement, statements } = this._prepared;
    const subject = statement.subjectExpr(statements.factsFor(this));
    const pods = statements.appObjects.pods.filter(each => each.kind === 'pod' && matchesEndpoint(subject, each, { cidrMatches: [] }) !== NO);
    const scrapePorts = new ScrapePorts(statements.appObjects);
    const byName = namesAreEnforced(statements.factsFor(this));
    const found = pods.map(each => ({ pods: each, ports: scrapePorts.of(each).flatMap(port => (byName || typeof port === 'number' ? [port] : numbersOfName(port, [each]))) }));
    const ports = [...new Set(found.flatMap(each => each.ports))].sort(inOrder);
    if (ports.length === 0) {
      throw new Error(`${statement}: ${nothingFor(pods)} says on which port monitoring scrapes${pods.flatMap(each => scrapePorts.missed(each)).map(why => ` (${why})`).join('')}; state port, such as port: Port.tcp(9102), name the container port "metrics", annotate the pod template with prometheus.io/port, or add a ServiceMonitor or PodMonitor to the app`);
    }
    return {
      port: Port.oneOf(...ports.map(each => (typeof each === 'number' ? Port.tcp(each) : Port.named(each)))),
      wider: found.flatMap(({ pods: each, ports: own }) => ports.filter(port => opensMore(port, own, each)).map(port =>
        `${statement}: port ${port} is scraped of other pods, and is opened to monitoring on ${each.text} too; state one AllowMonitoring for each workload`)),
    };
  }
}

interface Scraped {
  readonly port: Port;
  /** What is opened beside what is scraped, each as a sentence. */
  readonly wider: readonly string[];
}

const nothingFor = (pods: readonly AppPods[]): string => (pods.length === 0 ? 'no pods of this app are meant, so that nothing' : `nothing of ${pods.map(({ text }) => text).join(', ')}`);

/** Whether a port, opened on pods, is a number there that they are not scraped on. A name that they do not have opens nothing. */
function opensMore(port: PodPort, scraped: readonly PodPort[], pods: AppPods): boolean {
  const numbersOf = (each: PodPort): number[] => (typeof each === 'number' ? [each] : numbersOfName(each, [pods]));
  const numbers = scraped.flatMap(numbersOf);
  return numbersOf(port).some(number => !numbers.includes(number));
}

/** Numbers first, since names and numbers have no order. */
const inOrder = (a: PodPort, b: PodPort): number =>
  (typeof a === 'number' && typeof b === 'number' ? a - b : typeof a === 'number' ? -1 : typeof b === 'number' ? 1 : a < b ? -1 : 1);
