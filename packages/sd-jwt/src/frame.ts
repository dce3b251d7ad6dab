import { type ClaimPath, type DocumentType, isClaimPath, isDeclaredClaim } from '@ekkasan/core'
import {
  checkOptions,
  expecting,
  listRule,
  memberOf,
  type OptionRules,
  optional,
} from '@ekkasan/core/options'

export interface DisclosurePaths {
  /** These claims, or array elements, are each a disclosure of their own. `null` stands for every element. */
  readonly selective?: readonly ClaimPath[]
  /** As `selective`, and so is everything below them, member by member and element by element. */
  readonly deep?: readonly ClaimPath[]
  /** Exceptions below a `deep` path: plain wherever their parent is. */
  readonly plain?: readonly ClaimPath[]
  /** Those of the paths above that a payload may lack: of any other, `issueSdJwt` takes the absence for a misspelt path. */
  readonly optional?: readonly ClaimPath[]
}

/** Which claims of a payload are selectively disclosable; made once by `createDisclosureFrame`. */
export interface DisclosureFrame {
  /** Undefined: as the nearest `deep` ancestor says. */
  readonly selective: boolean | undefined
  readonly deep: boolean
  /** A payload may lack it. */
  readonly optional?: boolean
  readonly members: ReadonlyMap<string | number | null, DisclosureFrame>
}

const pathsRule = optional(listRule(expecting('a claim path', isClaimPath)))

// A misspelt `deep` would conceal nothing.
const rules: OptionRules<DisclosurePaths> = {
  selective: pathsRule,
  deep: pathsRule,
  plain: pathsRule,
  optional: pathsRule,
}

interface Node extends DisclosureFrame {
  selective: boolean | undefined
  deep: boolean
  optional: boolean
  readonly members: Map<string | number | null, Node>
}

/** Of an option that takes a frame. Paths in its place would conceal nothing. */
export const frameRule = expecting(
  'a disclosure frame: createDisclosureFrame({ deep: [[…]] }) of @ekkasan/sd-jwt makes one of paths',
  (value) => memberOf(value, 'members') instanceof Map,
)

/**
 * Compiles paths into a frame that `issueSdJwt` reads. A path that matches nothing would leave a claim in plain that was to
 * be selective: with `document` every path has to be one that the document declares, and a record may lack it; without,
 * every path has to be in the payload, unless it is named in `optional` too.
 * @throws TypeError for what is no claim path, for one that is both selective and plain, one that the document does not declare, and
 *   an optional one that is in no other list
 * @example
 * createDisclosureFrame({ deep: [['name'], ['address']], optional: [['address']] })
 */
export function createDisclosureFrame(paths: DisclosurePaths, document?: DocumentType): DisclosureFrame {
  checkOptions(paths, 'createDisclosureFrame', rules)
  const root: Node = node()
  const mark = (path: ClaimPath, selective: boolean, deep: boolean) => {
    if (document && !isDeclaredClaim(document, path)) {
      throw new TypeError(`the document ${document.id} declares no claim ${JSON.stringify(path)}`)
    }
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
      throw new TypeError(`the claim path ${JSON.stringify(path)} is both selective and plain`)
    }
    at.selective = selective
    at.deep ||= deep
    at.optional = document !== undefined
  }
  for (const path of paths.selective ?? []) mark(path, true, false)
  for (const path of paths.deep ?? []) mark(path, true, true)
  for (const path of paths.plain ?? []) mark(path, false, false)
  for (const path of paths.optional ?? []) {
    const found = path.reduce<Node | undefined>((at, component) => at?.members.get(component), root)
    if (found?.selective === undefined) {
      throw new TypeError(`the optional claim path ${JSON.stringify(path)} is neither selective nor plain`)
    }
    found.optional = true
  }
  return root
}

function node(): Node {
  return { selective: undefined, deep: false, optional: false, members: new Map() }
}
