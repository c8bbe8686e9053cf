import { calico } from '../../src/dialects/calico';
import { cilium } from '../../src/dialects/cilium';
import { DocumentReader, UnreadableDocument } from '../../src/dialects/document-reader';
import { preview } from '../../src/dialects/preview';

const { reader } = DocumentReader.open({ apiVersion: 'v1', kind: 'Thing', metadata: { name: 'one' } });

const problem = (check: () => void): string => {
  try {
    check();
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableDocument);
    return (error as Error).message;
  }
  return '';
};

test('an unknown field is refused with what an API server would leave that drops it', () => {
  expect(problem(() => reader.only({ domains: ['x.y'] }, 'spec.egress[0].destination', ['nets', 'ports'])))
    .toBe('Thing one: spec.egress[0].destination.domains: this field is not known here (known: nets, ports); '
      + 'an API server that drops it would leave `destination: {}`, which is everything');
  expect(problem(() => reader.only({ port: '80', protocol: 'TCP' }, 'spec.egress[0].toPorts[0]', ['ports', 'rules'])))
    .toMatch(/\.port: .*would leave `toPorts\[0\]: \{\}`, which is nothing$/);
  expect(problem(() => reader.only({ nets: ['10.0.0.0/8'], domains: [] }, 'spec.egress[0].destination', ['nets', 'ports'])))
    .toMatch(/would leave `destination: \{"nets":\["10\.0\.0\.0\/8"\]\}`$/);
  expect(problem(() => reader.only({ form: [] }, 'spec.ingress[0]', ['from', 'ports'], 'everything'))).toMatch(/`ingress\[0\]: \{\}`, which is everything$/);
});

test('a field without a value is no field', () => {
  expect(problem(() => reader.only({ nets: [], domains: undefined }, 'spec', ['nets']))).toBe('');
});

test('names that every object inherits are unknown fields', () => {
  expect(problem(() => reader.only(JSON.parse('{"__proto__": 1}'), 'source', ['nets']))).toMatch(/source\.__proto__: this field is not known/);
  expect(problem(() => reader.only({ constructor: 1 }, 'toString', ['nets']))).toMatch(/`toString: \{\}`$/);
});

test('the readers of Cilium and Calico say so', () => {
  const metadata = { name: 'web', namespace: 'shop' };
  expect(() => calico.read({
    apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', metadata, spec: { types: ['Egress'], egress: [{ action: 'Allow', destination: { cidrs: ['10.0.0.0/8'] } }] },
  })).toThrow(/`destination: \{\}`, which is everything/);
  expect(() => cilium.read({
    apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata, spec: { endpointSelector: {}, egress: [{ toPorts: [{ portz: [] }] }] },
  })).toThrow(/`toPorts\[0\]: \{\}`, which is nothing/);
});

test('a message stays short whatever the document holds', () => {
  const circle: any = { nets: [] };
  circle.nets.push(circle);
  circle['x'.repeat(100_000)] = 1;
  expect(problem(() => reader.only(circle, 'source', ['nets'])).length).toBeLessThan(400);
  const deep = JSON.parse('[{"a":'.repeat(20_000) + '1' + '}]'.repeat(20_000));
  expect(preview(deep)).toBe('[{"a":[{"a":[...]}]}]');
  expect(preview(Array.from({ length: 100_000 }, () => 1))).toBe('[1,1,1,1,1,1,1,1,...]');
  expect(problem(() => reader.string(deep, 'spec.x'))).toBe('Thing one: spec.x: must be a string, got [{"a":[{"a":[...]}]}]');
  expect([preview(undefined), preview(null), preview('a'), preview(5n), preview(Symbol('s'))]).toEqual(['nothing', 'null', '"a"', '5', 'Symbol(s)']);
});
