import { AppObject, AppObjects, AppPods } from './app-objects';
import { AppService, listOf, objectsOf, podPort, selects, servicesOf } from './app-services';
import { inConstruct } from './native-object';
import { Json } from './pod-template';
import { selectorExpr } from '../model/endpoint';
import { matchesEndpoint, YES } from '../model/match';

/** A port of pods: its number, or its name. */
export type PodPort = number | string;

const GROUP = 'monitoring.coreos.com';
/** What containers call their metrics port by convention. */
const NAMES = ['metrics', 'http-metrics'];
const SCRAPE = 'prometheus.io/scrape';
const PORT = 'prometheus.io/port';

/** Where the pods of an app say that they are scraped. */
export class ScrapePorts {
  private readonly services: readonly AppService[];
  private readonly serviceMonitors: readonly AppObject[];
  private readonly podMonitors: readonly AppObject[];

  public constructor(app: AppObjects) {
    this.services = servicesOf(app);
    this.serviceMonitors = app.ofKind(GROUP, 'ServiceMonitor');
    this.podMonitors = app.ofKind(GROUP, 'PodMonitor');
  }

  /**
   * The ports of pods that monitors and the annotation name; without these, those that have the name of a metrics port.
   * @throws when the annotation, or what a monitor names, is not a port
   */
  public of(pods: AppPods): PodPort[] {
    const stated = [...this.byServiceMonitors(pods), ...this.byPodMonitors(pods), ...annotated(pods)];
    return [...new Set(stated.length > 0 ? stated : NAMES.filter(name => hasPort(pods, name)))];
  }

  /** Why monitors of the app that look as if they were about these pods name no port of theirs, each as a sentence. */
  public missed(pods: AppPods): string[] {
    const ofServices = this.services.filter(service => this.isOf(service, pods)).flatMap(service =>
      this.serviceMonitors.filter(monitor => selectsLabels(monitor, service.labels)).flatMap(monitor => {
        if (!looksAt(monitor, service)) { return [elsewhere(monitor, `Service ${service.name}`, service.namespace)]; }
        const names = service.ports.map(({ name }) => name ?? 'one without a name').join(', ');
        return endpointsOf(monitor).flatMap(({ value: { port, targetPort } }) => (namesPort(port, targetPort)
          ? service.ports.some(({ name }) => name === port) ? [] : [`${textOf(monitor)} names port ${JSON.stringify(port)}, which Service ${service.name} lacks: it has ${names}`]
          : hasPort(pods, targetPort) ? [] : [`${textOf(monitor)} names target port ${JSON.stringify(targetPort)}, which no container of ${pods.text} has`]));
      }));
    const ofPods = this.podMonitors.filter(monitor => selectsLabels(monitor, pods.labels)).map(monitor => (looksAt(monitor, pods)
      ? `${textOf(monitor)} names no port that a container of ${pods.text} has`
      : elsewhere(monitor, pods.text, pods.namespace)));
    return [...ofServices, ...ofPods];
  }

  private isOf(service: AppService, pods: AppPods): boolean {
    return service.namespace === pods.namespace && selects(service.selector, pods.labels ?? {});
  }

  /** A ServiceMonitor is about Services, and its port is theirs; its target port is the pods'. */
  private byServiceMonitors(pods: AppPods): PodPort[] {
    return this.serviceMonitors.flatMap(monitor => this.services
      .filter(service => looksAt(monitor, service) && this.isOf(service, pods))
      .flatMap(service => endpointsOf(monitor).flatMap(({ value: { port, targetPort }, where }) =>
        (namesPort(port, targetPort) ? service.ports.filter(({ name }) => name === port).map(each => each.targetPort) : [podPort(targetPort, `${where}.targetPort`)]))))
      .filter(port => hasPort(pods, port));
  }

  private byPodMonitors(pods: AppPods): PodPort[] {
    return this.podMonitors.filter(monitor => looksAt(monitor, pods))
      .flatMap(monitor => objectsOf(monitor, 'spec.podMetricsEndpoints', monitor.manifest.spec?.podMetricsEndpoints))
      .flatMap(({ value: { portNumber, port, targetPort }, where }) => {
        const stated = port ?? portNumber ?? targetPort;
        return (stated ?? undefined) === undefined ? [] : [podPort(stated, where)];
      })
      .filter(port => hasPort(pods, port));
  }
}

/** The name of a port comes before a target port: https://prometheus-operator.dev/docs/api-reference/api/ */
const namesPort = (port: unknown, targetPort: unknown): boolean => (port ?? '') !== '' || (targetPort ?? undefined) === undefined;

const endpointsOf = (monitor: AppObject): { readonly value: Json; readonly where: string }[] => objectsOf(monitor, 'spec.endpoints', monitor.manifest.spec?.endpoints);

/** Whether a monitor is about Services or pods by their namespace and labels. */
function looksAt(monitor: AppObject, { namespace, labels }: Pick<AppPods, 'namespace' | 'labels'>): boolean {
  const { namespace: own, manifest: { spec } } = monitor;
  const { any, matchNames } = spec?.namespaceSelector ?? {};
  const names: string[] = listOf(matchNames);
  const near = any === true || (names.length > 0 ? namespace !== undefined && names.includes(namespace) : namespace === own);
  return near && selectsLabels(monitor, labels);
}

const selectsLabels = (monitor: AppObject, labels: AppPods['labels'] = {}): boolean => inConstruct(`${textOf(monitor)}: spec.selector`, () =>
  matchesEndpoint(selectorExpr('pod', monitor.manifest.spec?.selector), { kind: 'pod', labels }, { cidrMatches: [] }) === YES);

const textOf = ({ kind, name, path }: AppObject): string => `${kind} ${name} (${path})`;

const elsewhere = (monitor: AppObject, what: string, namespace: string | undefined): string =>
  `${textOf(monitor)} selects the labels of ${what}, but does not look in namespace ${namespace}, since without spec.namespaceSelector it looks in its own only; state namespaceSelector: { matchNames: [${JSON.stringify(namespace)}] }`;

/** A number need not be declared to be a port; a name must. */
const hasPort = ({ template }: AppPods, wanted: unknown): wanted is PodPort =>
  typeof wanted === 'number' || template.ports.some(({ name, protocol }) => name === wanted && protocol === 'TCP');

function annotated({ template: { annotations }, text }: AppPods): number[] {
  const stated = annotations[PORT];
  if (stated === undefined || annotations[SCRAPE] === 'false') { return []; }
  const port = /^\d+$/.test(stated) ? Number(stated) : NaN;
  if (!(port >= 1 && port <= 65535)) {
    throw new Error(`${text}: the annotation ${PORT} is ${JSON.stringify(stated)}, which is no port; write a number from 1 to 65535`);
  }
  return [port];
}
