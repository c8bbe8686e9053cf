import { ruleText } from './policy-text';
import { layer7Text } from './traffic-text';
import { SideTrace } from '../../model/evaluate';
import { Flow, matchesTraffic, SOME } from '../../model/match';

/** Which requests pass a side, and which do not, where that is for the request to say; sentences. */
export function passingRequests({ direction, answer, layers }: SideTrace, flow: Flow): string[] {
  if (answer !== 'partial') { return []; }
  const rules = layers.flatMap(({ stages }) => stages.flatMap(stage => stage.rules)).filter(({ matched }) => matched === SOME);
  return rules.map(({ policy, rule }) => {
    const boxes = rule.match.traffic.filter(box => matchesTraffic([box], flow) === SOME);
    const requests = boxes.map(box => [...layer7Text(box), ...(box.serverNames ? [`for server name ${box.serverNames.join(' or ')}`] : [])].join(' '));
    return `${direction}: ${ruleText(policy, rule)} ${EFFECTS[rule.action] ?? 'decides about'} ${[...new Set(requests)].join(' or ')}`;
  });
}

const EFFECTS: Readonly<Record<string, string>> = { allow: 'allows', deny: 'denies', pass: 'passes on' };
