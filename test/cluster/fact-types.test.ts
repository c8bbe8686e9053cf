import { App } from 'cdk8s';
import * as cdk8s from 'cdk8s';
import * as constructs from 'constructs';
import { Cluster, ClusterFacts, Cni, Distribution } from '../../src';

/** As plain JavaScript and other languages may call it. */
const configure = (facts: Readonly<Record<string, unknown>>) => () => Cluster.of(new App()).configure(facts as ClusterFacts);

describe('facts of another type are an error that says what to write', () => {
  test.each<[string, string, string]>([
    ['cni', 'cilium', 'Cni.parse("cilium")'],
    ['dns', 'coredns', 'Dns.parse("coredns")'],
    ['cloud', 'aws', 'Cloud.parse("aws")'],
    ['ingressController', 'traefik', 'IngressController.parse("traefik")'],
    ['mesh', 'linkerd', 'Mesh.parse("linkerd")'],
    ['monitoring', 'none', 'Monitoring.parse("none")'],
    ['distribution', 'openshift', 'Distribution.parse("openshift")'],
  ])('%s as a text', (fact, text, fix) => {
    expect(configure({ [fact]: text })).toThrow(`fact ${fact} is the text "${text}"; say ${fix}`);
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['a number', { cni: 5 }, 'fact cni is 5, and no Cni; say Cni.parse("...")'],
    ['an object that is something else', { distribution: {} }, 'fact distribution is {}, and no Distribution; say Distribution.parse("...")'],
    ['a class', { cni: Cni }, 'fact cni is the function Cni, and no Cni; say Cni.parse("...")'],
    ['a list', { mesh: ['linkerd'] }, 'fact mesh is ["linkerd"], and no Mesh; say Mesh.parse("...")'],
    ['a version as a number', { kubernetes: 1.31 }, 'fact kubernetes is 1.31, and no text; write it in quotes'],
    ['a tier as a number', { calicoDenyTier: 1 }, 'fact calicoDenyTier is 1, and no text; write it in quotes'],
    ['a namespace that is none', { systemNamespaces: [null] }, 'fact systemNamespaces[0] is null, and no text'],
    ['a namespace outside a list', { systemNamespaces: 'istio-system' }, 'fact systemNamespaces is "istio-system", and no list; write [...]'],
    ['an add-on that is none', { addons: ['flux', 1] }, 'fact addons[1] is 1, and no text'],
    ['an add-on outside a list', { addons: 'flux' }, 'fact addons is "flux", and no list; write [...]'],
    ['a range that is none', { podCidrs: [undefined] }, 'fact podCidrs[0] is undefined, and no text'],
    ['a range outside a list', { serviceCidrs: '10.0.0.0/8' }, 'fact serviceCidrs is "10.0.0.0/8", and no list; write [...]'],
    ['a dialect that there is not', { dialect: 'istio' }, 'fact dialect is "istio"; use one of kubernetes, cilium, calico'],
    ['a tool that there is not', { gitOps: 'flux' }, 'fact gitOps is "flux"; use one of none, argocd'],
    ['yes as a text', { strict: 'false' }, 'fact strict is "false"; state true or false'],
  ])('%s', (_, facts, why) => {
    expect(configure(facts)).toThrow(why);
  });

  test('also where facts are no app\'s', () => {
    expect(() => Cluster._resolve({ distribution: 'openshift' as unknown as Distribution })).toThrow('fact distribution is the text "openshift"');
  });
});

test('facts that are not stated are no error', () => {
  expect(configure({ cni: undefined, distribution: null, kubernetes: null, calicoDenyTier: null, systemNamespaces: undefined })).not.toThrow();
});

test('facts of a second copy of the library are facts', () => {
  jest.isolateModules(() => {
    jest.doMock('cdk8s', () => cdk8s);
    jest.doMock('constructs', () => constructs);
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- a second copy, as an organisation's templates bring it
    const copy = require('../../src') as typeof import('../../src');
    expect(copy.Cni).not.toBe(Cni);
    expect(configure({
      cni: copy.Cni.cilium(),
      dns: copy.Dns.coreDns(),
      cloud: copy.Cloud.AWS,
      ingressController: copy.IngressController.traefik(),
      mesh: copy.Mesh.linkerd(),
      monitoring: copy.Monitoring.none(),
      distribution: copy.Distribution.EKS,
      dialect: copy.Dialect.CILIUM,
      gitOps: copy.GitOps.ARGO_CD,
    })).not.toThrow();
  });
});
