import type axe from 'axe-core'

/**
 * What the checks use of the names that a page has and Node has not. Inside of a page: `const { document } =
 * globalThis as unknown as BrowserNames`. The compiler's own list would make them known to every file of the repository.
 */
export interface BrowserNames {
  readonly axe: Pick<typeof axe, 'run'>
  readonly document: BrowserElement & {
    readonly documentElement: BrowserElement
    readonly body: BrowserElement
    readonly activeElement: BrowserElement | null
  }
  readonly innerHeight: number
  readonly getComputedStyle: (
    element: BrowserElement,
  ) => Readonly<
    Record<
      | 'animationName'
      | 'backgroundColor'
      | 'outlineStyle'
      | 'outlineWidth'
      | 'scrollBehavior'
      | 'transitionDuration',
      string
    >
  >
}

interface BrowserElement {
  readonly id: string
  readonly tagName: string
  readonly textContent: string | null
  readonly clientWidth: number
  readonly scrollWidth: number
  readonly getBoundingClientRect: () => Readonly<
    Record<'left' | 'right' | 'top' | 'bottom' | 'width' | 'height', number>
  >
  readonly querySelector: (selector: string) => BrowserElement | null
  readonly querySelectorAll: (selector: string) => Iterable<BrowserElement>
}
