import { Cni } from '../../src';
import { CNI_PROFILES } from '../../src/cluster/cni-profiles';

test.each([
  ['Cilium without a version is the oldest supported one', Cni.cilium(), 'cilium@1.18'],
  ['Cilium 1.19', Cni.cilium('1.19'), 'cilium@1.19'],
  ['a patch version is its minor version', Cni.cilium('1.18.4'), 'cilium@1.18'],
  ['a version with a "v"', Cni.calico('v3.31'), 'calico@3.31'],
  ['Calico without a version is the oldest supported one', Cni.calico(), 'calico@3.30'],
  ['a newer minor version is taken', Cni.calico('3.99'), 'calico@3.99'],
  ['a newer major version is taken', Cni.cilium('2.0'), 'cilium@2.0'],
  ['plain Kubernetes has no version', Cni.kubernetes(), 'kubernetes'],
  ['Flannel has no version', Cni.flannel(), 'flannel'],
])('%s', (_, cni, text) => {
  expect(cni.toString()).toBe(text);
  expect([cni.name, cni.version]).toEqual([text.split('@')[0], text.split('@')[1]]);
});

test.each([
  ['1.17', 'version "1.17" of cilium is older than the oldest supported one, 1.18'],
  ['1.9', 'version "1.9" of cilium is older than the oldest supported one, 1.18'],
  ['0.99', 'version "0.99" of cilium is older than the oldest supported one, 1.18'],
  ['1', 'version "1" of cilium is not understood; write it like "1.18"'],
  ['latest', 'version "latest" of cilium is not understood; write it like "1.18"'],
  ['', 'version "" of cilium is not understood; write it like "1.18"'],
  ['1.18-rc1', 'version "1.18-rc1" of cilium is not understood; write it like "1.18"'],
])('Cilium %s is refused', (version, why) => {
  expect(() => Cni.cilium(version)).toThrow(why);
});

test('Calico that is too old is refused', () => {
  expect(() => Cni.calico('3.29')).toThrow('version "3.29" of calico is older than the oldest supported one, 3.30');
});

test.each(['cilium', 'cilium@1.18', ' calico@3.30 ', 'kubernetes', 'flannel'])('%j is read back as it is printed', text => {
  const cni = Cni.parse(text);
  expect(Cni.parse(cni.toString())).toEqual(cni);
  expect(cni.name).toBe(text.trim().split('@')[0]);
});

test.each([
  ['weave', 'CNI "weave" is not known; use one of kubernetes, cilium, calico, flannel'],
  ['constructor', 'CNI "constructor" is not known'],
  ['', 'CNI "" is not known'],
  ['cilium@1.18@2', 'CNI "cilium@1.18@2" is not understood; write NAME or NAME@VERSION, such as cilium@1.18'],
  ['cilium@', 'version "" of cilium is not understood'],
  ['kubernetes@1.30', 'kubernetes takes no version, got "1.30"'],
])('%j is refused', (text, why) => {
  expect(() => Cni.parse(text)).toThrow(why);
});

test('every row names the page that it rests on, and says why where nothing is enforced', () => {
  for (const [name, profile] of Object.entries(CNI_PROFILES)) {
    expect(profile.name).toBe(name);
    expect(profile.source).toMatch(/^https:\/\//);
    expect(profile.ignoresBecause !== undefined).toBe(profile.dialects.length === 0);
  }
});
