import { CLOUD_ENDPOINTS, CloudEndpoint, CloudService } from './cloud-endpoints';

/** Where the nodes run, which decides what lives on link-local addresses. */
export class Cloud {
  /** Amazon Web Services. */
  public static readonly AWS = new Cloud('aws');
  /** Google Cloud. */
  public static readonly GCP = new Cloud('gcp');
  /** Microsoft Azure. */
  public static readonly AZURE = new Cloud('azure');
  /** Alibaba Cloud. */
  public static readonly ALIBABA = new Cloud('alibaba');
  /** Oracle Cloud Infrastructure. */
  public static readonly ORACLE = new Cloud('oracle');
  /** OpenStack, and clouds that are made of it. */
  public static readonly OPENSTACK = new Cloud('openstack');
  /** DigitalOcean. */
  public static readonly DIGITAL_OCEAN = new Cloud('digitalocean');
  /** Hetzner Cloud. */
  public static readonly HETZNER = new Cloud('hetzner');
  /** IBM Cloud, VPC. */
  public static readonly IBM = new Cloud('ibm');
  /** Akamai Connected Cloud, which was Linode. */
  public static readonly LINODE = new Cloud('linode');
  /** Scaleway. */
  public static readonly SCALEWAY = new Cloud('scaleway');
  /** Vultr. */
  public static readonly VULTR = new Cloud('vultr');
  /** Exoscale. */
  public static readonly EXOSCALE = new Cloud('exoscale');
  /** UpCloud. */
  public static readonly UPCLOUD = new Cloud('upcloud');
  /** Not known: the addresses of every cloud are meant. */
  public static readonly UNKNOWN = new Cloud('unknown');

  /**
   * A cloud by name, as in the environment variable.
   * @throws when there is no such cloud
   */
  public static parse(text: string): Cloud {
    const found = [
      Cloud.AWS, Cloud.GCP, Cloud.AZURE, Cloud.ALIBABA, Cloud.ORACLE, Cloud.OPENSTACK, Cloud.DIGITAL_OCEAN, Cloud.HETZNER, Cloud.IBM, Cloud.LINODE,
      Cloud.SCALEWAY, Cloud.VULTR, Cloud.EXOSCALE, Cloud.UPCLOUD, Cloud.UNKNOWN,
    ].find(cloud => cloud.name === text.trim());
    if (!found) { throw new Error(`cloud ${JSON.stringify(text)} is not known; use one of ${Object.keys(CLOUD_ENDPOINTS).join(', ')}, unknown`); }
    return found;
  }

  private constructor(
    /** The cloud's name, such as "aws". */
    public readonly name: string,
  ) {}

  /** The name. */
  public toString(): string {
    return this.name;
  }

  /** @internal */
  public _endpoints(service: CloudService): CloudEndpoint[] {
    const clouds = this.name === 'unknown' ? Object.keys(CLOUD_ENDPOINTS) : [this.name];
    const all = clouds.flatMap(cloud => CLOUD_ENDPOINTS[cloud]).filter(endpoint => endpoint.service === service);
    const key = ({ address, ports }: CloudEndpoint) => `${address} ${ports.join()}`;
    return all.filter((endpoint, i) => all.findIndex(other => key(other) === key(endpoint)) === i);
  }
}
