import type { NamespacesByOwner } from './system-namespaces';

/** The namespaces in which add-ons are installed unless somebody says otherwise, by the page that names them. */
export const ADDON_NAMESPACES: NamespacesByOwner = {
  'argo-cd': { 'https://argo-cd.readthedocs.io/en/stable/getting_started/': ['argocd'] },
  'calico': {
    'https://github.com/projectcalico/calico/blob/master/manifests/apiserver.yaml': ['calico-apiserver'],
    'https://github.com/projectcalico/calico/blob/master/manifests/tigera-operator.yaml': ['tigera-operator'],
    'https://github.com/tigera/operator/blob/master/pkg/common/common.go': ['calico-system', 'tigera-prometheus'],
  },
  'cert-manager': { 'https://cert-manager.io/docs/installation/helm/': ['cert-manager'] },
  'cilium': { 'https://github.com/cilium/cilium/blob/main/install/kubernetes/cilium/values.yaml': ['cilium-secrets', 'cilium-spire'] },
  'cluster-api': {
    'https://cluster-api.sigs.k8s.io/clusterctl/commands/upgrade': [
      'capi-kubeadm-bootstrap-system', 'capi-kubeadm-control-plane-system', 'capi-system',
    ],
  },
  'contour': { 'https://github.com/projectcontour/contour/blob/main/examples/contour/03-envoy.yaml': ['projectcontour'] },
  'crossplane': { 'https://docs.crossplane.io/master/get-started/install/': ['crossplane-system'] },
  'envoy-gateway': { 'https://gateway.envoyproxy.io/docs/install/install-helm/': ['envoy-gateway-system'] },
  'external-secrets': { 'https://external-secrets.io/latest/introduction/getting-started/': ['external-secrets'] },
  'flannel': { 'https://github.com/flannel-io/flannel/blob/master/Documentation/netpol.md': ['kube-flannel'] },
  'flux': { 'https://fluxcd.io/flux/installation/': ['flux-system'] },
  'gatekeeper': { 'https://open-policy-agent.github.io/gatekeeper/website/docs/install/': ['gatekeeper-system'] },
  'ingress-nginx': { 'https://kubernetes.github.io/ingress-nginx/deploy/': ['ingress-nginx'] },
  'istio': {
    'https://istio.io/latest/docs/setup/additional-setup/gateway/': ['istio-ingress'],
    'https://github.com/istio/istio/blob/master/manifests/charts/base/README.md': ['istio-system'],
  },
  'keda': { 'https://keda.sh/docs/2.17/deploy/': ['keda'] },
  'knative': {
    'https://github.com/knative/docs/blob/main/docs/snippets/netadapter-contour.md': ['contour-external', 'knative-serving'],
    'https://github.com/knative/docs/blob/main/docs/snippets/netadapter-kourier.md': ['kourier-system'],
    'https://knative.dev/docs/install/operator/configuring-eventing-cr/': ['knative-eventing'],
  },
  'kong': {
    'https://github.com/Kong/charts/blob/main/charts/gateway-operator/README.md': ['kong-system'],
    'https://github.com/Kong/charts/blob/main/charts/ingress/README.md': ['kong'],
  },
  'kyverno': { 'https://kyverno.io/docs/installation/': ['kyverno'] },
  'linkerd': {
    'https://linkerd.io/2.16/features/cni/': ['linkerd-cni'],
    'https://linkerd.io/2.16/features/dashboard/': ['linkerd-viz'],
    'https://linkerd.io/2.16/tasks/automatic-failover/': ['linkerd-failover', 'linkerd-smi'],
    'https://linkerd.io/2.16/tasks/distributed-tracing/': ['linkerd-jaeger'],
    'https://linkerd.io/2.16/tasks/install-helm/': ['linkerd'],
    'https://linkerd.io/2.16/tasks/installing-multicluster/': ['linkerd-multicluster'],
  },
  'local-path-provisioner': { 'https://opentelemetry.io/docs/zero-code/obi/configure/service-discovery/': ['local-path-storage'] },
  'longhorn': { 'https://longhorn.io/kb/how-to-evict-node-during-capi-node-rolling-replacement/': ['longhorn-system'] },
  'metallb': { 'https://metallb.universe.tf/installation/': ['metallb-system'] },
  'nginx-gateway-fabric': { 'https://github.com/nginx/nginx-gateway-fabric/blob/main/charts/nginx-gateway-fabric/README.md': ['nginx-gateway'] },
  'nginx-ingress': { 'https://github.com/nginx/kubernetes-ingress/blob/main/deployments/deployment/nginx-ingress.yaml': ['nginx-ingress'] },
  'opentelemetry-operator': {
    'https://github.com/open-telemetry/opentelemetry-operator/blob/main/config/default/kustomization.yaml': ['opentelemetry-operator-system'],
  },
  'ovn-kubernetes': { 'https://github.com/ovn-kubernetes/ovn-kubernetes/blob/master/dist/templates/ovn-setup.yaml.j2': ['ovn-kubernetes'] },
  'prometheus': { 'https://github.com/prometheus-operator/kube-prometheus/blob/main/manifests/setup/namespace.yaml': ['monitoring'] },
  'rancher': {
    'https://github.com/rancher/rancher/blob/main/pkg/settings/setting.go': [
      'calico-apiserver', 'calico-system', 'cattle-alerting', 'cattle-csp-adapter-system', 'cattle-fleet-local-system', 'cattle-fleet-system',
      'cattle-global-data', 'cattle-global-nt', 'cattle-impersonation-system', 'cattle-istio', 'cattle-logging', 'cattle-pipeline', 'cattle-prometheus',
      'cattle-system', 'cert-manager', 'ingress-nginx', 'rancher-operator-system', 'security-scan', 'tigera-operator',
    ],
  },
  'rook': { 'https://rook.io/docs/rook/latest/Getting-Started/quickstart/': ['rook-ceph'] },
  'traefik': { 'https://github.com/traefik/traefik-helm-chart/blob/master/EXAMPLES.md': ['traefik'] },
  'velero': { 'https://velero.io/docs/main/namespace/': ['velero'] },
};
