import type { ClaimPath } from '@ekkasan/core'

export interface DisclosurePaths {
  /** These claims, or array elements, are each a disclosure of their own. `null` stands for every element. */
  readonly selective?: readonly ClaimPath[]
  /** As `selective`, and so is everything below them, member by member and element by element. */
  readonly deep?: readonly ClaimPath[]
  /** Exceptions below a `deep` path: plain wherever their parent is. */
  readonly plain?: readonly ClaimPath[]
}

/** Which claims of a payload are selectively disclosable; made once by `createDisclosureFrame`. */
export interface DisclosureFrame {
  /** Undefined: as the nearest `deep` ancestor says. */
  readonly selective: boolean | undefined
  readonly deep: boolean
  readonly members: ReadonlyMap<string | number | null, DisclosureFrame>
}

interface Node extends DisclosureFrame {
  selective: boolean | undefined
  deep: boolean
  readonly members: Map<string | number | null, Node>
}

/**
 * Compiles paths into a frame that `issueSdJwt` reads.
 * @throws TypeError for an empty path, or one that is both selective and plain
 */
export function createDisclosureFrame(paths: DisclosurePaths): DisclosureFrame {
  const root: Node = node()
  const mark = (path: ClaimPath, selective: boolean, deep: boolean) => {
    if (path.length === 0) throw new TypeError('a claim path needs at least one component')
    let at = root
    for (const component of path) {
      let next = at.members.get(component)
      if (!next) {
        next = node()
        at.members.set(component, next)
      }
      at = next
    }
    if (at.selective !== undefined && at.selective !== selective) {
      throw new TypeError('a claim path is both selective and plain')
    }
    at.selective = selective
    at.deep ||= deep
  }
  for (const path of paths.selective ?? []) mark(path, true, false)
  for (const path of paths.deep ?? []) mark(path, true, true)
  for (const path of paths.plain ?? []) mark(path, false, false)
  return root
}

function node(): Node {
  return { selective: undefined, deep: false, members: new Map() }
}
