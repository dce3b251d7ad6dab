import type { JsonObject, JsonValue } from '@ekkasan/core'
import { isJsonObject } from '@ekkasan/core/json'
import { SdJwtError } from './errors.ts'

export interface FlattenedSdJwt extends JsonObject {
  readonly payload: string
  readonly protected: string
  readonly signature: string
  readonly header: { readonly disclosures: readonly string[]; readonly kb_jwt?: string }
}

export interface GeneralSdJwt extends JsonObject {
  readonly payload: string
  readonly signatures: readonly [
    {
      readonly protected: string
      readonly signature: string
      readonly header: { readonly disclosures: readonly string[]; readonly kb_jwt?: string }
    },
  ]
}

/** Re-spells a compact SD-JWT or SD-JWT+KB in the flattened JSON form, RFC 9901 section 8.2. */
export function flattenedSdJwt(compact: string): FlattenedSdJwt {
  const parts = compact.split('~')
  const keyBinding = parts.pop()
  const [jws = '', ...disclosures] = parts
  const [head, payload, signature, rest] = jws.split('.')
  if (head === undefined || payload === undefined || signature === undefined || rest !== undefined) {
    throw malformed('its JWT has not three parts')
  }
  const header = { disclosures, ...(keyBinding && { kb_jwt: keyBinding }) }
  return { payload, protected: head, signature, header }
}

/** Re-spells a compact SD-JWT or SD-JWT+KB in the general JSON form with one signature, RFC 9901 section 8.3. */
export function generalSdJwt(compact: string): GeneralSdJwt {
  const { payload, ...signature } = flattenedSdJwt(compact)
  return { payload, signatures: [signature] }
}

/**
 * The compact form of a JSON form, which `sd_hash` covers (RFC 9901 section 8.1). Of several signatures the
 * first counts: it carries the disclosures.
 */
export function compactFromJson(json: JsonObject): string {
  const general = json.signatures !== undefined
  let entry: JsonObject = json
  if (general) {
    const entries = json.signatures
    if (!Array.isArray(entries) || !entries.every(isJsonObject)) throw malformed('bad signatures')
    if (json.protected !== undefined || json.signature !== undefined || json.header !== undefined) {
      throw malformed('both the general and the flattened form')
    }
    const [first, ...others] = entries as JsonObject[]
    if (!first) throw malformed('no signature')
    for (const other of others) {
      const { header } = other
      if (isJsonObject(header) && (header.disclosures !== undefined || header.kb_jwt !== undefined)) {
        throw malformed('disclosures beside a signature that is not the first')
      }
    }
    entry = first
  }
  const { header = {} } = entry
  if (!isJsonObject(header)) throw malformed('bad header')
  const { disclosures = [] } = header
  if (!Array.isArray(disclosures)) throw malformed('bad disclosures')
  const jws = [entry.protected, json.payload, entry.signature].map((part) => requirePart(part)).join('.')
  const sent = disclosures.map((disclosure: JsonValue) => `${requirePart(disclosure)}~`).join('')
  return `${jws}~${sent}${header.kb_jwt === undefined ? '' : requireJws(header.kb_jwt)}`
}

function requirePart(part: JsonValue | undefined): string {
  if (typeof part !== 'string' || !/^[A-Za-z0-9_-]+$/.test(part)) throw malformed('a part is not base64url')
  return part
}

function requireJws(part: JsonValue): string {
  if (typeof part !== 'string' || part === '' || part.includes('~')) throw malformed('bad kb_jwt')
  return part
}

function malformed(what: string): SdJwtError {
  return new SdJwtError('sd-jwt.malformed', `not an SD-JWT: ${what}`)
}
