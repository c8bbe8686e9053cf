import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { Service, SERVICES } from './services';
import { Cluster, Peer, Port, Workload, ZeroTrustNamespace } from 'cdk8s-netpol';

/** The Online Boutique, closed but for the calls that it makes. */
export class OnlineBoutique extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'online-boutique' });

    // The namespace, closed in both directions, with DNS and without cloud metadata.
    new ZeroTrustNamespace(this, 'namespace', { name: 'online-boutique' });

    const workloads = new Map<string, Workload>();
    for (const service of SERVICES) {
      workloads.set(service.name, Workload.of(this.deploy(service)));
    }

    // Who calls whom, on the ports of the pods.
    for (const { name, calls } of SERVICES) {
      for (const callee of Object.values(calls ?? {})) {
        workloads.get(name)!.connections.allowTo(workloads.get(callee)!, Port.tcp(portOf(callee)));
      }
    }

    // The shop is open to everyone: a load balancer may deliver with the client's address or with a node's.
    workloads.get('frontend')!.connections.allowFrom(Peer.any(), Port.tcp(portOf('frontend')));
  }

  private deploy({ name, image, port, servicePort, calls }: Service): kplus.Deployment {
    const env = Object.entries(calls ?? {}).map(([variable, callee]) => [variable, kplus.EnvValue.fromValue(`${callee}:${servicePortOf(callee)}`)]);
    const deployment = new kplus.Deployment(this, name, {
      metadata: { name, labels: { app: name } },
      podMetadata: { labels: { app: name } },
      select: false,
      containers: [{
        name: 'server',
        image,
        portNumber: port,
        envVariables: Object.fromEntries(port === undefined ? env : [['PORT', kplus.EnvValue.fromValue(String(port))], ...env]),
        securityContext: { user: 1000, group: 1000 },
      }],
    });
    deployment.select(kplus.LabelSelector.of({ labels: { app: name } }));
    if (port !== undefined) {
      new kplus.Service(this, `${name}-service`, {
        metadata: { name },
        selector: deployment,
        ports: [{ port: servicePort ?? port, targetPort: port }],
      });
    }
    return deployment;
  }
}

const byName = (name: string) => SERVICES.find(service => service.name === name)!;
const portOf = (name: string) => byName(name).port!;
const servicePortOf = (name: string) => byName(name).servicePort ?? portOf(name);

const app = new App();
// What is stated here is true of every cluster that the shop runs on; CDK8S_NETPOL_CLUSTER says which one this is.
Cluster.of(app).configure({ podCidrs: ['10.244.0.0/16'], nodeCidrs: ['172.18.0.0/16'] });
new OnlineBoutique(app, 'online-boutique');
app.synth();
