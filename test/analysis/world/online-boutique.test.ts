import * as fs from 'fs';
import * as path from 'path';
import { Analysis } from '../../../src/analysis/analysis';
import { findParty } from '../../../src/analysis/find-party';
import { readPaths } from '../../../src/analysis/input/read-paths';

/** A real application with policies, which is not part of the repository. */
const FOLDER = path.resolve(__dirname, '../../../../shared/corpus/online-boutique');

(fs.existsSync(FOLDER) ? describe : describe.skip)('Online Boutique', () => {
  const analysis = fs.existsSync(FOLDER) ? Analysis.of(readPaths([FOLDER]), { podCidrs: ['10.244.0.0/16'] }) : undefined!;

  test('is read whole', () => {
    expect(analysis.problems).toEqual([]);
    expect([...analysis.skipped]).toEqual([]);
    expect(analysis.world.workloads).toHaveLength(12);
    expect(analysis.world.services).toHaveLength(12);
  });

  test('leaves nothing unknown between its workloads, on the ports of its Services', () => {
    const ports = [...new Set(analysis.world.services.flatMap(service => service.ports.map(({ target }) => target as number)))];
    const answers = analysis.parties.flatMap(source => analysis.parties.filter(destination => destination !== source)
      .flatMap(destination => ports.map(port => analysis.answer(source, destination, { protocol: 6, port }))));
    expect(new Set(answers)).toEqual(new Set(['allowed', 'denied']));
  });

  test('has Services that lead to it', () => {
    expect(findParty(analysis, 'svc/default/emailservice:5000')).toMatchObject({ parties: [{ text: 'default/emailservice[Deployment]' }], ports: [{ port: 5000, target: 8080 }] });
  });
});
