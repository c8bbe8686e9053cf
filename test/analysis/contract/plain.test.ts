import { analysisOf, deployment, namespace, policy, pods, range } from './support';
import { Answered, answersOf, isPlain } from '../../../src/analysis/contract/answers';
import { membersOf } from '../../../src/analysis/contract/members';
import { Pair, pairs } from '../../../src/analysis/contract/pairs';
import { ANY } from '../../../src/model/endpoint';
import { Answer } from '../../../src/model/evaluate';

const ANSWERS: readonly Answer[] = ['allowed', 'denied', 'partial', 'unknown'];

/** Ends that are closed, open, and closed for some; with ranges that may be pods. */
const MANIFESTS = [
  namespace('shop'),
  ...['a', 'b', 'c', 'd'].map(name => deployment(`shop/${name}`)),
  deployment('other/agent', { hostNetwork: true }),
  policy('shop/a', { ingress: [], egress: [] }),
  policy('shop/b', { ingress: [{ from: [pods('c')], ports: [{ port: 8080 }] }], egress: [{ to: [range('10.0.0.0/8', '10.9.0.0/16')] }] }),
  policy('shop/c', { ingress: [{ from: [pods('d', { team: 'red' })] }] }),
];

test.each([[{}], [{ podCidrs: ['10.244.0.0/16'], nodeCidrs: ['10.9.0.0/24'] }]])('what is plain of everything is the answer to each part of it: %j', options => {
  const analysis = analysisOf(MANIFESTS, options);
  const everybody = membersOf(analysis, [{ text: '*', expr: ANY }]);
  const plain = (pair: Pair): Answer[] => ANSWERS.filter(answer => isPlain(analysis, pair, answer));
  let found = 0;
  for (const pair of pairs(analysis, everybody, everybody)) {
    const [answer] = plain(pair);
    if (answer === undefined) { continue; }
    found++;
    const answers = answersOf(analysis, pair, undefined);
    expect([pair.source.text, pair.destination.text, ...new Set((answers as readonly Answered[]).map(one => one.answer))])
      .toEqual([pair.source.text, pair.destination.text, answer]);
  }
  expect(found).toBeGreaterThan(20);
});
