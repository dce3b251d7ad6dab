import { copyJson, NotJsonError, shownPath } from './copy-json.ts'
import type { ClaimDefinition, DocumentType } from './document.ts'
import { EkkasanError } from './errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts'
import { evaluateSchema, openBelow, patternOf, placeOf, referredSchema } from './json-schema.ts'
import {
  booleanRule,
  expecting,
  isObject,
  listRule,
  type OptionRules,
  oneOfRule,
  optional,
  optionsRule,
  textRule,
} from './option-rules.ts'
import { type ClaimPath, type Claims, isClaimPath } from './ports.ts'
import { requireKeywords } from './schema-keywords.ts'

export type ClaimsErrorCode =
  /** A claim that the document type does not declare: it would have gone out without anybody's decision. */
  | 'core.claims.undeclared'
  /** A claim that the document type calls mandatory is not there, or is null and its schema does not name null. */
  | 'core.claims.missing'
  /** A claim does not fit the document's JSON Schema. */
  | 'core.claims.schema'
  /** A value that JSON does not have: a `Date`, `undefined`, `NaN`, a function, bytes. */
  | 'core.claims.not-json'

/** The claims of a record cannot be issued. Nothing was signed. For the issuer's own log: names a path, never a value. */
export class ClaimsError extends EkkasanError<ClaimsErrorCode> {
  readonly path: ClaimPath

  constructor(
    code: ClaimsErrorCode,
    path: ClaimPath,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(code, message, options)
    this.path = path
  }
}

/** Names of the envelope: what stands there has an option of its own, and no document says it. */
const envelopeNames: ReadonlySet<string> = new Set([
  ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'cnf', 'status'],
  ...['vct', 'vct#integrity', 'aka_vcts'],
])

/** Names that SD-JWT (RFC 9901 section 4.1) and readers of JSON keep for themselves, at any depth. */
const reservedNames: ReadonlySet<string> = new Set(['_sd', '_sd_alg', '...', '__proto__'])

/** Readers of credentials go 32 levels deep, and around the claims stands an envelope. */
const maxDepth = 24

interface ClaimTree {
  isDeclared: boolean
  readonly members: Map<ClaimPath[number], ClaimTree>
}

// A misspelt `mandatory` or `disclosure: 'selectiv'` would leave the claim out, or give it to everybody.
const claimRules: OptionRules<ClaimDefinition> = {
  path: expecting('a path, a list of names', isClaimPath),
  names: expecting(
    "texts by language tag: { th: '…', en: '…' }",
    (value) => isObject(value) && Object.values(value).every((text) => typeof text === 'string'),
  ),
  disclosure: oneOfRule(['always', 'selective']),
  selectiveIn: optional(listRule(textRule)),
  mandatory: optional(booleanRule),
}

const documents = new WeakMap<DocumentType, ClaimTree>()
const held = new WeakMap<Claims, DocumentType>()

/**
 * Holds a document type to itself: each of its `claims` has a name that a claim may have, stands once, and is one that the
 * document's schema knows, where the schema describes the place at all. A member of a claim, or a keyword of the schema,
 * that is nearly a known one is refused: it would be passed over.
 * @throws TypeError that names the claim
 */
export function requireDocument(document: DocumentType): void {
  treeOf(document)
}

/**
 * Holds the claims of a record to their document, before anything is signed: every claim is declared, every mandatory one
 * is there with a value, and all fit the schema. Null is a value where the claim's schema names it (`type`, `const` or `enum`),
 * and means "missing" elsewhere. What stands below a declared claim is for the schema to say, and
 * `additionalProperties` counts as `false` where it is absent.
 * @returns a frozen copy, which is what is to be signed: handed in again, it is not looked through again
 * @throws ClaimsError; TypeError when the document itself is wrong
 */
export function requireClaims(document: DocumentType, claims: Claims): Claims {
  if (held.get(claims) === document) return claims
  const tree = treeOf(document)
  const copied = copyOf(claims)
  const { schema, id } = document
  const evaluation = evaluateSchema(schema, copied)
  const evaluated = 'evaluated' in evaluation ? evaluation.evaluated : new Set<string>()
  // A name nobody declared is said first: what it does to the schema is the same fault again.
  const undeclared = findUndeclared(copied, tree, false, '', 'fault' in evaluation ? undefined : evaluated)
  if (undeclared) throw undeclaredError(undeclared, id)
  for (const { path, mandatory } of document.claims) {
    // Where the schema does not take the value, it says so itself below.
    const isNullGood = () => 'fault' in evaluation || namesNull(schema, [schema], path)
    if (mandatory && !isThere(copied, path, isNullGood)) {
      const message = `the claim ${shownPath(path)} is missing: the document ${id} calls it mandatory`
      throw new ClaimsError('core.claims.missing', path, message)
    }
  }
  if ('fault' in evaluation) {
    const { keyword, path } = evaluation.fault
    if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') {
      throw undeclaredError(path, id)
    }
    const place = path.length === 0 ? 'the claims do' : `the claim ${shownPath(path)} does`
    const message = `${place} not fit the schema of the document ${id}: ${keyword}`
    throw new ClaimsError('core.claims.schema', path, message)
  }
  freeze(copied)
  held.set(copied, document)
  return copied
}

/** Whether a document declares a claim of this path, or one above it below which its schema has the path. */
export function isDeclaredClaim(document: DocumentType, path: ClaimPath): boolean {
  let at: ClaimTree | undefined = treeOf(document)
  let isBelow = false
  for (const part of path) {
    at = at?.members.get(part)
    isBelow ||= at?.isDeclared === true
  }
  return at?.isDeclared === true || (isBelow && isDescribed(document.schema, [document.schema], path))
}

function freeze(value: JsonValue): void {
  if (typeof value !== 'object' || value === null) return
  Object.freeze(value)
  for (const member of Object.values(value) as readonly JsonValue[]) freeze(member)
}

function undeclaredError(path: ClaimPath, id: string): ClaimsError {
  const message = `the claim ${shownPath(path)} is not declared by the document ${id}: declare it, or leave it out`
  return new ClaimsError('core.claims.undeclared', path, message)
}

function copyOf(claims: Claims): JsonObject {
  try {
    const copied = copyJson(claims, maxDepth)
    if (isJsonObject(copied)) return copied
  } catch (error) {
    if (!(error instanceof NotJsonError)) throw error
    const isName = error.path.at(-1) === '__proto__'
    const message = `the claim ${error.message}`
    throw new ClaimsError(isName ? 'core.claims.undeclared' : 'core.claims.not-json', error.path, message)
  }
  throw new ClaimsError('core.claims.not-json', [], 'the claims are not an object')
}

/**
 * The first name that neither the document nor, below what it declares, its schema has. Without `evaluated` only the
 * document's own list is asked.
 */
function findUndeclared(
  value: JsonValue,
  tree: ClaimTree | undefined,
  isBelowDeclared: boolean,
  parent: string,
  evaluated: ReadonlySet<string> | undefined,
): ClaimPath | undefined {
  const isDeclared = isBelowDeclared || tree?.isDeclared === true
  if (typeof value !== 'object' || value === null) return isDeclared ? undefined : []
  if (isDeclared && evaluated?.has(openBelow(parent))) return undefined
  const isList = Array.isArray(value)
  for (const key of Object.keys(value)) {
    const name = isList ? Number(key) : key
    const place = placeOf(parent, name)
    const below = tree?.members.get(name) ?? (isList ? tree?.members.get(null) : undefined)
    const isKnown = isDeclared && (isList || !evaluated || evaluated.has(place))
    if (reservedNames.has(key) || !(below || isKnown)) return [name]
    const member = (value as JsonObject)[key] as JsonValue
    const found = findUndeclared(member, below, isDeclared, place, evaluated)
    if (found) return [name, ...found]
  }
  return undefined
}

/** Of every item, where the path goes through a list; an empty list has none. */
function isThere(
  value: JsonValue | undefined,
  [first, ...rest]: ClaimPath,
  isNullGood: () => boolean,
): boolean {
  if (value === undefined) return false
  if (first === undefined) return value !== null || isNullGood()
  if (typeof first === 'string') {
    return isJsonObject(value) && Object.hasOwn(value, first) && isThere(value[first], rest, isNullGood)
  }
  if (!Array.isArray(value) || value.length === 0) return false
  const items: readonly (JsonValue | undefined)[] = first === null ? value : [value[first]]
  return items.every((item) => isThere(item, rest, isNullGood))
}

function treeOf(document: DocumentType): ClaimTree {
  const known = documents.get(document)
  if (known) return known
  const root: ClaimTree = { isDeclared: false, members: new Map() }
  listRule(optionsRule(claimRules))(document.claims, `the document ${document.id}: claims`)
  requireKeywords(document.schema, `the document ${document.id}: schema`)
  for (const { path } of document.claims) {
    const refuse = (what: string) =>
      new TypeError(`the claim ${shownPath(path)} of the document ${document.id} ${what}`)
    const [name] = path
    if (typeof name !== 'string') throw refuse('has to begin with a name')
    if (envelopeNames.has(name))
      throw refuse('has the name of a registered claim, which the issuer writes itself')
    if (path.some((part) => typeof part === 'string' && reservedNames.has(part))) {
      throw refuse('has a name that SD-JWT keeps for itself')
    }
    if (!isRoomFor(document, path)) throw refuse('is not in the schema of the document')
    let at = root
    for (const part of path) {
      const next = at.members.get(part) ?? { isDeclared: false, members: new Map() }
      at.members.set(part, next)
      at = next
    }
    if (at.isDeclared) throw refuse('is declared twice')
    at.isDeclared = true
  }
  // Its references and patterns are tried before a record is.
  evaluateSchema(document.schema, {})
  documents.set(document, root)
  return root
}

/**
 * At the top the list of claims decides, and a schema need not describe them all; but where it has a property that no claim
 * declares, and lacks this one, one of the two names is misspelt.
 */
function isRoomFor({ schema, claims }: DocumentType, path: ClaimPath): boolean {
  const [name] = path
  const parts = inPlaceOf(schema, schema)
  const names = parts.flatMap(({ properties }) => (isJsonObject(properties) ? Object.keys(properties) : []))
  const isClosed = parts.some(({ additionalProperties }) => additionalProperties === false)
  const isDeclaredAlready = (property: string) => claims.some(({ path: [first] }) => first === property)
  if (!isClosed && !names.includes(String(name)) && names.every(isDeclaredAlready)) return true
  return isDescribed(schema, [schema], path)
}

/** Whether the schemas that hold for one place leave room for the path, or do not describe the place. */
function isDescribed(root: JsonObject, schemas: readonly JsonValue[], [first, ...rest]: ClaimPath): boolean {
  if (first === undefined) return true
  const { parts, inner, isSpoken } = stepInto(root, schemas, first)
  if (inner.length > 0) return isDescribed(root, inner, rest)
  const container = typeof first === 'string' ? 'object' : 'array'
  const excludes = parts.some(({ type }) => type !== undefined && ![type].flat().includes(container))
  return !isSpoken && !excludes
}

/** Whether a schema that holds for the place of a path says that null may stand there. */
function namesNull(root: JsonObject, schemas: readonly JsonValue[], [first, ...rest]: ClaimPath): boolean {
  if (first !== undefined) return namesNull(root, stepInto(root, schemas, first).inner, rest)
  return schemas
    .flatMap((schema) => inPlaceOf(root, schema))
    .some(
      ({ type, const: only, enum: values }) =>
        [type].flat().includes('null') || only === null || (Array.isArray(values) && values.includes(null)),
    )
}

/** The schemas that hold for one place, those of them that hold a step below, and whether they say what is there. */
function stepInto(root: JsonObject, schemas: readonly JsonValue[], first: ClaimPath[number]) {
  const parts = schemas.flatMap((schema) => inPlaceOf(root, schema))
  const inner: JsonValue[] = []
  let isSpoken = false
  for (const { properties, patternProperties, additionalProperties, prefixItems, items } of parts) {
    if (typeof first === 'string') {
      if (isJsonObject(properties)) {
        isSpoken = true
        if (Object.hasOwn(properties, first)) inner.push(properties[first] as JsonValue)
      }
      for (const [pattern, part] of Object.entries(
        isJsonObject(patternProperties) ? patternProperties : {},
      )) {
        isSpoken = true
        if (patternOf(pattern).test(first)) inner.push(part)
      }
      if (additionalProperties === false) isSpoken = true
      else if (additionalProperties !== undefined) inner.push(additionalProperties)
    } else {
      const listed = Array.isArray(prefixItems) ? (prefixItems as readonly JsonValue[]) : []
      const wanted = first === null ? listed : listed.slice(first, first + 1)
      inner.push(...wanted, ...(items === undefined ? [] : [items]))
      if (items !== undefined || listed.length > 0) isSpoken = true
    }
  }
  return { parts, inner, isSpoken }
}

/** A schema, and those that hold for the same value with it. */
function inPlaceOf(root: JsonObject, schema: JsonValue, depth = 0): readonly JsonObject[] {
  if (!isJsonObject(schema) || depth > 32) return []
  const { $ref, allOf, anyOf, oneOf, then, else: otherwise, dependentSchemas } = schema
  const lists = [allOf, anyOf, oneOf].flatMap((list) =>
    Array.isArray(list) ? (list as readonly JsonValue[]) : [],
  )
  const single = [then, otherwise].filter((part) => part !== undefined)
  const dependent = isJsonObject(dependentSchemas) ? Object.values(dependentSchemas) : []
  const referred = typeof $ref === 'string' ? [referredSchema(root, $ref)] : []
  const further = [...lists, ...single, ...dependent, ...referred]
  return [schema, ...further.flatMap((part) => inPlaceOf(root, part, depth + 1))]
}
