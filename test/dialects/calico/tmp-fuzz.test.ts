import * as fc from 'fast-check';
import { calico, tierDocument } from '../../../src/dialects/calico';
import { Refusal, Target } from '../../../src/dialects/dialect';
import { endpointsExpr } from '../../../src/dialects/calico/selector-expr';
import { schemaErrors } from '../../support/schemas';
import { difference } from '../../support/models/compare';
import { BY_ADDRESS, inReference } from '../../support/models/places';
import { statementsOf } from '../../support/models/statements';
import { flowsOf, worlds } from '../../support/models/worlds';
import { NODE_CIDRS, POD_CIDRS } from '../../support/models/vocabulary';
import { narrowToOutside } from '../../../src/dialects/outside';
import { checkFields } from '../../../src/dialects/field-tree';
import { CALICO_FIELDS } from '../../../src/dialects/calico/fields';
void endpointsExpr;

const target: Target = { cni: 'calico', cidrMatchesPods: true, cidrMatchesNodes: true, clusterCidrs: [...POD_CIDRS, ...NODE_CIDRS], clusterCidrsComplete: true, denyTier: 'netpol-deny' };
let refused = 0; let ok = 0; const reasons: Record<string, number> = {};
test('lower', () => {
  fc.assert(fc.property(statementsOf({ deny: true, serviceAccounts: true, clusterScope: true, namedPorts: true }), worlds({ nodes: true }), (policies, world) => {
    let docs;
    try {
      docs = JSON.parse(JSON.stringify(calico.write(calico.lower(policies, target).policies, target)));
    } catch (e) {
      if (e instanceof Refusal) { refused++; reasons[e.reason + e.statement.replace(/.*rule \d+/, '')] = (reasons[e.reason + e.statement.replace(/.*rule \d+/, '')] ?? 0) + 1; return; }
      throw e;
    }
    ok++;
    for (const d of docs) { expect(schemaErrors(d)).toEqual([]); expect(checkFields(CALICO_FIELDS[d.kind], d)).toEqual([]); }
    const back = calico.link(docs.flatMap((d: unknown) => calico.read(d)), [tierDocument(target), ...docs]);
    const stated = inReference(narrowToOutside(policies, target).policies);
    const diff = difference({ set: stated, profile: BY_ADDRESS }, { set: back, profile: BY_ADDRESS }, flowsOf(world));
    if (diff) { console.log(JSON.stringify(docs, null, 1)); }
    expect(diff).toBeUndefined();
    const again = calico.write(back.policies, target);
    expect(JSON.parse(JSON.stringify(again))).toEqual(docs);
  }), { numRuns: 1500 });
  console.log(ok, refused, reasons);
});
