import { AwsVpcMode, Cni, Connectivity } from '../../../src';

const deployment = (namespace: string, name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace, name },
  spec: { selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: name }] } } },
});

const policy = (name: string, spec: object) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { namespace: 'shop', name },
  spec: { podSelector: { matchLabels: { app: name } }, ...spec },
});

function net(mode: AwsVpcMode, ...policies: object[]): Connectivity {
  const workloads = [deployment('shop', 'a'), deployment('shop', 'b'), deployment('kube-system', 'dns')];
  return Connectivity.ofManifests([...workloads, ...policies], { cni: Cni.awsVpc({ mode }) });
}

const answer = (of: Connectivity, source: string, destination: string) =>
  of.verdict(Connectivity.named(source), Connectivity.named(destination)).answer;

const OPEN = { ingress: [{}], egress: [{}], policyTypes: ['Ingress', 'Egress'] };

describe('the strict mode of the VPC CNI', () => {
  test('closes a pod that no policy selects, and an explanation names it', () => {
    const strict = net(AwsVpcMode.STRICT);
    expect(answer(strict, 'shop/a', 'shop/b')).toBe('denied');
    expect(answer(strict, 'shop/a', '203.0.113.7')).toBe('denied');
    expect(strict.explain(Connectivity.named('shop/a'), Connectivity.named('shop/b'))).toContain('AWS VPC CNI itself (strict mode, no policy selects the pod)');
    expect(() => strict.assertAllowed(Connectivity.named('shop/a'), Connectivity.named('shop/b'))).toThrow('denied');
  });

  test('closes pods of kube-system too', () => {
    expect(answer(net(AwsVpcMode.STRICT, policy('a', OPEN)), 'shop/a', 'kube-system/dns')).toBe('denied');
  });

  test('leaves a direction open that the policies of a pod do not close', () => {
    const strict = net(AwsVpcMode.STRICT, policy('a', OPEN), policy('b', { egress: [], policyTypes: ['Egress'] }));
    expect(answer(strict, 'shop/a', 'shop/b')).toBe('allowed');
    expect(answer(strict, 'shop/b', 'shop/a')).toBe('denied');
  });

  test('does not say whether such a pod is open to its own node', () => {
    expect(answer(net(AwsVpcMode.STRICT), '{API server}', 'shop/b')).toBe('denied');
    const strict = Connectivity.ofManifests([deployment('shop', 'b'), { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } }], { cni: Cni.awsVpc({ mode: AwsVpcMode.STRICT }) });
    expect(answer(strict, 'node/n', 'shop/b')).toBe('unknown');
  });

  test('is another one than the standard mode, in which such a pod is open', () => {
    expect(answer(net(AwsVpcMode.STANDARD), 'shop/a', 'shop/b')).toBe('allowed');
  });
});
