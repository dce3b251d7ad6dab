import { ResolveError } from '@ekkasan/core'
import { isJsonObject, type JsonObject, parseJson } from '@ekkasan/core/json'
import {
  addProof,
  canonicalizeJson,
  createContextRegistry,
  DataIntegrityError,
  verifyProofs,
} from '@ekkasan/data-integrity'
import { createDidResolver, didKeyUrlOf } from '@ekkasan/did'
import { publicJwkOf } from '@ekkasan/keys'
import { fuzzKey, fuzzSigner } from '../keys.ts'
import { type FuzzTarget, insist, insistSame, textOf, tryParse, tryVerify } from '../target.ts'

const kid = didKeyUrlOf(publicJwkOf(fuzzKey('issuer')))
const resolveDid = createDidResolver()
// Contexts written into documents too, so that the fuzzer writes them.
const contexts = createContextRegistry([], { inlineContexts: 'accepted' })
const proofs = 'https://w3id.org/security/data-integrity/v2'
const terms = {
  '@version': 1.1,
  '@protected': true,
  ex: 'https://a.example/#',
  name: { '@id': 'ex:name', '@language': 'th' },
  list: { '@id': 'ex:list', '@container': '@list' },
  set: { '@id': 'ex:set', '@container': '@set' },
  map: { '@id': 'ex:map', '@container': '@language' },
  graph: { '@id': 'ex:graph', '@container': '@graph' },
  json: { '@id': 'ex:json', '@type': '@json' },
  link: { '@id': 'ex:link', '@type': '@id' },
  word: { '@id': 'ex:word', '@type': '@vocab' },
  date: { '@id': 'ex:date', '@type': 'http://www.w3.org/2001/XMLSchema#dateTime' },
  Kind: { '@id': 'ex:Kind', '@context': { inner: { '@id': 'ex:inner', '@context': { deep: 'ex:deep' } } } },
}
const document = {
  '@context': [proofs, terms],
  id: 'urn:a',
  type: 'Kind',
  name: ['ก', { '@value': 'a', '@language': 'en' }],
  list: [1, 2.5, true, 'a'],
  set: ['b', 'a'],
  map: { th: 'ก', en: 'a' },
  graph: { id: 'https://a.example/g', name: 'x', link: 'https://b.example/?q#f' },
  json: { a: [null, { b: -0.5 }] },
  word: 'Kind',
  inner: { deep: [{ deep: 1.5 }, {}] },
  date: '2026-01-01T00:00:00Z',
}

export const target: FuzzTarget = {
  reads:
    'JSON-LD documents with their contexts, to RDF and its canonical form, and RFC 8785 (@ekkasan/data-integrity)',
  seeds: () =>
    [
      document,
      ...Object.entries(document).map(([name, value]) => ({ '@context': [proofs, terms], [name]: value })),
      {
        '@context': ['https://www.w3.org/ns/credentials/v2', { ex: 'https://a.example/#', a: 'ex:a' }],
        type: 'VerifiableCredential',
        issuer: { id: 'did:example:a' },
        credentialSubject: [{ id: 'urn:s', a: { '@value': 1.5 } }, { a: { id: '_:b0', a: { id: '_:b0' } } }],
      },
      // What is refused here, each by itself.
      ...['@base', '@import', '@propagate', '@vocab'].map((word) => ({
        '@context': { [word]: 'https://a.example/' },
      })),
      ...['@nest', '@reverse', '@included', '@graph', '@index'].map((word) => ({
        '@context': [proofs, terms],
        [word]: [{}],
      })),
    ].map((json) => JSON.stringify(json)),
  async read(input) {
    const document = tryParse(() => parseJson(textOf(input)), SyntaxError)
    if (!isJsonObject(document) || document.proof !== undefined) return
    const canonical = tryParse(() => canonicalizeJson(document), DataIntegrityError)
    if (canonical !== undefined) {
      const again = canonicalizeJson(JSON.parse(canonical) as JsonObject)
      insist(again === canonical, 'the canonical form of JSON is its own canonical form')
    }
    for (const cryptosuite of ['ecdsa-rdfc-2019', 'ecdsa-jcs-2019'] as const)
      await sign(document, cryptosuite)
  },
}

async function sign(document: JsonObject, cryptosuite: 'ecdsa-rdfc-2019' | 'ecdsa-jcs-2019'): Promise<void> {
  const signer = await fuzzSigner('issuer', { kid })
  const secured = await tryVerify(
    () => addProof({ document, signer, cryptosuite, contexts }),
    DataIntegrityError,
  )
  if (!secured) return
  const verify = () => verifyProofs(secured, { resolveDid, proofPurpose: 'assertionMethod', contexts })
  const verified = await tryVerify(verify, DataIntegrityError, ResolveError)
  // A jcs proof is put on any JSON; what has a context besides, has to mean something by it to be accepted.
  if (cryptosuite === 'ecdsa-jcs-2019') return
  insist(verified !== undefined, 'what an rdfc proof is put on here is accepted here')
  if (!verified) return
  const { '@context': context } = secured
  const once = await formOf({ ...(context !== undefined && { '@context': context }), ...verified.document })
  if (once) insistSame(once, verified.document, 'the one form of a document is its own one form')
}

async function formOf(document: JsonObject): Promise<JsonObject | undefined> {
  const signer = await fuzzSigner('issuer', { kid })
  const secured = await addProof({ document, signer, cryptosuite: 'ecdsa-rdfc-2019', contexts })
  const { document: form } = await verifyProofs(secured, {
    resolveDid,
    proofPurpose: 'assertionMethod',
    contexts,
  })
  return form
}
