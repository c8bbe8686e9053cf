import { CNI_EXAMPLES } from './001-cni';
import { NAMESPACE_EXAMPLES } from './001-namespaces';
import { EXAMPLES_002 } from './002';
import { EXAMPLES_003 } from './003';
import { EXAMPLES_004 } from './004';
import type { Example } from './example';

export { EVERY_CLUSTER } from './example';
export type { Example, Mistake } from './example';

/** Every manifest of the tutorials. */
export const EXAMPLES: readonly Example[] = [...NAMESPACE_EXAMPLES, ...CNI_EXAMPLES, ...EXAMPLES_002, ...EXAMPLES_003, ...EXAMPLES_004];
