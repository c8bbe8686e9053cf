import { IConstruct } from 'constructs';
import { ExternalDestination, externalPeers } from '../constructs/allow-external';
import { firstSaid, Justification } from '../constructs/justification';
import { IPeer, Peer } from '../constructs/peer';
import { Port } from '../constructs/port';
import { LABELS, PEERS, PORT, REASON, TEXTS, WORKLOAD } from '../constructs/prop-kinds';
import { struct } from '../constructs/props';
import { Statements } from '../constructs/statements';
import { Workload } from '../constructs/workload';
import { says } from '../model/justification';

/** One part of an architecture: a workload, or the labels of its pods. Its reason goes with each of its connections. */
export interface PartProps extends Justification {
  /**
   * The workload.
   * @default - the pods with `labels`
   */
  readonly workload?: Workload;
  /**
   * The labels of its pods.
   * @default - `workload` is stated
   */
  readonly labels?: { [key: string]: string };
}

/** Who may connect to a part beside those that the architecture names. */
export interface PartIngress extends Justification {
  /** Who may connect; at least one. */
  readonly peers: IPeer[];
  /** The port of the part's pods, not that of a Service. */
  readonly port: Port;
}

/** A part that accepts connections. */
export interface ServerPartProps extends PartProps {
  /** The port on which the part's pods are reached, not that of a Service. */
  readonly port: Port;
  /**
   * The port of the part's pods that monitoring, a fact of the cluster, may scrape.
   * @default - monitoring may not reach the part
   */
  readonly monitoring?: Port;
  /**
   * Who else may connect, such as people to a dashboard.
   * @default - nobody
   */
  readonly extraIngress?: PartIngress[];
}

/** What plain JavaScript is held to. */
export const PART = { ...REASON, workload: WORKLOAD, labels: LABELS } as const;
export const SERVER_PART = { ...PART, monitoring: PORT, extraIngress: [struct<PartIngress>({ peers: PEERS, port: PORT }, REASON)] } as const;
export const DESTINATION = struct<ExternalDestination>({}, { ...REASON, fqdns: TEXTS, cidrs: TEXTS, port: PORT });

function partWorkload(scope: IConstruct, what: string, { workload, labels }: PartProps, namespace: string | undefined): Workload {
  if ((workload === undefined) === (labels === undefined)) {
    throw new Error(`${what} must state either a workload or labels, ${workload ? 'and states both' : 'and states neither'}`);
  }
  return workload ?? Workload.select(scope, { labels: labels!, namespace });
}

/** A part, with its reasons beside those of the whole architecture. */
export interface Part {
  /** Names it in an error. */
  readonly what: string;
  readonly workload: Workload;
  readonly why: Justification;
  /** Whether it has a reason that is not that of the whole. */
  readonly isReasoned: boolean;
}

/**
 * @param what names the part in an error, such as "shop/app: tier web"
 * @throws when the part states neither a workload nor labels, or both
 */
export const partOf = (scope: IConstruct, what: string, stated: PartProps, whole: Justification & { readonly namespace?: string }): Part =>
  ({ what, workload: partWorkload(scope, what, stated, whole.namespace), why: firstSaid(stated, whole), isReasoned: says(stated) });

/**
 * Holds a part to be of this app, where an architecture says things that only the app of the part can write.
 * @throws when it is of another app
 */
export function requireOwn({ what, workload }: Part): void {
  if (workload.isExternal) { throw new Error(`${what} is ${workload} of another app, and an app writes its own policies only; state this in the app that holds it`); }
}

/** Closes a part. One of another app is left as it is: its own app decides what it accepts. */
export function isolatePart({ workload, why }: Part, dns?: boolean): void {
  if (!workload.isExternal) { workload.connections.isolate({ dns, ...why }); }
}

/**
 * The connection of one part to another, with the reasons of both. A part of another app has its end written there.
 * @throws when both are of another app
 */
export function connectParts(source: Part, destination: Part, port: Port): void {
  const reasoned = [source, destination].filter(({ isReasoned }) => isReasoned);
  if (source.workload.isExternal) { requireOneOwn(source, destination); }
  for (const { why } of reasoned.length > 0 ? reasoned : [source]) {
    if (source.workload.isExternal) {
      destination.workload.connections.allowFrom(source.workload, port, why);
    } else {
      source.workload.connections.allowTo(destination.workload, port, why);
    }
  }
}

function requireOneOwn(source: Part, destination: Part): void {
  if (destination.workload.isExternal) {
    throw new Error(`${source.what} and ${destination.what} are both of other apps, so that nothing of their connection could be written here; state it in the apps that hold them`);
  }
}

/**
 * What a part accepts beside the connections of its architecture.
 * @throws when an entry of `extraIngress` names no peers, or the part is of another app
 */
export function acceptExtra(part: Part, { monitoring, extraIngress = [] }: Pick<ServerPartProps, 'monitoring' | 'extraIngress'>): void {
  const { what, workload, why: ofPart } = part;
  if (monitoring || extraIngress.length > 0) { requireOwn(part); }
  if (monitoring) {
    workload.connections.allowFrom(Peer.monitoring(), monitoring, ofPart);
    const statements = Statements.of(workload._chart);
    statements.scrape({ statement: statements.statementOf(workload)!, port: () => monitoring });
  }
  for (const { peers, port, ...why } of extraIngress) {
    if (peers.length === 0) { throw new Error(`${what}: extraIngress on ${port} names no peers, which never means all of them; name at least one`); }
    for (const peer of peers) { workload.connections.allowFrom(peer, port, firstSaid(why, ofPart)); }
  }
}

/**
 * Where a part may connect to outside the cluster.
 * @throws when the part is of another app
 */
export function connectOutside(part: Part, destinations: readonly ExternalDestination[] = []): void {
  const { workload, why } = part;
  if (destinations.length > 0) { requireOwn(part); }
  for (const destination of destinations) {
    for (const peer of externalPeers(destination)) {
      workload.connections.allowTo(peer, destination.port ?? Port.HTTPS, firstSaid(destination, why));
    }
  }
}
