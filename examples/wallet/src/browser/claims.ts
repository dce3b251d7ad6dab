import {
  type ClaimPath,
  type Claims,
  type JsonObject,
  type JsonValue,
  type LanguageMap,
  textIn,
} from '@ekkasan/core'
import type { StoredCredential } from '@ekkasan/wallet'
import { pictureOf } from '@ekkasan-examples/documents'
import type { Bilingual } from '@ekkasan-examples/ui/parts'

/** One thing that a document says, with its name in the languages of the house. */
export interface Leaf {
  readonly path: ClaimPath
  readonly label: Bilingual
  readonly value: JsonValue
}

const ofToken = [
  'iss',
  'sub',
  'iat',
  'nbf',
  'exp',
  'jti',
  'cnf',
  'vct',
  'vct#integrity',
  'aka_vcts',
  'status',
]
const ofBody = [
  ...['@context', 'id', 'type', 'issuer', 'validFrom', 'validUntil', 'issuanceDate', 'expirationDate'],
  ...['credentialSchema', 'credentialStatus', 'proof'],
]

/** Names at the top of a credential that stand around what the document says, by the kind of credential. */
function envelopeOf({ view }: StoredCredential): ReadonlySet<string> {
  const hasBody = view.claims['@context'] !== undefined
  const names: Readonly<Record<string, readonly string[]>> = {
    'dc+sd-jwt': hasBody ? [...ofToken, ...ofBody] : ofToken,
    jwt_vc_json: [...ofToken, ...ofBody],
    ldp_vc: ofBody,
  }
  return new Set(names[view.format])
}

/**
 * Whether a place is of the envelope. A name alone does not make it so: a claim of the issuer may be called `type`, and
 * what can be left out is a claim, whatever it is called.
 */
export function isOfEnvelope(document: StoredCredential, path: ClaimPath, always: boolean): boolean {
  if (!always) return false
  // Every element can be left out; what cannot is the MobileSecurityObject.
  if (document.view.format === 'mso_mdoc') return true
  const [first, second, ...more] = path
  const isSubject = first === 'credentialSubject' && second === 'id' && more.length === 0
  return (
    envelopeOf(document).has(String(first)) || (isSubject && document.view.claims['@context'] !== undefined)
  )
}

/** All that a document says, in the issuer's order, each part by itself. */
export function leavesOf(document: StoredCredential): readonly Leaf[] {
  const { claims, alwaysDisclosed = claims } = document.view
  const isClaim = ({ path }: { readonly path: ClaimPath }) =>
    document.view.format === 'mso_mdoc' ||
    !isOfEnvelope(document, path, Object.hasOwn(alwaysDisclosed, String(path[0])))
  return leavesIn(document, claims).filter(isClaim)
}

/** The parts of some claims of a document; a list is one part. */
export function leavesIn({ metadata }: StoredCredential, claims: Claims): readonly Leaf[] {
  const names = claimNames(metadata)
  const leaves: Leaf[] = []
  const walk = (path: ClaimPath, value: JsonValue) => {
    if (isObject(value) && Object.keys(value).length > 0) {
      for (const [name, inner] of Object.entries(value)) walk([...path, name], inner)
    } else if (path.length > 0) leaves.push({ path, label: labelOf(names, path), value: pictureOf(value) })
  }
  walk([], claims)
  const order = [...names.keys()]
  const rank = ({ path }: Leaf) => {
    const at = order.indexOf(JSON.stringify(path))
    return at < 0 ? order.length : at
  }
  return leaves.sort((a, b) => rank(a) - rank(b))
}

/** Whether nothing of a document can be left out. */
export function isShownWhole({ view }: StoredCredential): boolean {
  return view.alwaysDisclosed === undefined
}

export function namesOf({ metadata }: Pick<StoredCredential, 'metadata'>): Bilingual {
  return bilingual(languagesOf(metadata.display), 'เอกสาร')
}

export interface CardLook {
  readonly backgroundColor?: string
  readonly textColor?: string
}

export function lookOf({ metadata }: StoredCredential): CardLook {
  const first = Array.isArray(metadata.display) ? metadata.display.find(isObject) : undefined
  const { background_color, text_color } = (first ?? {}) as JsonObject
  return {
    ...(typeof background_color === 'string' && { backgroundColor: background_color }),
    ...(typeof text_color === 'string' && { textColor: text_color }),
  }
}

/** Text of a language map in both languages of the house; another language where it has neither. */
export function bilingual(names: LanguageMap, otherwise = ''): Bilingual {
  const any = names.und ?? Object.values(names)[0] ?? otherwise
  const [th, en] = [textIn(names, 'th'), textIn(names, 'en')]
  return { th: th ?? en ?? any, en: en ?? (th === undefined ? '' : any === th ? '' : any) }
}

function claimNames(metadata: JsonObject): ReadonlyMap<string, Bilingual> {
  const claims = Array.isArray(metadata.claims) ? metadata.claims.filter(isObject) : []
  return new Map(
    claims.map(({ path, display }) => [JSON.stringify(path), bilingual(languagesOf(display))] as const),
  )
}

/** What the issuer calls one of a document's claims. */
export function claimLabel({ metadata }: Pick<StoredCredential, 'metadata'>, path: ClaimPath): Bilingual {
  return labelOf(claimNames(metadata), path)
}

function labelOf(names: ReadonlyMap<string, Bilingual>, path: ClaimPath): Bilingual {
  const known = names.get(JSON.stringify(path))
  if (known && known.th !== '') return known
  return { th: path.filter((part) => part !== 'credentialSubject').join(' › '), en: '' }
}

function languagesOf(display: JsonValue | undefined): LanguageMap {
  const names: Record<string, string> = {}
  for (const entry of Array.isArray(display) ? display.filter(isObject) : []) {
    const { name, locale } = entry
    if (typeof name === 'string') names[typeof locale === 'string' ? locale : 'und'] ??= name
  }
  return names
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
