import { Cloud } from '../../src';
import { CLOUD_ENDPOINTS, CloudService } from '../../src/cluster/cloud-endpoints';

const NAMES = [
  'aws', 'gcp', 'azure', 'alibaba', 'oracle', 'openstack', 'digitalocean', 'hetzner', 'ibm', 'linode', 'scaleway', 'vultr', 'exoscale', 'upcloud', 'unknown',
];

test.each(NAMES)('%s is known by its name', name => {
  expect(Cloud.parse(` ${name} `).toString()).toBe(name);
  expect(Cloud.parse(name)).toBe(Cloud.parse(name));
});

test.each(['AWS', 'amazon', '', 'constructor'])('%j is no cloud', name => {
  expect(() => Cloud.parse(name)).toThrow(
    `cloud ${JSON.stringify(name)} is not known; use one of ${NAMES.join(', ')}`);
});

test('every cloud has a metadata service, and every row names the page that it rests on', () => {
  expect(Object.keys(CLOUD_ENDPOINTS)).toEqual(NAMES.slice(0, -1));
  for (const rows of Object.values(CLOUD_ENDPOINTS)) {
    expect(rows.some(({ service }) => service === 'metadata')).toBe(true);
    for (const { source, ports } of rows) {
      expect(source).toMatch(/^https:\/\//);
      expect(ports.length).toBeGreaterThan(0);
    }
  }
});

test('a cloud that is not known means the addresses of all, each once', () => {
  for (const service of ['metadata', 'credentials', 'platform'] satisfies CloudService[]) {
    const each = NAMES.slice(0, -1).flatMap(name => Cloud.parse(name)._endpoints(service).map(({ address, ports }) => `${address} ${ports}`));
    expect(Cloud.UNKNOWN._endpoints(service).map(({ address, ports }) => `${address} ${ports}`)).toEqual([...new Set(each)]);
  }
});

test('no address of the platform or of credentials is closed with the metadata port of another cloud', () => {
  const metadata = Cloud.UNKNOWN._endpoints('metadata').map(({ address, ports }) => `${address} ${ports}`);
  for (const { address, ports } of [...Cloud.UNKNOWN._endpoints('platform'), ...Cloud.UNKNOWN._endpoints('credentials')]) {
    expect(metadata).not.toContain(`${address} ${ports}`);
  }
});
