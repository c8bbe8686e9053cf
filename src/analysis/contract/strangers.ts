import { podElsewhere } from './elsewhere';
import { Analysis } from '../analysis';
import { Party } from '../party';

/** No namespace is called so. */
export const SOMEWHERE = '(another namespace)';

/**
 * Pods that are not in the input and may be there tomorrow: without labels and of the account `default`, one in each namespace, and one in a
 * namespace that nobody has mentioned. What lets one of them in is open to more than to the workloads that it names.
 */
export function strangers(analysis: Analysis): Party[] {
  const inside = [...analysis.world.namespaces.keys()].sort().map(namespace => stranger(analysis, `${namespace}/{any other pod}`, namespace));
  return [...inside, stranger(analysis, '{any pod of another namespace}', SOMEWHERE)];
}

function stranger(analysis: Analysis, text: string, namespace: string): Party {
  return podElsewhere(analysis, text, {
    namespace, labels: {}, serviceAccount: 'default', serviceAccountLabels: {}, ports: [], ...(namespace === SOMEWHERE ? { namespaceLabels: {} } : { openLabels: ['namespace'] }),
  });
}
