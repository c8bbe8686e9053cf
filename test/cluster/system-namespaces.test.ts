import { App } from 'cdk8s';
import { Cluster, ClusterFacts, Cni, Distribution, Dns, IngressController, Mesh, Monitoring } from '../../src';
import { ADDONS, SYSTEM_NAMESPACES } from '../../src/cluster/system-namespaces';
import { dnsLabelProblem } from '../../src/model/labels';

const DISTRIBUTIONS = ['kubernetes', 'eks', 'gke', 'aks', 'openshift', 'k3s', 'rke2', 'rancher', 'digitalocean', 'ibm', 'microk8s', 'talos'];
const INITIAL = ['kube-node-lease', 'kube-public', 'kube-system'];

function namespacesOf(facts: ClusterFacts): string[] {
  const app = new App();
  Cluster.of(app).configure(facts);
  return Cluster.of(app).systemNamespaces;
}

const ofOwner = (owner: string): string[] => SYSTEM_NAMESPACES.filter(({ of }) => of === owner).map(({ name }) => name);

test('every row is a namespace, names the page that it rests on, and belongs to a distribution or an add-on', () => {
  for (const { name, of, source, addon } of SYSTEM_NAMESPACES) {
    expect(dnsLabelProblem('namespace', name)).toBeUndefined();
    expect(source).toMatch(/^https:\/\/\S+$/);
    expect(addon ? ADDONS : DISTRIBUTIONS).toContain(of);
  }
});

test('no row stands twice', () => {
  const rows = SYSTEM_NAMESPACES.map(({ name, of }) => `${of} ${name}`);
  expect(rows.filter((row, i) => rows.indexOf(row) !== i)).toEqual([]);
});

test.each(DISTRIBUTIONS)('%s is known by its name, and its namespaces are left alone', name => {
  const distribution = Distribution.parse(` ${name} `);
  expect(distribution.toString()).toBe(name);
  expect(namespacesOf({ distribution })).toEqual(expect.arrayContaining([...INITIAL, ...ofOwner(name)]));
});

test.each(['OpenShift', 'minikube', '', 'constructor'])('%j is no distribution', name => {
  expect(() => Distribution.parse(name)).toThrow(`distribution ${JSON.stringify(name)} is not known; use one of ${DISTRIBUTIONS.join(', ')}`);
});

test('the namespaces of another distribution are not left alone', () => {
  expect(namespacesOf({})).not.toContain('openshift-ingress');
  expect(namespacesOf({ distribution: Distribution.OPENSHIFT })).toContain('openshift-ingress');
});

test('without a word about add-ons those of all of them are left alone', () => {
  expect(namespacesOf({})).toEqual(expect.arrayContaining(ADDONS.flatMap(ofOwner)));
});

test('once the add-ons are named the namespaces of the others are closed', () => {
  expect(namespacesOf({ addons: ['cert-manager'], monitoring: Monitoring.none() })).toEqual(['cert-manager', 'ingress-nginx', ...INITIAL]);
  expect(namespacesOf({ addons: [], monitoring: Monitoring.none(), ingressController: IngressController.ciliumIngress() })).toEqual(INITIAL);
});

test.each<[string, Cni, string[]]>([
  ['Calico', Cni.calico(), ['calico-apiserver', 'calico-system', 'tigera-operator', 'tigera-prometheus']],
  ['Cilium', Cni.cilium(), ['cilium-secrets', 'cilium-spire']],
  ['OVN-Kubernetes', Cni.ovnKubernetes(), ['ovn-kubernetes']],
  ['kube-network-policies', Cni.kubeNetworkPolicies(), ['kube-flannel']],
  ['Antrea, which is in kube-system', Cni.antrea(), []],
])('the namespaces of %s stay open whichever add-ons are named', (_, cni, names) => {
  const others = { cni, monitoring: Monitoring.none(), ingressController: IngressController.hostNetwork() };
  expect(namespacesOf({ ...others, addons: [] })).toEqual([...names, ...INITIAL].sort());
  expect(namespacesOf({ ...others, addons: ['cert-manager'] })).toEqual([...names, ...INITIAL, 'cert-manager'].sort());
});

test.each<[Distribution, string[]]>([
  [Distribution.OPENSHIFT, ['openshift-catalogd', 'openshift-operator-controller']],
  [Distribution.IBM, ['ibm-cert-store', 'ibm-operators', 'ibm-system']],
  [Distribution.MICROK8S, ['observability']],
  [Distribution.EKS, ['amazon-guardduty']],
  [Distribution.GKE, ['gke-gmp-system', 'gke-managed-dpv2-observability']],
])('%s has namespaces that its own components run in', (distribution, names) => {
  expect(namespacesOf({ distribution, addons: [] })).toEqual(expect.arrayContaining(names));
});

test('what other facts place somewhere is left alone too, and so is what is stated', () => {
  expect(namespacesOf({
    addons: [],
    dns: Dns.pods({ namespace: 'names' }),
    ingressController: IngressController.several(IngressController.traefik('edge'), IngressController.pods({ namespace: 'gateways' })),
    monitoring: Monitoring.pods({ namespace: 'observability' }),
    mesh: Mesh.linkerd({ namespace: 'mesh', acceptAnyPortBecause: 'of tests' }),
    systemNamespaces: ['platform', 'backup'],
  })).toEqual(['backup', 'edge', 'gateways', ...INITIAL, 'mesh', 'names', 'observability', 'platform']);
});

test('the list is a copy, and asking for it freezes the facts', () => {
  const app = new App();
  Cluster.of(app).systemNamespaces.length = 0;
  expect(Cluster.of(app).systemNamespaces).toContain('kube-system');
  expect(() => Cluster.of(app).configure({ systemNamespaces: ['late'] })).toThrow('stated too late');
});

test.each<[string, ClusterFacts, string]>([
  ['a prefix, which no selector knows', { systemNamespaces: ['openshift-*'] }, 'fact systemNamespaces: namespace "openshift-*"'],
  ['an add-on that is not known', { addons: ['certmanager'] }, 'fact addons: add-on "certmanager" is not known; use some of argo-cd, calico, cert-manager'],
])('%s is an error', (_, facts, why) => {
  expect(() => namespacesOf(facts)).toThrow(why);
});
