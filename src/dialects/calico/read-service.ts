import { dnsSubdomainProblem } from '../../model/labels';
import { Fields } from '../document-reader';
import { RuleContext } from './read-context';
import { EndpointExpr } from '../../model/endpoint';

/** What a service stands in the place of; an empty one of these counts as absent. */
const INSTEAD = ['namespaceSelector', 'selector', 'notSelector', 'nets', 'notNets', 'serviceAccounts'];

/** The endpoints of a Service, which `link` looks up; undefined when the rule names none. */
export function readService({ reader, direction, origin }: RuleContext, fields: Fields, path: string): EndpointExpr | undefined {
  const value = reader.own(fields, 'services');
  if (value === undefined) { return undefined; }
  const at = `${path}.services`;
  const service = reader.object(value, at);
  reader.only(service, at, ['name', 'namespace']);
  const [allowed, end] = direction === 'egress' ? ['destination', 'source'] : ['source', 'destination'];
  if (!path.endsWith(`.${allowed}`)) { throw reader.fail(at, `Calico's validator refuses a service at the ${end} of ${direction} rules; it may only stand at the ${allowed}`); }
  const beside = INSTEAD.find(key => isStated(reader.own(fields, key)));
  if (beside !== undefined) { throw reader.fail(`${path}.${beside}`, 'may not stand beside services, which say who it is; write another rule for it'); }
  if (path.endsWith('.destination')) {
    const ports = ['ports', 'notPorts'].find(key => isStated(reader.own(fields, key)));
    if (ports !== undefined) { throw reader.fail(`${path}.${ports}`, 'may not stand beside services: a Service brings the ports of its endpoints; leave it out'); }
  }
  const name = reader.string(reader.own(service, 'name') ?? '', `${at}.name`);
  const problem = dnsSubdomainProblem('the name of a Service', name);
  if (problem) { throw reader.fail(`${at}.name`, problem); }
  const namespace = reader.string(reader.own(service, 'namespace') ?? '', `${at}.namespace`);
  if (namespace === '') {
    const why = origin.namespace === undefined
      ? 'Calico\'s validator wants it in a global policy'
      : 'the reference of Calico says that it would be the policy\'s own, but Felix looks for a Service without a namespace, which never matches';
    throw reader.fail(`${at}.namespace`, `is missing: ${why}; write namespace: ${origin.namespace ?? 'NAMESPACE'}`);
  }
  return { ref: 'service', namespace, name };
}

const isStated = (value: unknown): boolean => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
