import { App, Chart, Duration, JsonPatch } from 'cdk8s';
import { LabelExpression, Workload } from '../../../src';
import { ClusterSpiffeId, ClusterSpiffeIdProps } from '../../../src/constructs/identity/cluster-spiffe-id';
import { LABEL_SELECTOR, STRING } from '../../../src/dialects/common-fields';
import { checkFields, FieldTree } from '../../../src/dialects/field-tree';
import { deployment, Manifest } from '../../support/apps';

/** Of the CRD in spire-controller-manager 0.6.6, config/crd/bases/spire.spiffe.io_clusterspiffeids.yaml; without its status. */
const STRINGS: FieldTree = { type: 'array', of: STRING };
const BOOLEAN: FieldTree = { type: 'boolean' };
const DURATION: FieldTree = { type: 'string', pattern: /^[0-9]+s$/ };
const CLUSTER_SPIFFE_ID: FieldTree = {
  type: 'object',
  fields: {
    apiVersion: { type: 'string', enum: ['spire.spiffe.io/v1alpha1'] },
    kind: { type: 'string', enum: ['ClusterSPIFFEID'] },
    metadata: { type: 'object', fields: { name: STRING }, required: ['name'] },
    spec: {
      type: 'object',
      fields: {
        admin: BOOLEAN,
        autoPopulateDNSNames: BOOLEAN,
        className: STRING,
        dnsNameTemplates: STRINGS,
        downstream: BOOLEAN,
        fallback: BOOLEAN,
        federatesWith: STRINGS,
        hint: STRING,
        jwtTtl: DURATION,
        namespaceSelector: LABEL_SELECTOR,
        podSelector: LABEL_SELECTOR,
        spiffeIDTemplate: STRING,
        ttl: DURATION,
        workloadSelectorTemplates: STRINGS,
      },
      required: ['spiffeIDTemplate'],
    },
  },
  required: ['apiVersion', 'kind', 'metadata', 'spec'],
};

type Props = Omit<ClusterSpiffeIdProps, 'workload'>;

function written(workload: (chart: Chart) => Workload, props: Props = {}): Manifest {
  const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
  new ClusterSpiffeId(chart, 'id', { workload: workload(chart), ...props });
  const manifest = chart.toJson().find(({ kind }) => kind === 'ClusterSPIFFEID');
  expect(checkFields(CLUSTER_SPIFFE_ID, manifest)).toEqual([]);
  return manifest;
}

const ofDeployment = (chart: Chart): Workload => Workload.of(deployment(chart, 'api', { app: 'api' }));

test('the pods of a workload get an identity of their namespace and service account', () => {
  expect(written(ofDeployment)).toEqual({
    apiVersion: 'spire.spiffe.io/v1alpha1',
    kind: 'ClusterSPIFFEID',
    metadata: { name: 'shop-id' },
    spec: {
      spiffeIDTemplate: 'spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}',
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
      podSelector: { matchLabels: { app: 'api' } },
    },
  });
});

test('every field', () => {
  const workload = (chart: Chart) => Workload.external(chart, { labels: { app: 'api' }, expressions: [LabelExpression.oneOf('tier', 'b', 'a')], namespace: 'jobs' });
  expect(written(workload, {
    name: 'api',
    className: 'zero-trust',
    spiffeIdTemplate: 'spiffe://example.org/api',
    dnsNameTemplates: ['api.{{ .PodMeta.Namespace }}.svc', '{{ .PodMeta.Name }}'],
    workloadSelectorTemplates: ['k8s:container-name:main'],
    ttl: Duration.hours(1),
    jwtTtl: Duration.minutes(5),
    federatesWith: ['partner.example.org'],
    hint: 'internal',
    autoPopulateDnsNames: true,
    fallback: true,
    admin: false,
    downstream: false,
  })).toMatchSnapshot();
});

test('the labels of a workload are read at synth', () => {
  const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
  const api = deployment(chart, 'api', { app: 'api' });
  new ClusterSpiffeId(chart, 'id', { workload: Workload.of(api) });
  api.addJsonPatch(JsonPatch.replace('/spec/selector/matchLabels', { app: 'later' }));
  expect(chart.toJson()[1].spec.podSelector).toEqual({ matchLabels: { app: 'later' } });
});

test.each<[string, Props, RegExp]>([
  ['an identity without its scheme', { spiffeIdTemplate: 'example.org/api' }, /^shop\/id: spiffeIdTemplate: .* begins with spiffe:\/\//],
  ['a trust domain alone', { spiffeIdTemplate: 'spiffe://example.org' }, /names a trust domain and nobody in it/],
  ['a path that ends in nothing', { spiffeIdTemplate: 'spiffe://example.org/api/' }, /"" is no part of a path/],
  ['a path that goes up', { spiffeIdTemplate: 'spiffe://example.org/../api' }, /"\.\." is no part of a path/],
  ['a path with a space', { spiffeIdTemplate: 'spiffe://example.org/a b' }, /"a b" is no part of a path/],
  ['an upper-case trust domain', { spiffeIdTemplate: 'spiffe://Example.org/api' }, /"Example\.org" is no trust domain/],
  ['a template that does not end', { spiffeIdTemplate: 'spiffe://{{ .TrustDomain }/api' }, /each \{\{ needs its \}\}/],
  ['a trust domain as a URL', { federatesWith: ['spiffe://partner.example.org'] }, /federatesWith\[0\]: .* is no trust domain.*without spiffe:\/\//],
  ['a DNS name that is none', { dnsNameTemplates: ['a b'] }, /dnsNameTemplates\[0\]: "a b" cannot be a DNS name/],
  ['a selector without a type', { workloadSelectorTemplates: ['main'] }, /must be type:value/],
  ['a field that there is not', { spiffeIdTemplate: 'spiffe://a/{{ .PodMeta.Nmae }}' }, /^shop\/id: spiffeIdTemplate: the data of the template has no field \.PodMeta\.Nmae, .*known are \.PodMeta\.Name,/],
  ['data that there is not', { dnsNameTemplates: ['{{ .Pod.Name }}'] }, /dnsNameTemplates\[0\]: .* no field \.Pod\.Name.*known are \.TrustDomain,/],
  ['a field of a text', { spiffeIdTemplate: 'spiffe://{{ .TrustDomain.Name }}/a' }, /\.TrustDomain is text, without fields/],
  ['a field of the API, which is not Go\'s', { workloadSelectorTemplates: ['k8s:sa:{{ .PodSpec.serviceAccountName }}'] }, /workloadSelectorTemplates\[0\]: .* no field \.PodSpec\.serviceAccountName/],
  ['a field beside a function', { spiffeIdTemplate: 'spiffe://a/{{ index $.PodMeta.Label "app.kubernetes.io/name" }}' }, /no field \.PodMeta\.Label,/],
  ['a time as text', { ttl: '1h' as never }, /^shop\/id: ttl: must be a Duration, such as Duration\.hours\(1\), got "1h"/],
  ['names as text', { dnsNameTemplates: 'api' as never }, /dnsNameTemplates: must be a list, got "api"/],
  ['a property that there is not', { spiffeIDTemplate: 'spiffe://a/b' } as never, /spiffeIDTemplate: unknown field; known are workload, spiffeIdTemplate/],
  ['no time', { ttl: Duration.seconds(0) }, /ttl: must be longer than nothing/],
])('%s is refused', (_name, props, why) => { expect(() => written(ofDeployment, props)).toThrow(why); });

test.each([
  '{{ index .PodMeta.Labels "app.kubernetes.io/name" }}',
  '{{ .PodMeta.Labels.app }}',
  '{{ .PodMeta.GetName }}',
  '{{ printf "%s.unknown" .NodeMeta.Name | printf "%s" }}',
  '{{ $name := .PodMeta.Name }}{{ $name }}',
  '{{ with .PodMeta }}{{ .Name }}{{ end }}',
  '{{ .ClusterName }}-{{ .ClusterDomain }}-{{ .NodeSpec.ProviderID }}',
])('the template %s is taken', template => {
  expect(() => written(ofDeployment, { spiffeIdTemplate: `spiffe://example.org/${template}` })).not.toThrow();
});

test('without a workload there are no pods', () => {
  const chart = new Chart(new App(), 'shop');
  expect(() => new ClusterSpiffeId(chart, 'id', {} as never)).toThrow('shop/id: workload: is required, but is missing');
  expect(() => new ClusterSpiffeId(chart, 'id', undefined as never)).toThrow(/^shop\/id: props: must be an object with workload/);
});
