/** What lives on well-known addresses of each cloud. Each row names the page that it rests on. */

/** What an endpoint gives away or provides. */
export type CloudService =
  /** The node's own metadata and credentials: what BlockCloudMetadata is for. */
  | 'metadata'
  /** Credentials of the pod's own identity: workloads need it. */
  | 'credentials'
  /** DNS, time, health probes of the platform: workloads or the node need it. */
  | 'platform';

export interface CloudEndpoint {
  readonly service: CloudService;
  readonly address: string;
  /** TCP ports. */
  readonly ports: readonly number[];
  /** Served by a process on the node itself, so that Cilium sees the host and not an address outside. */
  readonly onNode?: boolean;
  readonly source: string;
}

const AWS_IMDS = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html';
const EKS_POD_IDENTITY = 'https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html';
const GCP_METADATA = 'https://cloud.google.com/compute/docs/metadata/querying-metadata';
const ALIBABA_METADATA = 'https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata';
const HETZNER = 'https://github.com/canonical/cloud-init/blob/main/cloudinit/sources/DataSourceHetzner.py';
const LINODE = 'https://techdocs.akamai.com/cloud-computing/docs/metadata-service-api';
const SCALEWAY = 'https://www.scaleway.com/en/developers/api/instance/user-data';
const EXOSCALE = 'https://github.com/canonical/cloud-init/blob/main/doc/rtd/reference/datasources/exoscale.rst';
const linkLocal = (source: string): CloudEndpoint => ({ service: 'metadata', address: '169.254.169.254', ports: [80], source });

export const CLOUD_ENDPOINTS: Readonly<Record<string, readonly CloudEndpoint[]>> = {
  aws: [
    linkLocal(AWS_IMDS),
    { service: 'metadata', address: 'fd00:ec2::254', ports: [80], source: AWS_IMDS },
    {
      service: 'credentials',
      address: '169.254.170.2',
      ports: [80],
      source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html',
    },
    { service: 'credentials', address: '169.254.170.23', ports: [80], onNode: true, source: EKS_POD_IDENTITY },
    { service: 'credentials', address: 'fd00:ec2::23', ports: [80], onNode: true, source: EKS_POD_IDENTITY },
    { service: 'platform', address: '169.254.169.253', ports: [53], source: 'https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html' },
  ],
  gcp: [
    linkLocal(GCP_METADATA),
    { service: 'metadata', address: 'fd20:ce::254', ports: [80], source: GCP_METADATA },
    {
      service: 'credentials',
      address: '169.254.169.252',
      ports: [988],
      onNode: true,
      source: 'https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity',
    },
    { service: 'platform', address: '169.254.169.254', ports: [53], source: 'https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-dns' },
  ],
  azure: [
    linkLocal('https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service'),
    {
      service: 'platform',
      address: '168.63.129.16',
      ports: [53, 80, 32526],
      source: 'https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16',
    },
  ],
  alibaba: [
    { service: 'metadata', address: '100.100.100.200', ports: [80], source: ALIBABA_METADATA },
    { service: 'metadata', address: 'fd00:100::100:200', ports: [80], source: ALIBABA_METADATA },
  ],
  oracle: [
    linkLocal('https://docs.oracle.com/en-us/iaas/Content/Compute/Tasks/gettingmetadata.htm'),
    {
      service: 'metadata',
      address: 'fd00:c1::a9fe:a9fe',
      ports: [80],
      source: 'https://github.com/oracle/oci-python-sdk/blob/master/src/oci/auth/signers/instance_principals_security_token_signer.py',
    },
  ],
  openstack: [
    linkLocal('https://docs.openstack.org/nova/latest/user/metadata.html'),
    {
      service: 'metadata',
      address: 'fe80::a9fe:a9fe',
      ports: [80],
      source: 'https://specs.openstack.org/openstack/neutron-specs/specs/ussuri/metadata-add-ipv6-support.html',
    },
  ],
  digitalocean: [linkLocal('https://docs.digitalocean.com/reference/api/metadata/')],
  hetzner: [linkLocal(HETZNER), { service: 'metadata', address: 'fe80::a9fe:a9fe', ports: [80], source: HETZNER }],
  ibm: [linkLocal('https://cloud.ibm.com/apidocs/vpc-identity')],
  linode: [linkLocal(LINODE), { service: 'metadata', address: 'fd00:a9fe:a9fe::1', ports: [80], source: LINODE }],
  scaleway: [
    { service: 'metadata', address: '169.254.42.42', ports: [80], source: SCALEWAY },
    { service: 'metadata', address: 'fd00:42::42', ports: [80], source: SCALEWAY },
  ],
  vultr: [linkLocal('https://github.com/canonical/cloud-init/blob/main/doc/rtd/reference/datasources/vultr.rst')],
  // The second port hands out the password of the machine.
  exoscale: [linkLocal(EXOSCALE), { service: 'metadata', address: '169.254.169.254', ports: [8080], source: EXOSCALE }],
  upcloud: [linkLocal('https://github.com/canonical/cloud-init/blob/main/doc/rtd/reference/datasources/upcloud.rst')],
};
