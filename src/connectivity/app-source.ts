import { IConstruct } from 'constructs';
import { appDocuments } from './app-documents';
import { ConnectivityOptions } from './connectivity-options';
import { Source } from './source';
import { Cluster } from '../cluster/cluster';

interface Known {
  readonly text: string;
  readonly source: Source;
}

/** The last of each app. */
const KNOWN = new WeakMap<IConstruct, Known>();

/**
 * The whole app that a construct is in, since all of it is applied together; it must have no errors. An app that renders what it rendered
 * before is not analysed anew.
 */
export function appSource(scope: IConstruct, options: ConnectivityOptions = {}): Source {
  const { root } = scope.node;
  const facts = Cluster.of(root)._read(root);
  const input = appDocuments(root);
  const text = JSON.stringify([input, options, facts]);
  const known = KNOWN.get(root);
  if (known?.text === text) { return known.source; }
  const source = Source.ofApp(input, facts, options);
  KNOWN.set(root, { text, source });
  return source;
}
