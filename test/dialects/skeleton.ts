import { documentFields, LABEL_VALUE } from '../../src/dialects/common-fields';
import { byDocument, DialectId, DialectModule, Document, isOfKind, labelSelector, ObjectKind, Refusal } from '../../src/dialects/dialect';
import { DocumentReader } from '../../src/dialects/document-reader';
import { asRequirement, peerTerms } from '../../src/dialects/peer-terms';
import { disjunction } from '../../src/model/dnf';
import { allOf, ANY, EndpointExpr, inNamespace, labelIn, POD } from '../../src/model/endpoint';
import { NORMAL, Policy, REFERENCE_PIPELINE } from '../../src/model/policy-set';
import { ALL_TRAFFIC, isAllTraffic } from '../../src/model/traffic';

/** The smallest dialect: a Gate closes the pods of one app in its namespace to all but the pods of other apps there. */
const GATE: ObjectKind = { apiVersion: 'example.com/v1', kind: 'Gate' };
const ID = 'skeleton' as DialectId;

const podsOf = (namespace: string, app: string): EndpointExpr => allOf(POD, inNamespace(namespace), labelIn('pod', 'app', app));

function read(document: unknown, at?: string): Policy[] {
  const { reader, fields, origin } = DocumentReader.open(document, at);
  if (!isOfKind(document, [GATE])) { throw reader.fail('kind', `this is no ${GATE.kind} of ${GATE.apiVersion}`); }
  const { namespace } = origin;
  if (namespace === undefined) { throw reader.fail('metadata.namespace', 'is required'); }
  const spec = reader.object(reader.own(fields, 'spec'), 'spec');
  reader.only(spec, 'spec', ['app', 'from']);
  const [app, from] = [reader.string(reader.own(spec, 'app'), 'spec.app'), reader.strings(reader.own(spec, 'from'), 'spec.from')];
  return [{
    origin,
    stage: NORMAL,
    order: [],
    mode: 'enforce',
    direction: 'ingress',
    subject: podsOf(namespace, app),
    isolates: true,
    rules: from.map(peer => ({ action: 'allow', match: { source: podsOf(namespace, peer), destination: ANY, traffic: ALL_TRAFFIC } })),
  }];
}

function write(policies: readonly Policy[]): Document[] {
  return byDocument(policies).map(group => {
    const [{ origin, subject, rules, ...policy }] = group;
    const cannot = (what: string) => new Refusal(origin.name, ID, what, 'use another dialect');
    const { namespace } = origin;
    if (namespace === undefined) { throw cannot('a Gate is namespaced'); }
    const stated = policy.direction === 'ingress' && policy.isolates && policy.mode === 'enforce' && policy.stage === NORMAL && !policy.hook && !policy.effects;
    if (group.length > 1 || !stated) { throw cannot('a Gate closes ingress'); }
    const appOf = (expr: EndpointExpr): string => {
      const [conjunction, ...others] = disjunction(expr);
      const terms = conjunction && others.length === 0 ? peerTerms(conjunction) : undefined;
      const [app, ...more] = terms?.labels.map(label => label.test.of === 'pod' && asRequirement(label)).map(each => each && labelSelector([each]).matchLabels) ?? [];
      const value = app && more.length === 0 ? (app as Record<string, string>).app : undefined;
      // Whatever else was asked of the endpoint would be lost.
      if (value === undefined || JSON.stringify(disjunction(podsOf(namespace, value))) !== JSON.stringify(disjunction(expr))) { throw cannot('an end is one app of the namespace'); }
      return value;
    };
    const from = rules.map(({ action, match, effects }) => {
      if (action !== 'allow' || effects || !('any' in match.destination) || !isAllTraffic(match.traffic)) { throw cannot('a rule allows all traffic'); }
      return appOf(match.source);
    });
    return { ...GATE, metadata: { name: origin.name, namespace }, spec: { app: appOf(subject), from } };
  });
}

export const skeleton: DialectModule = {
  id: ID,
  fields: {
    Gate: documentFields({
      ...GATE,
      namespaced: true,
      body: { spec: { type: 'object', fields: { app: LABEL_VALUE, from: { type: 'array', of: LABEL_VALUE } }, required: ['app', 'from'] } },
      required: ['spec'],
    }),
  },
  kinds: [{ ...GATE, role: 'policy' }],
  kindOf: () => GATE,
  lower: policies => ({ policies, wider: [] }),
  write,
  read,
  link: policies => ({ pipeline: REFERENCE_PIPELINE, policies }),
};
