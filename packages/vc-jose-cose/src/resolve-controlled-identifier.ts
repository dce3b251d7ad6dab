import {
  type Clock,
  type Fetch,
  fetchJsonObject,
  type IssuerKey,
  type IssuerKeyQuestion,
  type PublicJwk,
  ResolveError,
  type ResolveIssuerKey,
} from '@ekkasan/core'
import { isJsonObject, type JsonObject, type JsonValue, listOf } from '@ekkasan/core/json'
import { fitsAlgorithm, isAlgorithm, isMethodInUse, KeysError, parsePublicJwk } from '@ekkasan/keys'

export interface ResolveControlledIdentifierOptions {
  /** Guarded: the issuer's URL comes from outside. */
  readonly fetch: Fetch
  readonly clock?: Clock
}

const maxMethods = 64

/**
 * Finds an issuer's key in his controlled identifier document, which he publishes under his own https URL
 * (VC-JOSE-COSE section 4.3, Controlled Identifiers section 3.3): the JsonWebKey that `kid` names by its absolute URL,
 * or `#…` within the document; controlled by the issuer, and listed under `assertionMethod`.
 *
 * Cache it: `cached(resolveControlledIdentifier({ fetch }), { lifetime: 300_000 })`.
 */
export function resolveControlledIdentifier({
  fetch,
  clock = () => new Date(),
}: ResolveControlledIdentifierOptions): ResolveIssuerKey {
  const resolve: ResolveIssuerKey = async (question) => {
    const { iss, kid, x5c } = question
    if (x5c) throw invalid('with x5c the key is found by certificate alone')
    if (iss === undefined || !isDocumentUrl(iss)) throw invalid('the issuer is not named by an https URL')
    if (kid === undefined) throw invalid('no kid says which of the keys of the issuer it is')
    return findKey(await fetchDocument(fetch, iss), iss, { ...question, kid }, clock())
  }
  return Object.assign(resolve, {
    async identify({ iss }: IssuerKeyQuestion) {
      return iss === undefined
        ? undefined
        : { identity: { id: iss, method: 'controlled-identifier' } as const }
    },
  })
}

function isDocumentUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url?.protocol === 'https:' && url.username === '' && url.password === '' && !text.includes('#')
}

async function fetchDocument(fetch: Fetch, url: string): Promise<JsonObject> {
  const what = "the issuer's controlled identifier document"
  const document = await fetchJsonObject(fetch, url, what, 'application/cid, application/json')
  if (document.id !== url) throw invalid('the document is that of another identifier')
  return document
}

function findKey(
  document: JsonObject,
  iss: string,
  question: IssuerKeyQuestion & { kid: string },
  now: Date,
): IssuerKey {
  const absolute = (id: JsonValue | undefined) =>
    typeof id === 'string' && id.startsWith('#') ? `${iss}${id}` : id
  const wanted = absolute(question.kid)
  const listed = methodsOf(document.verificationMethod).filter(isJsonObject)
  for (const entry of methodsOf(document.assertionMethod)) {
    const method = isJsonObject(entry) ? entry : listed.find(({ id }) => absolute(id) === absolute(entry))
    if (!method || absolute(method.id) !== wanted) continue
    if (!isMethodInUse(method, now)) throw invalid('the key has expired or was revoked')
    if (method.controller !== iss) throw invalid('another controls the key')
    if (method.type !== 'JsonWebKey') throw invalid('the key is not a JsonWebKey')
    const jwk = readKey(method.publicKeyJwk)
    if (!isAlgorithm(question.alg) || !fitsAlgorithm(jwk, question.alg))
      throw invalid('a key of another kind')
    return { jwk, identity: { id: iss, method: 'controlled-identifier' } }
  }
  throw new ResolveError('core.resolve.not-found', 'the document lists no such key for assertions')
}

function methodsOf(value: JsonValue | undefined): readonly JsonValue[] {
  const list = listOf(value)
  if (list.length > maxMethods) throw invalid('too many keys')
  return list
}

function readKey(value: unknown): PublicJwk {
  try {
    return parsePublicJwk(value)
  } catch (cause) {
    if (!(cause instanceof KeysError)) throw cause
    throw invalid(cause.message, cause)
  }
}

function invalid(message: string, cause?: unknown): ResolveError {
  return new ResolveError('core.resolve.invalid', message, { cause })
}
