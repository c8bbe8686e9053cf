import { AppObject, AppObjects } from './app-objects';
import { AppService, listOf } from './app-services';
import { Json } from './pod-template';

/** A Service that the API server itself calls. */
export interface ApiBackend {
  /** What says so, such as "APIService v1beta1.metrics.k8s.io (shop/api)". */
  readonly text: string;
  readonly namespace: string;
  readonly service: string;
  /** The port of the Service. */
  readonly port: number;
}

/** A call goes to this port, unless it is stated. */
const DEFAULT_PORT = 443;

/** The Services that the API server calls by what the app declares: APIServices, admission webhooks, conversion webhooks. */
export function apiBackendsOf(app: AppObjects): ApiBackend[] {
  return [
    ...app.ofKind('apiregistration.k8s.io', 'APIService').flatMap(object => backendsOf(object, [object.manifest.spec?.service])),
    ...app.ofKind('admissionregistration.k8s.io', 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration').flatMap(object =>
      backendsOf(object, listOf(object.manifest.webhooks).map(webhook => webhook?.clientConfig?.service))),
    ...app.ofKind('apiextensions.k8s.io', 'CustomResourceDefinition').flatMap(object =>
      backendsOf(object, [object.manifest.spec?.conversion?.webhook?.clientConfig?.service])),
  ];
}

/** An APIService without a Service is served by the API server itself; a webhook without one is called by its URL. */
function backendsOf({ kind, name, path }: AppObject, services: readonly Json[]): ApiBackend[] {
  const found = services.filter(service => typeof service?.name === 'string' && typeof service.namespace === 'string').map((service): ApiBackend => ({
    text: `${kind} ${name} (${path})`,
    namespace: service.namespace,
    service: service.name,
    port: Number(service.port ?? DEFAULT_PORT),
  }));
  return found.filter((backend, i) => found.findIndex(({ namespace, service, port }) =>
    namespace === backend.namespace && service === backend.service && port === backend.port) === i);
}

/** The pods behind a backend, and their port. */
export interface BackendPods {
  readonly labels: Readonly<Record<string, string>>;
  readonly port: number | string;
}

/** Undefined where the app does not say: it has no such Service, or the Service has no such port or selects no pods. */
export function podsBehind({ namespace, service: name, port }: ApiBackend, services: readonly AppService[]): BackendPods | undefined {
  const service = services.find(candidate => candidate.name === name && candidate.namespace === namespace);
  const found = service?.ports.find(candidate => candidate.port === port);
  return !service || !found || Object.keys(service.selector).length === 0 ? undefined : { labels: service.selector, port: found.targetPort };
}
