import type { NamespacesByOwner } from './system-namespaces';

/** The namespaces that come with a distribution or with its own add-ons, by the page that names them. Of those without any no page names more than kube-system. */
export const DISTRIBUTION_NAMESPACES: NamespacesByOwner = {
  aks: {
    'https://learn.microsoft.com/azure/aks/app-routing': ['app-routing-system'],
    'https://learn.microsoft.com/azure/aks/app-routing-gateway-api': ['aks-istio-system'],
    'https://learn.microsoft.com/azure/aks/istio-deploy-ingress': ['aks-istio-ingress'],
    'https://learn.microsoft.com/azure/aks/istio-deploy-egress': ['aks-istio-egress'],
    'https://learn.microsoft.com/azure/aks/eks-web-deploy': ['gatekeeper-system'],
  },
  eks: {
    'https://github.com/awsdocs/amazon-eks-user-guide/blob/mainline/latest/ug/workloads/eks-add-ons.adoc': ['amazon-cloudwatch'],
    'https://docs.aws.amazon.com/eks/latest/userguide/fargate-logging.html': ['aws-observability'],
    'https://github.com/aws-samples/eks-workshop-v2/blob/main/website/docs/security/guardduty/enabling.md': ['amazon-guardduty'],
  },
  gke: {
    'https://github.com/GoogleCloudPlatform/prometheus-engine/blob/main/manifests/operator.yaml': ['gmp-public', 'gmp-system'],
    'https://opentelemetry.io/docs/zero-code/obi/configure/service-discovery/': [
      'gatekeeper-system', 'gke-connect', 'gke-gmp-system', 'gke-managed-cim', 'gke-managed-filestorecsi', 'gke-managed-metrics-server',
      'gke-managed-system', 'gke-managed-volumepopulator', 'gke-system',
    ],
    'https://github.com/KestrelAI/Kestrel-Operator/blob/main/pkg/client/stream_client.go': ['gke-managed-dpv2-observability'],
  },
  ibm: {
    'https://cloud.ibm.com/docs/containers?topic=containers-istio': ['ibm-operators', 'ibm-system'],
    'https://cloud.ibm.com/docs/containers?topic=containers-registry': ['ibm-cert-store'],
  },
  microk8s: {
    'https://github.com/canonical/microk8s-core-addons/blob/main/addons/ingress/disable': ['ingress'],
    'https://github.com/canonical/microk8s-core-addons/blob/main/addons/nvidia/enable': ['gpu-operator-resources', 'nvidia-network-operator'],
    'https://github.com/canonical/microk8s-core-addons/blob/main/addons/observability/enable': ['observability'],
    'https://github.com/canonical/microk8s-core-addons/blob/main/addons/registry/registry.yaml': ['container-registry'],
  },
  openshift: {
    'https://github.com/openshift/operator-framework-operator-controller/blob/main/openshift/helm/catalogd.yaml': ['openshift-catalogd'],
    'https://github.com/openshift/operator-framework-operator-controller/blob/main/openshift/helm/operator-controller.yaml': ['openshift-operator-controller'],
    'https://github.com/openshift/origin/blob/main/pkg/monitortestlibrary/platformidentification/operator_mapping.go': [
      'openshift', 'openshift-apiserver', 'openshift-apiserver-operator', 'openshift-authentication', 'openshift-authentication-operator',
      'openshift-cloud-controller-manager', 'openshift-cloud-controller-manager-operator', 'openshift-cloud-credential-operator',
      'openshift-cloud-network-config-controller', 'openshift-cluster-csi-drivers', 'openshift-cluster-machine-approver',
      'openshift-cluster-node-tuning-operator', 'openshift-cluster-samples-operator', 'openshift-cluster-storage-operator', 'openshift-cluster-version',
      'openshift-config', 'openshift-config-managed', 'openshift-config-operator', 'openshift-console', 'openshift-console-operator',
      'openshift-controller-manager', 'openshift-controller-manager-operator', 'openshift-dns', 'openshift-dns-operator', 'openshift-etcd',
      'openshift-etcd-operator', 'openshift-host-network', 'openshift-image-registry', 'openshift-infra', 'openshift-ingress', 'openshift-ingress-canary',
      'openshift-ingress-operator', 'openshift-insights', 'openshift-kni-infra', 'openshift-kube-apiserver', 'openshift-kube-apiserver-operator',
      'openshift-kube-controller-manager', 'openshift-kube-controller-manager-operator', 'openshift-kube-scheduler', 'openshift-kube-scheduler-operator',
      'openshift-kube-storage-version-migrator', 'openshift-kube-storage-version-migrator-operator', 'openshift-machine-api',
      'openshift-machine-config-operator', 'openshift-marketplace', 'openshift-monitoring', 'openshift-multus', 'openshift-network-diagnostics',
      'openshift-network-operator', 'openshift-nutanix-infra', 'openshift-oauth-apiserver', 'openshift-openstack-infra',
      'openshift-operator-lifecycle-manager', 'openshift-operators', 'openshift-ovirt-infra', 'openshift-ovn-kubernetes', 'openshift-service-ca',
      'openshift-service-ca-operator', 'openshift-user-workload-monitoring', 'openshift-vsphere-infra',
    ],
    'https://github.com/openshift/origin/blob/main/pkg/monitortests/authentication/psalabelchecker/monitortest.go': [
      'openshift-cluster-olm-operator', 'openshift-console-user-settings', 'openshift-network-console', 'openshift-network-node',
      'openshift-route-controller-manager',
    ],
  },
};
