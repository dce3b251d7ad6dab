import { type JsonObject, listOf } from '@ekkasan/core/json'
import { identifierOf } from '@ekkasan/vcdm'
import { VcJoseCoseError } from '../errors.ts'
import type { MediaType } from '../types.ts'
import { type ParsedCredential, parseCredential } from './credential.ts'
import { isPresentationEnvelope, openEnvelope } from './envelope.ts'
import { openSecured, type Secured } from './secured.ts'

export interface ParsedPresentation {
  /** What was signed, outermost first: a presentation, or envelopes around one. */
  readonly layers: readonly [Secured, ...Secured[]]
  /** The presentation itself. */
  readonly document: JsonObject
  /** Who says that he made it: `holder`, `iss`, or the DID of `kid`. */
  readonly presenter: string | undefined
  readonly credentials: readonly ParsedCredential[]
}

const maxLayers = 3
export const maxCredentials = 16

/** @throws VcJoseCoseError, KeysError, SdJwtError, CoseError */
export function parsePresentation(mediaType: MediaType, input: unknown): ParsedPresentation {
  const outermost = openLayer(mediaType, input)
  const layers: [Secured, ...Secured[]] = [outermost]
  let { document } = outermost
  while (isPresentationEnvelope(document)) {
    if (layers.length === maxLayers) throw notAcceptable('too many envelopes around a presentation')
    const { mediaType: inner, content } = openEnvelope(document, 'vp')
    const layer = openLayer(inner, content)
    layers.push(layer)
    document = layer.document
  }
  const holder = identifierOf(document.holder)
  const issuers = layers.flatMap(({ signed: { header, payload } }) => [payload.iss, header.iss])
  const named = issuers.filter((iss) => iss !== undefined)
  if (holder !== undefined && named.some((iss) => iss !== holder)) {
    throw new VcJoseCoseError('vc-jose-cose.structure.iss', 'iss differs from holder')
  }
  return {
    layers,
    document,
    presenter: holder ?? presenterOf(outermost),
    credentials: parseCredentials(document),
  }
}

function openLayer(mediaType: MediaType, input: unknown): Secured {
  const layer = openSecured(mediaType, input)
  // A presentation has a proof of its own: this one's envelope.
  if (layer.sdJwt?.keyBinding !== undefined) throw notAcceptable('a presentation with a KB-JWT')
  return layer
}

// Section 3: credentials in presentations are secured, in an envelope.
function parseCredentials({ verifiableCredential: held }: JsonObject): readonly ParsedCredential[] {
  const envelopes = listOf(held)
  if (envelopes.length === 0) throw notAcceptable('no credential')
  if (envelopes.length > maxCredentials) throw notAcceptable('too many credentials')
  return envelopes.map((envelope) => {
    const { mediaType, content } = openEnvelope(envelope, 'vc')
    return parseCredential(mediaType, content)
  })
}

function presenterOf({ signed: { header, payload } }: Secured): string | undefined {
  const iss = payload.iss ?? header.iss
  if (typeof iss === 'string') return iss
  return typeof header.kid === 'string' ? header.kid.split('#')[0] : undefined
}

function notAcceptable(what: string): VcJoseCoseError {
  return new VcJoseCoseError('vc-jose-cose.structure.credentials', `not an acceptable presentation: ${what}`)
}
