import { Interner, Labels } from './interner';
import { PodDrafts } from './pod-drafts';
import { Redirect } from './redirect';
import { ApiServer, Call, HostAction, HostEndpoint, Namespace, Node, PodRange, Profile, Route, Service, ServiceEndpoints } from './world';

/** A world that is being read: documents come in any order, and some say more of what others state. */
export class Draft {
  public readonly interner = new Interner();
  public readonly pods = new PodDrafts(this.interner);
  public readonly namespaces = new Map<string, Namespace>();
  /** By `namespace/name`. */
  public readonly accounts = new Map<string, Labels>();
  public readonly services = new Map<string, Service>();
  /** By `namespace/name` of the Service. */
  public readonly endpoints = new Map<string, ServiceEndpoints[]>();
  public readonly routes: Route[] = [];
  public readonly nodes = new Map<string, Node>();
  public readonly hostEndpoints: HostEndpoint[] = [];
  public readonly profiles = new Map<string, Profile>();
  public readonly podRanges: PodRange[] = [];
  public readonly calls: Call[] = [];
  public readonly redirects: Redirect[] = [];
  public readonly grants = new Set<string>();
  public hostAction?: HostAction;
  public readonly seen = new Map<string, number>();
  public readonly notes: string[] = [];

  public addEndpoints(namespace: string, service: string, endpoints: ServiceEndpoints): void {
    const key = `${namespace}/${service}`;
    const known = this.endpoints.get(key);
    if (known) { known.push(endpoints); } else { this.endpoints.set(key, [endpoints]); }
  }

  /** What the endpoints of its Service say, and nothing else. */
  public apiServers(): ApiServer[] {
    return (this.endpoints.get('default/kubernetes') ?? []).flatMap(({ addresses, ports, at }) => {
      const [port] = ports;
      return addresses.map(address => ({ address, at, ...(port === undefined ? {} : { port: port.port }) }));
    });
  }
}
