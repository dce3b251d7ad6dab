import { readFileSync } from 'node:fs'
import { ResolveError, type ResolveIssuerKey, trustAnyone } from '@ekkasan/core'
import { createContextRegistry } from '@ekkasan/data-integrity'
import { parseMultikey } from '@ekkasan/did'
import { readVector } from '../../../test/vectors.ts'

export const textOf = readVector
export const jsonOf = (path: string) => JSON.parse(textOf(path))
const fixture = (name: string) => readFileSync(new URL(`contexts/${name}`, import.meta.url), 'utf8')

/** The contexts that the vectors name beside the bundled ones; some have one written into the document. */
export const vectorContexts = createContextRegistry(
  [
    { url: 'https://www.w3.org/ns/credentials/examples/v2', document: fixture('examples-v2.json') },
    { url: 'https://w3id.org/citizenship/v4rc1', document: fixture('citizenship-v4rc1.json') },
    { url: 'https://w3id.org/vdl/v1', document: fixture('vdl-v1.json') },
    { url: 'https://w3id.org/vdl/aamva/v1', document: fixture('vdl-aamva-v1.json') },
  ],
  { inlineContexts: 'accepted' },
)

/** The issuers of the vectors are named by URLs, their keys by did:key; that they belong together is taken as given. */
export const resolveVectorKey: ResolveIssuerKey = async ({ iss, kid }) => {
  const multikey = kid?.split('#')[1]
  if (multikey === undefined) throw new ResolveError('core.resolve.not-found', 'no key')
  return { jwk: parseMultikey(multikey), identity: { id: iss as string, method: 'did' } }
}

export const atVectors = {
  resolveIssuerKey: resolveVectorKey,
  isTrusted: trustAnyone('test vectors'),
  contexts: vectorContexts,
  clock: () => new Date('2026-01-01T00:00:00Z'),
}
