export { ClusterSpiffeId, type ClusterSpiffeIdProps } from './cluster-spiffe-id';
export { IstioEgressGateway, type IstioEgressGatewayProps, IstioEgressProtocol } from './istio-egress-gateway';
