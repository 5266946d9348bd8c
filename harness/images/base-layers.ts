import type { LayerRecipe } from './image-recipe.ts'
import { partOfTar } from './part-of-tar.ts'

/** What a program of Debian's needs to start at all: the loader, the C and C++ libraries, the links of the merged /usr. */
const loader = [
  /^(bin|sbin|lib|lib32|lib64|libx32)$/,
  /^usr\/lib(64)?\/ld-linux[^/]*$/,
  /^usr\/lib\/[^/]+-linux-gnu\/(ld-linux[^/]*|lib(c|m|dl|pthread|rt|resolv|util|nss_files|nss_dns|gcc_s|stdc\+\+)\.so\.[\d.]+)$/,
  /^etc\/(nsswitch\.conf|ssl\/certs\/ca-certificates\.crt)$/,
]

/** The interpreter with its whole library, and the libraries that its extension modules name. */
const python = [
  /^usr\/bin\/python3[\d.]*$/,
  /^usr\/lib\/python3(\.\d+)?\/(?!(test|idlelib|lib2to3|pydoc_data|ensurepip|tkinter|turtledemo)\/)/,
  /^etc\/python3[\d.]*\//,
  /^usr\/lib\/[^/]+-linux-gnu\/lib(z|expat|ssl|crypto|bz2|lzma|ffi|sqlite3|uuid)\.so\.[\d.]+$/,
]

export interface DebianTree {
  readonly tar: string
  readonly digest: string
}

const partOfTree = (title: string, tree: DebianTree, wanted: readonly RegExp[]): LayerRecipe => ({
  title,
  key: `${tree.digest} ${wanted.map(({ source }) => source).join(' ')}`,
  kept: true,
  content: {
    stream: (signal) => partOfTar(tree.tar, (path) => wanted.some((pattern) => pattern.test(path)), signal),
  },
})

/** What is imported into a node takes time by its size, so the images of the apps have what they use of Debian, no more. */
export const nodeBase = (tree: DebianTree) => partOfTree('taking libraries from Debian', tree, loader)
export const pythonBase = (tree: DebianTree) =>
  partOfTree('taking Python from Debian', tree, [...loader, ...python])
