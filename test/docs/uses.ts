/** What is done with a block that only declares: added to it when it is checked and run. */
export const uses: Readonly<Record<string, string>> = {
  'README.md 1': `
const metadata = await issuer.fetch(new Request('https://issuer.example/.well-known/openid-credential-issuer'))
if (metadata.status !== 200) throw new Error('no metadata')
`,
  'README.md 2': `
import { RejectedError } from '@ekkasan/core'

const credentials = [{ id: 'id', format: 'dc+sd-jwt', meta: { vct_values: ['https://issuer.example/vct/x'] } }]
const binding = { clientId: 'x509_san_dns:verifier.example', nonce: 'n-0S6_WzA2Mj' }
const refused = await verify({ id: ['not-a-presentation'] }, { credentials }, binding).catch((error) => error)
if (!(refused instanceof RejectedError)) throw refused
console.log(refused.message)
`,
  'packages/verifier/README.md 1': `
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { createCertificateAuthority } from '@ekkasan/x509'

const root = await createCertificateAuthority({
  signer: await signerFromJwk(await generateJwk('ES256')),
  subject: { commonName: 'Root' },
})
const jwk = await generateJwk('ES256')
const subject = { commonName: 'Verifier' }
const x5c = await root.issue({ subject, publicJwk: publicJwkOf(jwk), dnsNames: ['verifier.example'] })
const asked = await askForAName(await signerFromJwk(jwk, { x5c }), async () => Promise.reject(new Error('unused')))
const link = new URL(asked.requestUri).searchParams.get('request_uri') ?? ''
const answer = await asked.fetch(new Request(link))
if (answer.status !== 200 || (await asked.result()).state !== 'request-fetched') throw new Error('no request object')
console.log(asked.requestUri)
`,
  'packages/verifier/README.md 2': `
import { createMemoryStore, trustAnyone } from '@ekkasan/core'
import { generateJwk, signerFromJwk } from '@ekkasan/keys'
import { mdocVerifier } from '@ekkasan/mdoc'
import { createVerifier } from '@ekkasan/verifier'

const did = 'did:web:verifier.example'
const signer = await signerFromJwk(await generateJwk('ES256'), { kid: did + '#key' })
const asking = createVerifier({
  url: 'https://verifier.example',
  names: { en: 'Office' },
  identity: { prefix: 'decentralized_identifier', did, signer },
  formats: [mdocVerifier({ resolveIssuerKey: async () => Promise.reject(new Error('unused')) })],
  store: createMemoryStore(),
  isTrusted: trustAnyone('an example'),
})
const meta = { doctype_value: 'org.iso.18013.5.1.mDL' }
const shown = await renderPage(asking, { credentials: [{ id: 'id', format: 'mso_mdoc', meta }] })
if (!shown.page.includes('openid4vp-v1-signed') || (await shown.result()).state !== 'requested') throw new Error('no page')
console.log(shown.page)
`,
  'packages/wallet/README.md 1': `
import { WalletError } from '@ekkasan/wallet'

// Node has no IndexedDB: a wallet that opens there is enough here; test/e2e drives one in a browser.
console.log(typeof openWallet, typeof receiveAndPresent, WalletError.name)
`,
}
