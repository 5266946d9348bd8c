/** An image that lies ready as a tar, which `docker load`, `ctr images import` and k3s read. */
export interface PreparedImage {
  /** The component's or app's name, e.g. `loki` or `frontend`. */
  readonly name: string
  /** As manifests write it, e.g. `grafana/loki:3.7.8` or `signalproof/frontend:3f2a…`. */
  readonly reference: string
  /** Of its manifest: `sha256:…`; the same content has the same one. */
  readonly digest: string
  /** Of its configuration: `sha256:…`; the image id that container runtimes report. */
  readonly imageId: string
  /** The whole path of the archive. */
  readonly tar: string
  /** In the words of result.json: `image` was pulled, `built` was made here. */
  readonly provenance: 'image' | 'built'
  /** From what, e.g. `built from github.com/grafana/loki/v3 v3.7.8` or `docker.io/grafana/loki@sha256:…`. */
  readonly source: string
  /** Of the archive. */
  readonly sizeBytes: number
}

/** What a run on a cluster needs in its node before it starts. */
export interface PreparedImages {
  readonly components: readonly PreparedImage[]
  readonly apps: readonly PreparedImage[]
}

/** The image of the cluster's node. It lies in the Docker daemon, so that a container of it can be started. */
export interface NodeImage extends Omit<PreparedImage, 'tar' | 'sizeBytes'> {
  /** Upstream's k3s, or upstream's Kubernetes put together here. */
  readonly kind: 'k3s' | 'kubernetes'
}
