import { base64, fromBase64 } from '@ekkasan/core/bytes'
import { isJsonObject, type JsonObject, listOf } from '@ekkasan/core/json'
import { baseContextV2 } from '@ekkasan/vcdm'
import { VcJoseCoseError } from '../errors.ts'
import type { MediaType, SecuredCredential } from '../types.ts'

// EnvelopedVerifiableCredential and EnvelopedVerifiablePresentation, VCDM 2.0 section 4.13: a `data:` URL as `id`.

const names = { vc: 'EnvelopedVerifiableCredential', vp: 'EnvelopedVerifiablePresentation' } as const

/** The media type of a secured credential, by its form. */
export function mediaTypeOf(credential: SecuredCredential): MediaType {
  if (typeof credential !== 'string') return 'vc+cose'
  return credential.includes('~') ? 'vc+sd-jwt' : 'vc+jwt'
}

/** EnvelopedVerifiableCredential: a secured credential as the JSON object that presentations and the VC API hold. */
export function createEnvelope(credential: SecuredCredential): JsonObject {
  const data = typeof credential === 'string' ? `,${credential}` : `;base64,${base64(credential)}`
  return {
    '@context': [baseContextV2],
    id: `data:application/${mediaTypeOf(credential)}${data}`,
    type: names.vc,
  }
}

/** Secured content with its media type; texts as they stand, `vc+cose` and `vp+cose` as bytes. */
export interface Envelope {
  readonly mediaType: MediaType
  readonly content: string | Uint8Array
}

/** Whether an object is an envelope of a presentation, by any of its types. */
export function isPresentationEnvelope({ type }: JsonObject): boolean {
  return listOf(type).includes(names.vp)
}

const head = /^data:application\/(v[cp]\+(?:jwt|sd-jwt|cose))(;base64)?,/

/**
 * What an envelope of a credential or of a presentation holds; nothing of it is verified.
 * @throws VcJoseCoseError `vc-jose-cose.structure.envelope`
 */
export function openEnvelope(envelope: unknown, kind: 'vc' | 'vp'): Envelope {
  const { '@context': context, type, id } = isJsonObject(envelope) ? envelope : {}
  const [name, ...others] = listOf(type)
  if (name !== names[kind] || others.length > 0 || typeof id !== 'string')
    throw notOne(`not one ${names[kind]}`)
  if (!listOf(context).includes(baseContextV2)) throw notOne('no context that defines it')
  const [prefix, mediaType, base64] = head.exec(id) ?? []
  if (prefix === undefined || !mediaType?.startsWith(kind)) throw notOne('another media type')
  const isBinary = mediaType.endsWith('cose')
  if (isBinary !== (base64 !== undefined)) throw notOne('texts stand as they are, and bytes in base64')
  const data = id.slice(prefix.length)
  return { mediaType: mediaType as MediaType, content: isBinary ? bytesOf(data) : data }
}

function bytesOf(data: string): Uint8Array {
  try {
    return fromBase64(data)
  } catch {
    throw notOne('not base64')
  }
}

function notOne(what: string): VcJoseCoseError {
  return new VcJoseCoseError('vc-jose-cose.structure.envelope', `not an acceptable envelope: ${what}`)
}
