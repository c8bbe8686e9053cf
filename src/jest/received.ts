import { Construct, IConstruct } from 'constructs';
import { Connectivity } from '../connectivity/connectivity';
import { ConnectivityOptions } from '../connectivity/connectivity-options';

/**
 * The connectivity of what a test expects something of.
 * @throws when it is none of what has one
 */
export function connectivityOf(received: unknown, options: ConnectivityOptions = {}): Connectivity {
  if (received instanceof Connectivity) {
    if (Object.keys(options).length > 0) { throw new Error('options are for manifests and apps; a Connectivity was made with its own'); }
    return received;
  }
  if (Array.isArray(received)) { return Connectivity.ofManifests(received, options); }
  if (Construct.isConstruct(received)) { return Connectivity.ofApp(received as IConstruct, options); }
  throw new Error(`${received === null ? 'null' : `a ${typeof received}`} has no connectivity; expect an App, a Chart, a Connectivity, or a list of manifests such as that of Testing.synth`);
}
