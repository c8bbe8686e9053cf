export { AcmeCluster } from './acme-cluster';
export { AcmeNamespace, type AcmeNamespaceProps } from './acme-namespace';
export { type AcmeCall, type AcmeDestination, AcmeService, type AcmeServiceProps } from './acme-service';
export { type AcmeJustification } from './acme-justification';
