import type { DidDocument, PublicJwk, VerificationMethod } from '@ekkasan/core'
import { isJsonObject, type JsonObject } from '@ekkasan/core/json'
import { isMethodInUse, KeysError, keyUrlOf, parseMultikey, parsePublicJwk } from '@ekkasan/keys'
import { DidError } from './errors.ts'

/** For what a key stands in a DID document, DID Core section 5.3. */
export type VerificationRelationship = 'authentication' | 'assertionMethod'

const maxMethods = 64
const maxIdLength = 2048

/**
 * Takes a DID document from outside: compares its `id`, bounds it, refuses private keys and relative DID URLs
 * (DID Core section 5, did:web section 2.4).
 * @throws DidError `did.document.invalid`
 */
export function parseDidDocument(document: unknown, did: string): DidDocument {
  if (!isJsonObject(document)) throw invalid('not an object')
  if (document.id !== did) throw invalid('its id is not the DID that was asked for')
  const methods = listOf(document.verificationMethod)
  for (const method of methods) requireMethod(method)
  const ids = methods.map((method) => (method as JsonObject).id)
  if (new Set(ids).size !== ids.length) throw invalid('two verification methods have the same id')
  for (const relationship of ['authentication', 'assertionMethod'] as const) {
    for (const entry of listOf(document[relationship])) {
      if (typeof entry !== 'string') requireMethod(entry)
      else if (entry.length > maxIdLength) throw invalid('an id is too long')
    }
  }
  return document as unknown as DidDocument
}

/** The document without the verification methods that had expired or were revoked by then. */
export function withMethodsInUse(document: DidDocument, at: Date): DidDocument {
  const isInUse = (entry: VerificationMethod | string) =>
    typeof entry === 'string' || isMethodInUse(entry, at)
  const { verificationMethod, authentication, assertionMethod } = document
  const lists = { verificationMethod, authentication, assertionMethod }
  const isAll = Object.values(lists).every((list) => list?.every(isInUse) ?? true)
  if (isAll) return document
  return {
    ...document,
    ...(verificationMethod && { verificationMethod: verificationMethod.filter(isInUse) }),
    ...(authentication && { authentication: authentication.filter(isInUse) }),
    ...(assertionMethod && { assertionMethod: assertionMethod.filter(isInUse) }),
  }
}

/**
 * The key that a DID URL names (a bare did:key or did:jwk: its only one), if the document authorizes it for this use: `assertionMethod` for those who
 * issue, `authentication` for holders and verifiers. The same object each time for the same document.
 * @throws DidError `did.document.key-not-found`, `did.document.key-not-authorized`, `did.key.unsupported`
 */
export function findVerificationKey(
  document: DidDocument,
  kid: string,
  relationship: VerificationRelationship,
): PublicJwk {
  const url = kid.startsWith('#') ? `${document.id}${kid}` : keyUrlOf(kid)
  const isNamed = (id: string) => (id.startsWith('#') ? `${document.id}${id}` : id) === url
  const listed = document.verificationMethod?.find((method) => isNamed(method.id))
  for (const entry of document[relationship] ?? []) {
    if (typeof entry !== 'string') {
      if (isNamed(entry.id)) return keyOf(entry)
    } else if (isNamed(entry) && listed) {
      return keyOf(listed)
    }
  }
  if (listed) {
    throw new DidError('did.document.key-not-authorized', `the key is not one for ${relationship}`)
  }
  throw new DidError('did.document.key-not-found', 'the DID document holds no such key')
}

/** The DID URLs of the keys that a document authorizes for a use. */
export function listVerificationKeys(
  document: DidDocument,
  relationship: VerificationRelationship,
): readonly string[] {
  return (document[relationship] ?? []).map((entry) => {
    const id = typeof entry === 'string' ? entry : entry.id
    return id.startsWith('#') ? `${document.id}${id}` : id
  })
}

const keys = new WeakMap<VerificationMethod, PublicJwk>()

function keyOf(method: VerificationMethod): PublicJwk {
  let key = keys.get(method)
  if (!key) {
    key = readKey(method)
    keys.set(method, key)
  }
  return key
}

function readKey({ publicKeyJwk, publicKeyMultibase }: VerificationMethod): PublicJwk {
  if ((publicKeyJwk === undefined) === (publicKeyMultibase === undefined)) {
    throw new DidError(
      'did.key.unsupported',
      'the verification method must hold either publicKeyJwk or publicKeyMultibase',
    )
  }
  try {
    if (publicKeyMultibase !== undefined) return parseMultikey(publicKeyMultibase)
    return parsePublicJwk(publicKeyJwk)
  } catch (cause) {
    if (!(cause instanceof KeysError)) throw cause
    throw new DidError('did.key.unsupported', cause.message, { cause })
  }
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw invalid('a list of keys is not a list')
  if (value.length > maxMethods) throw invalid(`more than ${maxMethods} keys`)
  return value
}

function requireMethod(method: unknown): void {
  if (!isJsonObject(method)) throw invalid('a verification method is not an object')
  for (const member of ['id', 'type', 'controller']) {
    const text = method[member]
    if (typeof text !== 'string' || text === '' || text.length > maxIdLength) {
      throw invalid(`a verification method has no ${member}`)
    }
  }
  const { publicKeyJwk, publicKeyMultibase } = method
  if (publicKeyJwk !== undefined && !isJsonObject(publicKeyJwk))
    throw invalid('publicKeyJwk is not an object')
  if (publicKeyMultibase !== undefined && typeof publicKeyMultibase !== 'string') {
    throw invalid('publicKeyMultibase is not a string')
  }
}

function invalid(what: string): DidError {
  return new DidError('did.document.invalid', `not an acceptable DID document: ${what}`)
}
