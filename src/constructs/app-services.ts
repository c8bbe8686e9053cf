import { AppObject, AppObjects } from './app-objects';
import { Json } from './pod-template';
import { portNameProblem } from '../model/labels';

/** A Service of the app, as far as it says where its traffic goes. */
export interface AppService {
  readonly path: string;
  readonly name: string;
  /** Undefined where it is not known. */
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The labels of its pods; empty where it selects none. */
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly AppServicePort[];
}

export interface AppServicePort {
  readonly name?: string;
  readonly port: number;
  /** The port of the pods: its number, or its name. */
  readonly targetPort: number | string;
}

/**
 * The Services of the app; of their ports those of TCP.
 * @throws when a port of one is none, with its construct path
 */
export function servicesOf(app: AppObjects): AppService[] {
  return app.ofKind('core', 'Service').map(({ path, name, namespace, manifest, kind }) => ({
    path,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    labels: manifest.metadata?.labels ?? {},
    selector: manifest.spec?.selector ?? {},
    ports: objectsOf({ kind, name, path }, 'spec.ports', manifest.spec?.ports).flatMap(({ value, where }): AppServicePort[] => (
      (value.protocol ?? 'TCP') === 'TCP' ? [portOf(value, where)] : [])),
  }));
}

/** The API server takes a target port that is empty or 0 for the port itself. */
function portOf({ name, port, targetPort }: Json, where: string): AppServicePort {
  return {
    ...(name === undefined || name === null ? {} : { name: String(name) }),
    port: Number(port),
    targetPort: podPort(targetPort || port, `${where}.${targetPort ? 'targetPort' : 'port'}`),
  };
}

/**
 * A port of pods, by number or name.
 * @throws when it is none, with its place
 */
export function podPort(value: Json, where: string): number | string {
  const isPort = typeof value === 'number' ? Number.isInteger(value) && value >= 1 && value <= 65535 : typeof value === 'string' && !portNameProblem(value);
  if (!isPort) { throw new Error(`${where} is ${textOf(value)}, which is no port; write a number from 1 to 65535, or the name of a container port`); }
  return value;
}

/**
 * The items of a list of objects, each with its place.
 * @throws when one is no object
 */
export function objectsOf({ kind, name, path }: Pick<AppObject, 'kind' | 'name' | 'path'>, field: string, list: Json): { readonly value: Json; readonly where: string }[] {
  return listOf(list).map((value, i) => {
    const where = `${kind} ${name} (${path}): ${field}[${i}]`;
    if (typeof value !== 'object' || value === null) { throw new Error(`${where} is ${textOf(value)}, which is no object; write its fields, such as port`); }
    return { value, where };
  });
}

/** Rendering makes undefined of null. */
const textOf = (value: Json): string => (value === undefined || value === null ? 'empty' : JSON.stringify(value));

export const listOf = (value: Json): Json[] => (Array.isArray(value) ? value : []);

/** Whether labels are all there, with these values; no labels select nothing. */
export const selects = (selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean =>
  Object.keys(selector).length > 0 && Object.entries(selector).every(([key, value]) => labels[key] === value);
