import { credentialConfiguration, type TokenStatusReference } from '@ekkasan/core'
import { createIssuer } from '@ekkasan/issuer'
import { type PrivateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { createStatusLists } from '@ekkasan/status'
import { createPostgresStore } from '@ekkasan/store-postgres'
import { paper, paperDocument } from '../../packages/issuer/test/paper.ts'
import { serveReplica } from './serve-replica.ts'

const { url, database, jwk } = JSON.parse(process.argv[2] ?? '') as {
  url: string
  database: string
  jwk: PrivateJwk
}
const signer = await signerFromJwk(jwk)
const store = await createPostgresStore({ connectionString: database })
// Small lists, so that the replicas also race for the beginning of the next one.
const status = createStatusLists({ url: `${url}/status`, signer, store, size: 16, issuer: url })
const issuer = createIssuer({
  url,
  names: { en: 'Department' },
  credentials: [credentialConfiguration(paperDocument, paper({ signer }))],
  store,
  status,
  keys: [publicJwkOf(jwk)],
  getClaims: async (subject) => ({ claims: { name: subject } }),
})
serveReplica(url, issuer, {
  createOffer: (input) => issuer.createOffer(input),
  replaceOffer: (input) => issuer.replaceOffer(input),
  issuances: (input) => issuer.issuances(input),
  revoke: (input) => issuer.revoke(input),
  status: (input: TokenStatusReference) => status.get(input),
})
