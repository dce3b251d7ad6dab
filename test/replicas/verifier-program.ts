import { type PublicJwk, trustOnly } from '@ekkasan/core'
import { type PrivateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { createPostgresStore } from '@ekkasan/store-postgres'
import { createVerifier } from '@ekkasan/verifier'
import { paperCertificate } from '../../packages/verifier/test/certificate.ts'
import { slipVerifier } from '../../packages/verifier/test/slip.ts'
import { serveReplica } from './serve-replica.ts'

const { url, database, jwk, issuer } = JSON.parse(process.argv[2] ?? '') as {
  url: string
  database: string
  jwk: PrivateJwk
  issuer: PublicJwk
}
const verifier = createVerifier({
  url,
  names: { en: 'Department' },
  identity: {
    prefix: 'x509_hash',
    signer: await signerFromJwk(jwk, { x5c: [paperCertificate(publicJwkOf(jwk), ['verifier.example'])] }),
  },
  formats: [slipVerifier(issuer)],
  store: await createPostgresStore({ connectionString: database }),
  isTrusted: trustOnly([{ role: 'credential-issuer', id: 'https://issuer.example' }]),
})
serveReplica(url, verifier, {
  start: (input) => verifier.start(input),
  startDcApi: (input) => verifier.startDcApi(input),
  result: (input) => verifier.result(input),
})
