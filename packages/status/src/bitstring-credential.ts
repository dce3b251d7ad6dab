import { isJsonObject, type JsonObject, listOf } from '@ekkasan/core/json'
import {
  baseContextV1,
  baseContextV2,
  dateTimeStamp,
  parseDateTime,
  parseDateTimeStamp,
  versionOf,
} from '@ekkasan/vcdm'
import { StatusError } from './errors.ts'

const statusTerms = 'https://www.w3.org/ns/credentials/status#'

// The REC asks for both members in a list of messages and its context defines neither for a list.
const messageContext: JsonObject = {
  statusSize: { '@id': `${statusTerms}statusSize`, '@type': 'http://www.w3.org/2001/XMLSchema#integer' },
  statusMessages: {
    '@id': `${statusTerms}statusMessages`,
    '@context': { message: `${statusTerms}message`, status: `${statusTerms}status` },
  },
}

export interface CreateBitstringCredentialOptions {
  /** Where it is served. */
  readonly url: string
  readonly issuer: string | JsonObject
  readonly purposes: readonly string[]
  readonly encodedList: string
  readonly issuedAt: Date
  readonly expiresAt: Date
  /** Seconds for which a verifier may keep it. */
  readonly ttl: number
  /** With purpose `message`: what each value says. */
  readonly messages?: readonly string[]
  /** Default: 2.0; `jwt_vc_json` takes 1.1. */
  readonly dataModel?: '2.0' | '1.1'
}

/** A BitstringStatusListCredential (section 2.2), not yet secured. */
export function createBitstringCredential(options: CreateBitstringCredentialOptions): JsonObject {
  const {
    url,
    issuer,
    purposes,
    encodedList,
    issuedAt,
    expiresAt,
    ttl,
    messages,
    dataModel = '2.0',
  } = options
  const isVersion2 = dataModel === '2.0'
  const [from, until] = [dateTimeStamp(issuedAt), dateTimeStamp(expiresAt)]
  return {
    '@context': [
      ...(isVersion2 ? [baseContextV2] : [baseContextV1, 'https://www.w3.org/ns/credentials/status/v1']),
      ...(messages ? [messageContext] : []),
    ],
    id: url,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer,
    ...(isVersion2 ? { validFrom: from, validUntil: until } : { issuanceDate: from, expirationDate: until }),
    credentialSubject: {
      id: `${url}#list`,
      type: 'BitstringStatusList',
      statusPurpose: purposes.length === 1 ? (purposes[0] as string) : purposes,
      ttl: Math.round(ttl * 1000),
      ...(messages && {
        statusSize: Math.log2(messages.length),
        statusMessages: messagesOf(messages),
      }),
      encodedList,
    },
  }
}

/** What each value says, as `statusMessage` of an entry has it. */
export function messagesOf(messages: readonly string[]): { status: string; message: string }[] {
  return messages.map((message, value) => ({ status: `0x${value.toString(16)}`, message }))
}

/** A BitstringStatusListCredential that was verified, its shape. */
export interface BitstringCredential {
  readonly id?: string
  readonly purposes: readonly string[]
  /** Still encoded: decodeBitstring reads it. */
  readonly encodedList: string
  readonly validFrom?: Date
  readonly validUntil?: Date
  /** Milliseconds. */
  readonly ttl?: number
  /** Bits of a message. */
  readonly statusSize?: number
}

/**
 * Shape only: a credential of type BitstringStatusListCredential, section 2.2.
 * @throws StatusError `status.credential.malformed`
 */
export function parseBitstringCredential(credential: JsonObject): BitstringCredential {
  const { id, type, credentialSubject: subject } = credential
  if (!listOf(type).includes('BitstringStatusListCredential')) throw malformed('type')
  if (!isJsonObject(subject) || !listOf(subject.type).includes('BitstringStatusList')) {
    throw malformed('credentialSubject.type')
  }
  if (id !== undefined && typeof id !== 'string') throw malformed('id')
  const { statusPurpose, encodedList, ttl, statusSize } = subject
  const purposes = listOf(statusPurpose)
  if (purposes.length === 0 || !purposes.every((purpose) => typeof purpose === 'string')) {
    throw malformed('statusPurpose')
  }
  if (typeof encodedList !== 'string') throw malformed('encodedList')
  if (ttl !== undefined && !(typeof ttl === 'number' && ttl >= 0)) throw malformed('ttl')
  if (statusSize !== undefined && !(Number.isSafeInteger(statusSize) && (statusSize as number) > 0)) {
    throw malformed('statusSize')
  }
  const isVersion1 = versionOf(credential) === '1.1'
  const validFrom = date(credential, isVersion1 ? 'issuanceDate' : 'validFrom', isVersion1)
  const validUntil = date(credential, isVersion1 ? 'expirationDate' : 'validUntil', isVersion1)
  return {
    purposes: purposes as readonly string[],
    encodedList,
    ...(id !== undefined && { id }),
    ...(validFrom && { validFrom }),
    ...(validUntil && { validUntil }),
    ...(ttl !== undefined && { ttl }),
    ...(statusSize !== undefined && { statusSize: statusSize as number }),
  }
}

function date(credential: JsonObject, member: string, isVersion1: boolean): Date | undefined {
  const value = credential[member]
  if (value === undefined) return undefined
  const time = isVersion1 ? parseDateTime(value) : parseDateTimeStamp(value)
  if (!time) throw malformed(member)
  return time
}

function malformed(what: string): StatusError {
  return new StatusError('status.credential.malformed', `not an acceptable status list credential: ${what}`)
}
