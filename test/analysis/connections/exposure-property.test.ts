import * as fc from 'fast-check';
import { analysisOf, documentsOf } from './worlds';
import { Analysis } from '../../../src/analysis/analysis';
import { ConnectionSet, PORT_PROTOCOLS, PortProtocol } from '../../../src/analysis/connections/connection-set';
import { connectionText } from '../../../src/analysis/connections/connection-text';
import { Ends } from '../../../src/analysis/connections/ends';
import { matchesAssumption } from '../../../src/analysis/connections/exposure/assumption';
import { linesOf, PeerLine } from '../../../src/analysis/connections/exposure/side-exposure';
import { EndIndex } from '../../../src/analysis/connections/matching-ends';
import { Outcomes } from '../../../src/analysis/connections/outcomes';
import { SideTable } from '../../../src/analysis/connections/side-table';
import { exprOf } from '../../../src/model/dnf';
import { allOf } from '../../../src/model/endpoint';
import { Answer } from '../../../src/model/evaluate';
import { Endpoint, matchesEndpoint, YES } from '../../../src/model/match';
import { Direction, DIRECTIONS } from '../../../src/model/policy-set';
import { inRanges, PROTOCOL_NUMBERS } from '../../../src/model/traffic';
import { CALICO, CILIUM, KUBERNETES, Place } from '../../support/models/places';
import { runs } from '../../support/models/runs';
import { NAMESPACE_NAMES } from '../../support/models/vocabulary';
import { EVERYTHING } from '../../support/models/worlds';

/** Pods that no document holds, of every kind that policies can tell apart. */
const STRANGERS = EVERYTHING.filter(({ kind }) => kind === 'pod')
  .map(({ address: _, ports: _ports, ...pod }): Endpoint => ({ ...pod, addressIn: [], names: [], ports: [] }));

interface Case {
  readonly analysis: Analysis;
  readonly direction: Direction;
  readonly own: Endpoint;
  readonly lines: readonly PeerLine[];
}

/** For every workload and direction, with nobody known, so that no peer is left out. */
function* cases(analysis: Analysis): Iterable<Case> {
  const ends = new Ends(analysis.parties);
  const index = new EndIndex(ends, analysis.engine.profile);
  const nobody = new EndIndex(new Ends([]), analysis.engine.profile);
  for (const direction of DIRECTIONS) {
    const table = new SideTable(direction, analysis.engine, ends, index, new Outcomes());
    for (const end of ends.all) {
      if (end.endpoint.kind !== 'pod') { continue; }
      yield { analysis, direction, own: end.endpoint, lines: linesOf(analysis, direction, [table.classOf(end)], nobody).lines };
    }
  }
}

const answer = ({ analysis, direction, own }: Case, peer: Endpoint, protocol: PortProtocol, port: number): Answer => {
  const [source, destination] = direction === 'egress' ? [own, peer] : [peer, own];
  return analysis.engine.side(direction, source, destination, { protocol: PROTOCOL_NUMBERS[protocol], port });
};

const linesAbout = ({ analysis, lines }: Case, peer: Endpoint): readonly PeerLine[] => lines.filter(({ assumption: { kind, conditions } }) =>
  matchesEndpoint(allOf({ kind }, exprOf(conditions)), peer, analysis.engine.profile) === YES);

const says = (set: ConnectionSet, kind: 'allowed' | 'partial' | 'unknown', protocol: PortProtocol, port: number): boolean =>
  inRanges(set[kind][protocol] ?? [], port);

const KINDS = ['allowed', 'partial', 'unknown'] as const;

const closed = (place: Place) => documentsOf(place, fc.constant(false), fc.constant(NAMESPACE_NAMES));

/** A port of each protocol inside and outside of what policies say. */
const PROBES = PORT_PROTOCOLS.flatMap(protocol => [53, 80, 443, 8085, 9999].map(port => ({ protocol, port })));

interface Asked {
  readonly each: Case;
  /** Those that are about the stranger. */
  readonly lines: readonly PeerLine[];
  readonly answered: Answer;
  readonly protocol: PortProtocol;
  readonly port: number;
}

/** For every workload, direction, stranger and probe. */
function forAll(analysis: Analysis, check: (asked: Asked) => boolean): void {
  for (const each of cases(analysis)) {
    for (const peer of STRANGERS) {
      const lines = linesAbout(each, peer);
      for (const { protocol, port } of PROBES) {
        const answered = answer(each, peer, protocol, port);
        if (check({ each, lines, answered, protocol, port })) { continue; }
        const known = lines.map(({ peer: text, set }) => `${text} : ${connectionText(set)}`);
        const what = `${each.direction} of ${JSON.stringify(each.own)}: ${JSON.stringify(peer)} ${protocol} ${port}`;
        throw new Error([`${what} is ${answered}, and the lines are`, ...known].join('\n'));
      }
    }
  }
}

describe.each([KUBERNETES, CILIUM, CALICO].map(place => ({ name: place.name, place })))('strangers in $name', ({ place }) => {
  test('are in a line where they may come or be reached', () => {
    fc.assert(fc.property(closed(place), documents => forAll(analysisOf(documents), ({ lines, answered, protocol, port }) =>
      answered === 'denied' || lines.some(({ set }) => KINDS.some(kind => says(set, kind, protocol, port))))), runs(25));
  });

  test('may come or be reached where a line says so, and none says otherwise but those about more of them', () => {
    fc.assert(fc.property(closed(place), documents => forAll(analysisOf(documents), ({ each, lines, answered, protocol, port }) =>
      answered === 'allowed' || !lines.some(line => says(line.set, 'allowed', protocol, port)
        && !lines.some(other => other !== line && !isNarrower(each, line, other) && !says(other.set, 'allowed', protocol, port))))), runs(25));
  });
});

const isNarrower = ({ analysis }: Case, one: PeerLine, other: PeerLine): boolean =>
  one !== other
  && matchesAssumption(exprOf(other.assumption.conditions), one.assumption, name => analysis.world.namespaces.get(name)?.labels) === YES;
