import { ResolveError } from '@ekkasan/core'
import { base64url } from '@ekkasan/core/bytes'
import { parseJsonObject } from '@ekkasan/core/json'
import {
  createDidResolver,
  DidError,
  didJwkOf,
  didJwkUrlOf,
  didKeyOf,
  didKeyUrlOf,
  didWebDocument,
  didWebOf,
  fetchDidWeb,
  findVerificationKey,
  listVerificationKeys,
  multikeyOf,
  parseDidDocument,
  parseMultikey,
  readDidJwk,
  readDidKey,
  urlOfDidWeb,
} from '@ekkasan/did'
import {
  isSameKey,
  jwkOfDid,
  KeysError,
  parseConfirmationKey,
  parsePublicJwk,
  publicJwkOf,
} from '@ekkasan/keys'
import { fuzzKey } from '../keys.ts'
import { type FuzzTarget, insist, linesOf, textOf, tryParse, tryVerify } from '../target.ts'

const did = 'did:web:issuer.example'
const resolve = createDidResolver()
const ed25519 = 'z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'

export const target: FuzzTarget = {
  reads: 'JWKs, Multikeys, did:key, did:jwk, did:web and DID documents (@ekkasan/keys, @ekkasan/did)',
  seeds: () => {
    const jwk = publicJwkOf(fuzzKey('did'))
    const document = didWebDocument({ did, keys: [{ jwk, id: 'k1' }], service: [{ id: '#a', type: 'A' }] })
    const embedded = { id: '#k2', type: 'Multikey', controller: did, publicKeyMultibase: multikeyOf(jwk) }
    return [
      JSON.stringify(jwk),
      JSON.stringify({ cnf: { jwk, kid: didJwkUrlOf(jwk) } }),
      multikeyOf(jwk),
      ed25519,
      `u${base64url(Uint8Array.of(0xed, 1, ...new Uint8Array(32).fill(3)))}`,
      didKeyOf(jwk),
      didKeyUrlOf(jwk),
      didJwkOf(jwk),
      didJwkUrlOf(jwk),
      'did:web:issuer.example%3A8443:a:b%20c',
      'https://issuer.example:8443/a/b',
      JSON.stringify(document),
      JSON.stringify({ ...document, authentication: [embedded] }),
    ]
  },
  async read(input) {
    const text = textOf(input)
    readIdentifier(text)
    await tryVerify(() => resolveWithoutFetch(text), ResolveError)
    for (const line of linesOf(input)) await readJson(line)
  },
}

function readIdentifier(text: string): void {
  const key = tryParse(() => parseMultikey(text), KeysError)
  if (key) {
    const again = multikeyOf(key)
    insist(text.startsWith('u') || again === text, 'a Multikey has one spelling in base58')
    insist(isSameKey(parseMultikey(again), key), 'a Multikey written anew is the same key')
  }
  const named = tryParse(() => jwkOfDid(text), KeysError)
  if (named) insist(isSameKey(jwkOfDid(didJwkUrlOf(named)), named), 'a DID of a key names that key')
  for (const read of [readDidJwk, readDidKey]) {
    const document = tryParse(() => read(text), DidError)
    if (document) readDocument(parseDidDocument(document, text))
  }
  const url = tryParse(() => urlOfDidWeb(text), DidError)
  if (url !== undefined) {
    const { protocol, pathname, search, hash } = new URL(url)
    insist(protocol === 'https:' && search === '' && hash === '', 'a did:web lives at an https URL')
    insist(/\/did\.json$/.test(pathname) && !/\/\.\.?\//.test(pathname), 'a did:web stays at its path')
  }
  if (/^https:\/\/[^/]/.test(text) && URL.canParse(text)) {
    const own = tryParse(() => didWebOf(text), TypeError, DidError)
    if (own !== undefined) insist(urlOfDidWeb(own).startsWith('https://'), 'a did:web made here is read here')
  }
}

/** did:web asks the network, which a fuzzer leaves alone. */
async function resolveWithoutFetch(text: string): Promise<void> {
  if (!/^did:web:/.test(text)) await resolve(text)
}

async function readJson(text: string): Promise<void> {
  const json = tryParse(() => parseJsonObject(text), SyntaxError)
  if (!json) return
  const jwk = tryParse(() => parsePublicJwk(json), KeysError)
  if (jwk) {
    insist(
      !('d' in jwk) && isSameKey(parsePublicJwk(jwk), jwk),
      'a public key is read as the same, without more',
    )
    insist(isSameKey(jwkOfDid(didJwkOf(jwk)), jwk), 'a did:jwk names its key')
  }
  tryParse(() => parseConfirmationKey(json), KeysError)
  for (const asked of [did, typeof json.id === 'string' ? json.id : did]) {
    const document = tryParse(() => parseDidDocument(json, asked), DidError)
    if (document) readDocument(document)
  }
  const fetch = async () => new Response(text)
  await tryVerify(() => fetchDidWeb(did, { fetch }), DidError, ResolveError)
}

function readDocument(document: ReturnType<typeof parseDidDocument>): void {
  for (const relationship of ['authentication', 'assertionMethod'] as const)
    for (const id of [...listVerificationKeys(document, relationship), '#k1'])
      tryParse(() => findVerificationKey(document, id, relationship), DidError)
}
