import { Direction } from '../../model/policy-set';
import { Analysis } from '../analysis';
import { explain } from '../explain/explain';
import { Party, Traffic } from '../party';

/** What lets a flow pass on one side. */
export interface HopRule {
  readonly direction: Direction;
  /** Such as `NetworkPolicy shop/web`; absent where no policy decides. */
  readonly policy?: string;
  readonly rule?: string;
  /** `file:line` of the rule, or the construct path. */
  readonly at?: string;
}

/** The rules that decide on both sides; of several ways in which the two may meet, those of the first. */
export function hopRules(analysis: Analysis, source: Party, destination: Party, traffic: Traffic): HopRule[] {
  return explain(analysis, source, destination, traffic).sides.flatMap(({ direction, steps }): HopRule[] => {
    const deciding = steps.filter(({ effect }) => effect === 'allows' || effect === 'decided elsewhere');
    if (deciding.length === 0) { return [{ direction }]; }
    const { policy, rule, parts = [], at } = deciding[deciding.length - 1];
    const place = parts.length > 0 ? parts.join(' and ') : rule;
    return [{ direction, policy, ...(place === undefined ? {} : { rule: place }), ...(at === undefined ? {} : { at }) }];
  });
}
