import { committed, manifestsOf, run } from './support';
import { CLUSTER_NAMES, Manifest } from '../support/apps';
import { schemaErrorsOf } from '../support/schemas';

/** What holds for every example on every cluster. */

const POLICIES = ['NetworkPolicy', 'CiliumNetworkPolicy'];
const DNS_PORTS = /"port":"?53"?|"ports":\[53\]/;

describe.each(['include-helm', 'online-boutique', 'pipeline', 'three-tier'])('%s', example => {
  describe.each(CLUSTER_NAMES)('in %s', cluster => {
    const output = run(example, cluster);
    const manifests = manifestsOf(output);
    const placeOf = (match: (manifest: Manifest) => boolean): number[] => manifests.flatMap((manifest, i) => (match(manifest) ? [i] : []));
    const policies = placeOf(({ kind }) => POLICIES.includes(kind));

    test('the committed output is what the program writes, file by file', () => {
      expect(committed(example, cluster)).toEqual(output);
    });

    test('every manifest is valid by its schema', () => {
      expect(manifests.length).toBeGreaterThan(5);
      expect(schemaErrorsOf(manifests)).toEqual([]);
    });

    test('the namespace comes first', () => {
      expect(placeOf(({ kind }) => kind === 'Namespace')).toEqual([0]);
    });

    test('what names a namespace names that one', () => {
      const [{ metadata }] = manifests;
      const namespaced = manifests.slice(1).filter(({ kind }) => kind !== 'Tier');
      expect(new Set(namespaced.map(manifest => manifest.metadata.namespace))).toEqual(new Set([metadata.name]));
    });

    test('the tier comes before the policies in it, and is there only where there are tiers', () => {
      const tiers = placeOf(({ kind }) => kind === 'Tier');
      expect(tiers).toHaveLength(cluster === 'calico' ? 1 : 0);
      for (const place of tiers) {
        const users = placeOf(({ spec }) => spec?.tier === manifests[place].metadata.name);
        expect(users.length).toBeGreaterThan(0);
        expect(Math.min(...users)).toBeGreaterThan(place);
      }
    });

    test('DNS comes before every policy that could close it, and the default deny after all that allows', () => {
      expect(manifests[policies[0]].metadata.name).toBe('allow-dns');
      expect(JSON.stringify(manifests[policies[0]].spec)).toMatch(DNS_PORTS);
      expect(policies.map(place => manifests[place].metadata.name).indexOf('default-deny')).toBe(policies.length - 1);
    });
  });
});
