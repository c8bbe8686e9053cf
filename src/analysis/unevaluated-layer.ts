import { undecidedRest } from './undecided';
import { allOf, ANY, inNamespace, POD } from '../model/endpoint';
import { DIRECTIONS, Layer, Origin, Policy, PolicySet } from '../model/policy-set';

/** A layer of its own: what it holds can only close, and whether it does is not known. */
const LAYER: Layer = { name: 'other', stages: [{ id: 'not evaluated', combine: 'first-match' }], otherwise: 'allow' };

/** The set with what enforcers that are not evaluated may close: the pods of a namespace, or everything. */
export function withUnevaluated(set: PolicySet, origins: readonly Origin[]): PolicySet {
  if (origins.length === 0) { return set; }
  return { pipeline: [...set.pipeline, LAYER], policies: [...set.policies, ...origins.flatMap(policiesOf)] };
}

function policiesOf(origin: Origin): Policy[] {
  const { namespace } = origin;
  return DIRECTIONS.map(direction => ({
    origin,
    stage: LAYER.stages[0].id,
    order: [],
    mode: 'enforce',
    direction,
    subject: namespace === undefined ? ANY : allOf(POD, inNamespace(namespace)),
    isolates: false,
    rules: [{ ...undecidedRest(origin, 'what it closes: it is not evaluated'), origin }],
  }));
}
