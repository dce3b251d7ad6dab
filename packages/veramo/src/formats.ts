import type { Clock, Signer } from '@ekkasan/core'
import { isJsonObject, type JsonObject, type JsonValue } from '@ekkasan/core/json'
import {
  issueJwtVc,
  presentJwtVp,
  type VerifiedJwtVc,
  type VerifyJwtVpOptions,
  verifyJwtVc,
  verifyJwtVp,
} from '@ekkasan/jwt-vc'
import { isJoseType, parseJws } from '@ekkasan/keys'
import {
  issueVcJwt,
  presentVpJwt,
  type VerifiedVc,
  type VerifiedVp,
  verifyVcJwt,
  verifyVpJwt,
} from '@ekkasan/vc-jose-cose'
import { baseContextV1, baseContextV2 } from '@ekkasan/vcdm'
import { VeramoError } from './errors.ts'

/** `vc+jwt`: VCDM 2.0 by VC-JOSE-COSE. `jwt_vc_json`: VCDM 1.1, what OpenID4VC calls so. */
export type W3cProofFormat = 'vc+jwt' | 'jwt_vc_json'

/** What both verifications need; a presentation's binding comes beside it. */
export type VerificationMeans = Omit<VerifyJwtVpOptions, 'binding'>

export interface W3cFormat {
  readonly baseContext: string
  /** What is signed of a credential as CredentialPlugin hands it over. */
  prepare(credential: JsonObject): JsonObject
  issue(options: { signer: Signer; credential: JsonObject; clock?: Clock }): Promise<string>
  present(options: Parameters<typeof presentJwtVp>[0]): Promise<string>
  verify(jwt: string, options: VerificationMeans): Promise<VerifiedVc | VerifiedJwtVc>
  verifyPresentation(jwt: string, options: VerifyJwtVpOptions): Promise<VerifiedVp | VerifiedJwtVc>
}

export const formats: Readonly<Record<W3cProofFormat, W3cFormat>> = {
  'vc+jwt': {
    baseContext: baseContextV2,
    // CredentialPlugin writes the date into every credential; the data model 2.0 has it no more.
    prepare: ({ issuanceDate, ...body }) => body,
    issue: issueVcJwt,
    present: ({ credential, ...options }) => presentVpJwt({ ...options, credentials: [credential] }),
    verify: verifyVcJwt,
    verifyPresentation: verifyVpJwt,
  },
  jwt_vc_json: {
    baseContext: baseContextV1,
    // A JWT's times are whole seconds, and its issuer is `iss` alone.
    prepare: ({ issuer, ...body }) => ({
      ...body,
      issuer: onlyId(issuer),
      ...inSeconds('issuanceDate', body),
      ...inSeconds('expirationDate', body),
    }),
    issue: issueJwtVc,
    present: presentJwtVp,
    verify: verifyJwtVc,
    verifyPresentation: verifyJwtVp,
  },
}

function onlyId(issuer: JsonValue | undefined): string {
  const id = isJsonObject(issuer) && Object.keys(issuer).length === 1 ? issuer.id : issuer
  if (typeof id === 'string') return id
  throw new VeramoError('veramo.credential.malformed', 'the issuer of a jwt_vc_json is a DID alone')
}

function inSeconds(member: string, { [member]: date }: JsonObject): JsonObject {
  return typeof date === 'string' ? { [member]: date.replace(/\.\d+(?=Z$)/, '') } : {}
}

const envelope = /^data:application\/(?:vc|vp)\+jwt,(.*)$/s

/** The JWT in a document as Veramo hands it about: itself, an envelope, or under `proof.jwt`. */
export function jwtOf(document: unknown): string | undefined {
  if (typeof document === 'string') return envelope.exec(document)?.[1] ?? document
  if (typeof document !== 'object' || document === null) return undefined
  const { id, proof } = document as { id?: unknown; proof?: { jwt?: unknown } | null }
  if (typeof proof?.jwt === 'string') return proof.jwt
  return typeof id === 'string' ? envelope.exec(id)?.[1] : undefined
}

/** Which of the formats a document is of, by the `typ` of its JWT; undefined when it is another's. */
export function formatOf(document: unknown): W3cProofFormat | undefined {
  const jwt = jwtOf(document)
  try {
    const { header, payload } = parseJws(jwt ?? '')
    const { typ } = header
    if (isJoseType(typ, 'vc+jwt') || isJoseType(typ, 'vp+jwt')) return 'vc+jwt'
    return payload.vc !== undefined || payload.vp !== undefined ? 'jwt_vc_json' : undefined
  } catch {
    return undefined
  }
}
