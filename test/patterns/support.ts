import { Chart } from 'cdk8s';
import { Workload } from '../../src';
import { Pod } from '../oracle';
import { world as fixtures } from '../oracle/fixtures';
import { deployment, flowsIn } from '../support/apps';

/** The world of architectures in namespace "shop": who is in it beside web and api. */

const shopPod = (name: string, ip: number): Pod => ({ namespace: 'shop', name, labels: { app: name }, ips: [`10.0.5.${ip}`, `fd00::5:${ip}`] });

export const database = shopPod('db', 1);
export const stranger = shopPod('stranger', 2);
export const queue = shopPod('queue', 3);
export const worker = shopPod('worker', 4);
export const mailer = shopPod('mailer', 5);
export const controller: Pod = {
  namespace: 'ingress-nginx',
  name: 'controller',
  labels: { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' },
  ips: ['10.0.3.1', 'fd00::3:1'],
};
export const prometheus: Pod = { namespace: 'monitoring', name: 'prometheus', labels: { 'app.kubernetes.io/name': 'prometheus' }, ips: ['10.0.3.2', 'fd00::3:2'] };

export const world = {
  ...fixtures,
  namespaces: { ...fixtures.namespaces, 'ingress-nginx': {}, 'monitoring': {} },
  pods: [...fixtures.pods, database, stranger, queue, worker, mailer, controller, prometheus],
};
export const FACTS = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };
export const expectFlows = flowsIn(world);

export const workload = (chart: Chart, name: string): Workload => Workload.of(deployment(chart, name));
