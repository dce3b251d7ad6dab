import { EkkasanError, ResolveError, UnavailableError } from '@ekkasan/core'
import { fromUtf8 } from '@ekkasan/core/bytes'
import { isJsonObject, type JsonObject, type JsonValue, listOf, parseJson } from '@ekkasan/core/json'
import type { ContentCheckCode, ContentFault, CredentialContentOptions } from './check-content.ts'
import { matchesDigests } from './integrity.ts'
import { validateJson } from './json-schema.ts'
import { withSchemaLists } from './schema-lists.ts'
import { validateCredential } from './validate-credential.ts'

interface SchemaOptions extends CredentialContentOptions {
  readonly partial?: boolean
  /** Given: a single value may stand for a list of one, and this is told the body with the lists of a schema. */
  readonly onLists?: (body: JsonObject) => void
}

const maxSchemas = 8
/** The longest schema, UTF-16 units, with its nesting. */
const limits = { maxLength: 262_144, maxDepth: 64 }

/** The schema of which a JsonSchemaCredential is an instance (vc-json-schema section 2.2). */
const schemaOfSchemas = 'https://www.w3.org/ns/credentials/json-schema/v2.json'

const severity = { failed: 0, unknown: 1, skipped: 2 } as const

/** Why a credential does not fit all of its schemas, the worst reason (VCDM 2.0 section 4.11, vc-json-schema). */
export async function findSchemaFault(
  body: JsonObject,
  options: SchemaOptions,
): Promise<ContentFault | undefined> {
  const named = listOf(body.credentialSchema).filter(isJsonObject)
  if (named.length > maxSchemas) return failed('vcdm.schema.malformed', `more than ${maxSchemas} schemas`)
  let worst: ContentFault | undefined
  let read = body
  const onLists = (lists: JsonObject) => {
    read = lists
    options.onLists?.(lists)
  }
  for (const schema of named) {
    const fault = await faultOf(read, schema, options.onLists ? { ...options, onLists } : options)
    if (fault && (!worst || severity[fault.outcome] < severity[worst.outcome])) worst = fault
  }
  return worst
}

async function faultOf(
  body: JsonObject,
  named: JsonObject,
  options: SchemaOptions,
): Promise<ContentFault | undefined> {
  const types = listOf(named.type)
  const isCredential = types.includes('JsonSchemaCredential')
  if (!isCredential && !types.includes('JsonSchema')) return skipped('vcdm.schema.type')
  const { resolveSchema } = options
  if (!resolveSchema) return skipped('vcdm.schema.not-configured')
  const { id: url } = named
  if (typeof url !== 'string') return failed('vcdm.schema.malformed', 'the schema has no id')
  const bytes = await found(resolveSchema, url)
  if (!bytes) return skipped('vcdm.schema.not-configured')
  if (!matchesDigests(bytes, named)) return failed('vcdm.schema.digest')
  const { schema, fault } = isCredential ? await schemaIn(bytes, options) : { schema: jsonOf(bytes) }
  if (fault) return fault
  const find = async (reference: string) => {
    const more = await found(resolveSchema, reference)
    return more && jsonOf(more)
  }
  const read = options.onLists && schema !== undefined ? (withSchemaLists(body, schema) as JsonObject) : body
  // Whatever becomes of it: what a holder conceals must not decide in which form the rest is handed on.
  options.onLists?.(read)
  const result = await validateJson(read, schema, { url, find })
  if (result.outcome === 'valid') return undefined
  if (result.outcome === 'invalid') {
    return options.partial
      ? skipped('vcdm.schema.concealed')
      : failed('vcdm.schema.mismatch', `${result.keyword} at ${result.path}`)
  }
  if (result.outcome === 'malformed') return failed('vcdm.schema.malformed', result.detail)
  const code = result.outcome === 'bounds' ? 'vcdm.schema.bounds' : 'vcdm.schema.unsupported'
  return { outcome: 'unknown', code, detail: result.detail }
}

interface FoundSchema {
  readonly schema?: JsonValue | undefined
  readonly fault?: ContentFault
}

/** The schema in a credential (vc-json-schema section 2.2), once it was verified where it is secured. */
async function schemaIn(bytes: Uint8Array, { verifySchemaCredential }: SchemaOptions): Promise<FoundSchema> {
  const document = jsonOf(bytes)
  const isSecured = !isJsonObject(document) || document.proof !== undefined || isEnveloped(document)
  let body = document
  if (isSecured) {
    if (!verifySchemaCredential) return { fault: skipped('vcdm.schema.unverified') }
    const secured = isJsonObject(document) ? document : textOf(bytes)
    if (secured === undefined) return { fault: failed('vcdm.schema.malformed', 'not UTF-8') }
    try {
      body = await verifySchemaCredential(secured)
    } catch (error) {
      if (error instanceof UnavailableError)
        return { fault: { outcome: 'unknown', code: 'vcdm.schema.unverified' } }
      if (error instanceof EkkasanError) return { fault: failed('vcdm.schema.unverified', error.code) }
      throw error
    }
  }
  if (!isJsonObject(body)) return { fault: failed('vcdm.schema.malformed', 'not a credential') }
  const { credentialSubject: subject, credentialSchema: meta } = body
  const isOfSchema =
    isJsonObject(subject) &&
    subject.type === 'JsonSchema' &&
    isJsonObject(subject.jsonSchema) &&
    isJsonObject(meta) &&
    meta.id === schemaOfSchemas &&
    meta.type === 'JsonSchema' &&
    validateCredential(body).length === 0
  if (!isOfSchema) return { fault: failed('vcdm.schema.malformed', 'not a credential that holds a schema') }
  return { schema: subject.jsonSchema }
}

function isEnveloped({ type }: JsonObject): boolean {
  return type === 'EnvelopedVerifiableCredential'
}

/** The resource of a URL; undefined when it is deliberately not looked up. */
async function found(
  resolve: NonNullable<SchemaOptions['resolveSchema']>,
  url: string,
): Promise<Uint8Array | undefined> {
  try {
    return await resolve(url)
  } catch (error) {
    if (error instanceof ResolveError && error.code === 'core.resolve.not-configured') return undefined
    throw error
  }
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return fromUtf8(bytes)
  } catch {
    return undefined
  }
}

// By the bytes as they were found, and so for as long as the resolver keeps them.
const parsed = new WeakMap<Uint8Array, JsonValue>()

function jsonOf(bytes: Uint8Array): JsonValue | undefined {
  const before = parsed.get(bytes)
  if (before !== undefined) return before
  const text = textOf(bytes)
  if (text === undefined) return undefined
  try {
    const value = parseJson(text, limits)
    parsed.set(bytes, value)
    return value
  } catch {
    return undefined
  }
}

function failed(code: ContentCheckCode, detail?: string): ContentFault {
  return { outcome: 'failed', code, ...(detail !== undefined && { detail }) }
}

function skipped(code: ContentCheckCode): ContentFault {
  return { outcome: 'skipped', code }
}
