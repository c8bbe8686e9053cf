import { CNI_PROFILES, CniProfile } from './cni-profiles';

/** The network plugin of a cluster, which decides what a policy means there. */
export class Cni {
  /**
   * Cilium.
   * @param version major and minor version, such as "1.18". Default: the oldest that is supported, 1.18
   * @throws when the version is not one that this library writes policies for
   * @see https://docs.cilium.io/en/stable/security/policy/
   */
  public static cilium(version?: string): Cni {
    return new Cni('cilium', version);
  }

  /**
   * Calico (open source).
   * @param version major and minor version, such as "3.30". Default: the oldest that is supported, 3.30
   * @throws when the version is not one that this library writes policies for
   * @see https://docs.tigera.io/calico/latest/network-policy/
   */
  public static calico(version?: string): Cni {
    return new Cni('calico', version);
  }

  /**
   * Any CNI that enforces networking.k8s.io/v1 NetworkPolicy as Kubernetes describes it.
   * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
   */
  public static kubernetes(): Cni {
    return new Cni('kubernetes');
  }

  /** Flannel, which enforces no policy at all: a program with policies fails on it. */
  public static flannel(): Cni {
    return new Cni('flannel');
  }

  /**
   * A CNI by name, as in the environment variable: "cilium", "cilium@1.18", "calico@3.30", "kubernetes", "flannel".
   * @throws when there is no such CNI or version
   */
  public static parse(text: string): Cni {
    const [name, version, ...rest] = text.trim().split('@');
    if (rest.length > 0) { throw new Error(`CNI ${JSON.stringify(text)} is not understood; write NAME or NAME@VERSION, such as cilium@1.18`); }
    return new Cni(name, version);
  }

  /** The version that policies are written for; undefined where they do not depend on one. */
  public readonly version?: string;

  private constructor(
    /** The CNI's name, such as "cilium". */
    public readonly name: string,
    version?: string,
  ) {
    if (!Object.hasOwn(CNI_PROFILES, name)) {
      throw new Error(`CNI ${JSON.stringify(name)} is not known; use one of ${Object.keys(CNI_PROFILES).join(', ')}`);
    }
    this.version = supportedVersion(CNI_PROFILES[name], version);
  }

  /** The name, with the version where there is one. */
  public toString(): string {
    return this.version === undefined ? this.name : `${this.name}@${this.version}`;
  }

  /** @internal */
  public get _profile(): CniProfile {
    return CNI_PROFILES[this.name];
  }
}

function supportedVersion(profile: CniProfile, stated?: string): string | undefined {
  const { name, versions } = profile;
  if (stated === undefined) { return versions[0]; }
  if (versions.length === 0) { throw new Error(`${name} takes no version, got ${JSON.stringify(stated)}`); }
  const match = /^v?(\d+)\.(\d+)(\.\d+)?$/.exec(stated);
  if (!match) { throw new Error(`version ${JSON.stringify(stated)} of ${name} is not understood; write it like ${JSON.stringify(versions[0])}`); }
  const [major, minor] = [Number(match[1]), Number(match[2])];
  const [oldestMajor, oldestMinor] = versions[0].split('.').map(Number);
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new Error(`version ${JSON.stringify(stated)} of ${name} is older than the oldest supported one, ${versions[0]}`);
  }
  return `${major}.${minor}`;
}
