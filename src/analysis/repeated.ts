import { own } from './world/world-object';
import { UnreadableDocument } from '../dialects/document-reader';
import { preview } from '../dialects/preview';
import { Policy } from '../model/policy-set';

/** What is stated twice under one name and not alike: a cluster keeps one of them, and which one the documents do not say. */

/** Whoever reads these, and the world that has Services, looks at it there. */
const CHECKED_ELSEWHERE: ReadonlySet<unknown> = new Set(['Tier', 'NetworkSet', 'GlobalNetworkSet', 'Service']);

interface First<T> {
  readonly at: string;
  /** Kept as it is: its text is made where the name comes again. */
  readonly content: T;
}

export class RepeatedNames {
  private readonly policies = new Map<string, First<readonly Policy[]>>();
  private readonly support = new Map<string, First<unknown>>();

  /** @throws UnreadableDocument naming both places */
  public addPolicies(document: unknown, at: string, policies: readonly Policy[]): void {
    refuseOther(this.policies, document, at, policies, meaningOf);
  }

  /** @throws UnreadableDocument naming both places */
  public addSupport(document: unknown, at: string): void {
    if (!CHECKED_ELSEWHERE.has(own(document, 'kind'))) { refuseOther(this.support, document, at, document, contentOf); }
  }
}

function refuseOther<T>(known: Map<string, First<T>>, document: unknown, at: string, content: T, textOf: (content: T) => string): void {
  const key = keyOf(document);
  const first = known.get(key);
  if (first === undefined) {
    known.set(key, { at, content });
  } else if (textOf(first.content) !== textOf(content)) {
    const metadata = own(document, 'metadata');
    const [namespace, name] = [own(metadata, 'namespace'), own(metadata, 'name')];
    const text = `${String(own(document, 'kind'))} ${preview(typeof namespace === 'string' ? `${namespace}/${String(name)}` : String(name)).slice(1, -1)}`;
    throw new UnreadableDocument(at, `${text} is also stated at ${first.at}, with other content, and a cluster keeps one of the two; leave one of them out`);
  }
}

function keyOf(document: unknown): string {
  const [apiVersion, metadata] = [String(own(document, 'apiVersion')), own(document, 'metadata')];
  return `${apiVersion.slice(0, apiVersion.indexOf('/'))} ${String(own(document, 'kind'))} ${String(own(metadata, 'namespace') ?? '')}/${String(own(metadata, 'name'))}`;
}

/** All but where it stands. */
const meaningOf = (policies: readonly Policy[]): string => JSON.stringify(policies, (key, value: unknown) => (key === 'at' ? undefined : value));

/** Without what the API server adds. */
function contentOf(document: unknown): string {
  const { metadata, status: _status, apiVersion: _version, ...rest } = document as Readonly<Record<string, unknown>>;
  return JSON.stringify([own(metadata, 'labels') ?? {}, rest]);
}
