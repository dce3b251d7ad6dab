import { type ClaimPath, type DocumentType, findReferred, typeVersionOf } from '@ekkasan/core'
import { isJsonObject, type JsonObject, type JsonValue, listOf } from '@ekkasan/core/json'
import { baseContextV2 } from '@ekkasan/vcdm'
import { type RegisteredContext, standardContexts } from './contexts.ts'

/**
 * The JSON-LD context that gives the claims of a document their meaning, under the URL below the issuer's where the
 * issuer serves it. Wallets and verifiers register it; nobody fetches it.
 *
 * Every claim named in the document's claims or schema is a protected term; lists keep their order, and lists of lists
 * are JSON. A claim is a list where its schema allows an array, or where a path of `claims` goes on with `null`. A name
 * that is a list in one place and not in another is defined in each place by itself (JSON-LD 1.1 section 4.1.8).
 * @example
 * const contexts = createContextRegistry([documentContext(thaiNationalId, 'https://issuer.example')])
 */
export function documentContext(
  document: DocumentType,
  issuer: string,
): RegisteredContext & { readonly document: string } {
  const url = `${issuer.replace(/\/$/, '')}/contexts/${document.type}/${typeVersionOf(document)}.json`
  const { root, first } = placesOf(document)
  const isScoped = hasOtherForm(root, first)
  const termOf = (name: string, place: Place): JsonValue => {
    const scoped = isScoped && place.below.size > 0 && { '@context': termsOf(place.below) }
    const members = membersOf[place.form]
    return members || scoped ? { '@id': `${url}#${name}`, ...members, ...scoped } : `${url}#${name}`
  }
  const termsOf = (places: Iterable<readonly [string, Place]>): JsonObject =>
    Object.fromEntries(
      [...places].filter(([name]) => !reserved.has(name)).map(([name, place]) => [name, termOf(name, place)]),
    )
  const terms = termsOf([...first].map(([name, place]) => [name, root.below.get(name) ?? place]))
  const context = { '@context': { '@protected': true, [document.type]: `${url}#${document.type}`, ...terms } }
  return { url, document: JSON.stringify(context) }
}

// What the data model's context protects cannot be defined again, and means the same.
const reserved = new Set(Object.keys(standardContexts.find(baseContextV2) as JsonObject))

type Form = 'single' | 'list' | 'json'

/** What a term's definition says beside its IRI. */
const membersOf: Readonly<Record<Form, JsonObject | undefined>> = {
  single: undefined,
  list: { '@container': '@list' },
  // Lists of lists have no statements that tell them apart (VCDM 2.0 section 6.1, "Lists and Arrays").
  json: { '@type': '@json' },
}

/** Where a claim stands in the document, and what stands below it. */
interface Place {
  form: Form
  readonly below: Map<string, Place>
}

/** Whether a name stands somewhere in another form than where it stands first. */
function hasOtherForm({ below }: Place, first: ReadonlyMap<string, Place>): boolean {
  return [...below].some(
    ([name, place]) => first.get(name)?.form !== place.form || hasOtherForm(place, first),
  )
}

/** All places that the document's claims and its schema name; of each name the place where it stands first. */
function placesOf({ claims, schema }: DocumentType): {
  readonly root: Place
  readonly first: ReadonlyMap<string, Place>
} {
  const first = new Map<string, Place>()
  const root: Place = { form: 'single', below: new Map() }
  const belowOf = ({ below }: Place, name: string): Place => {
    const place = below.get(name) ?? { form: 'single', below: new Map() }
    below.set(name, place)
    if (!first.has(name)) first.set(name, place)
    return place
  }
  const addPath = (path: ClaimPath) => {
    let place = root
    for (const [index, step] of path.entries()) {
      if (typeof step === 'string') place = belowOf(place, step)
      else if (typeof path[index - 1] !== 'string') place.form = 'json'
      else if (place.form === 'single') place.form = 'list'
    }
  }
  /** `open` are the references that are being followed: a schema may hold itself. */
  const addSchema = (place: Place, part: JsonValue | undefined, open: readonly string[] = []): void => {
    if (!isJsonObject(part)) return
    const { $ref: reference, properties, items } = part
    if (typeof reference === 'string' && !open.includes(reference)) {
      addSchema(place, findReferred(schema, reference), [...open, reference])
    }
    if (isArray(part)) {
      if (isArray(items) || isArray(referred(items))) place.form = 'json'
      else if (place.form === 'single') place.form = 'list'
    }
    if (place.form === 'json') return
    for (const [name, property] of Object.entries(isJsonObject(properties) ? properties : {})) {
      addSchema(belowOf(place, name), property, open)
    }
    addSchema(place, items, open)
    for (const keyword of ['allOf', 'anyOf', 'oneOf', 'prefixItems']) {
      for (const alternative of listOf(part[keyword])) addSchema(place, alternative, open)
    }
  }
  const referred = (part: JsonValue | undefined) =>
    isJsonObject(part) && typeof part.$ref === 'string' ? findReferred(schema, part.$ref) : undefined
  for (const { path } of claims) addPath(path)
  addSchema(root, schema)
  return { root, first }
}

const isArray = (schema: JsonValue | undefined) =>
  isJsonObject(schema) && listOf(schema.type).includes('array')
