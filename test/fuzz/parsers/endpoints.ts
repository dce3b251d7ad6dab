import { createMemoryStore, trustAnyone } from '@ekkasan/core'
import { createIssuer } from '@ekkasan/issuer'
import { publicJwkOf } from '@ekkasan/keys'
import { createProof, parseCredentialOfferUri, preAuthorizedCodeGrant } from '@ekkasan/openid4vc'
import { sdJwtVc, sdJwtVcVerifier } from '@ekkasan/sd-jwt-vc'
import { nationalIdClaims, thaiNationalId } from '@ekkasan/thai'
import { createVerifier } from '@ekkasan/verifier'
import { createCertificateAuthority } from '@ekkasan/x509'
import { citizens } from '@ekkasan-examples/citizens'
import { fuzzKey, fuzzSigner } from '../keys.ts'
import { type FuzzTarget, insist, linesOf } from '../target.ts'

const url = 'https://issuer.example'
const verifierUrl = 'https://verifier.example'
const claims = nationalIdClaims((citizens[0] as (typeof citizens)[number]).record, new Date())
const key = { ...publicJwkOf(fuzzKey('issuer')), kid: 'k' }
const configurationId = 'ThaiNationalID-sd-jwt-vc-plain'

export const target: FuzzTarget = {
  reads:
    'HTTP requests to an issuer and a verifier: paths, headers and bodies of their endpoints (@ekkasan/issuer, @ekkasan/verifier)',
  seeds: () => {
    const token = { grant_type: preAuthorizedCodeGrant, 'pre-authorized_code': '$CODE' }
    const credential = { credential_configuration_id: '$ID', proofs: { jwt: ['$PROOF'] } }
    const form = 'application/x-www-form-urlencoded'
    return [
      `POST\n${url}/token\n${form}\n${new URLSearchParams(token).toString().replace('%24', '$')}`,
      `POST\n${url}/credential\napplication/json\n${JSON.stringify(credential)}`,
      `POST\n${url}/notification\napplication/json\n{"notification_id":"n","event":"credential_accepted"}`,
      `POST\n${url}/nonce\n\n`,
      `GET\n${url}/.well-known/openid-credential-issuer\n\n`,
      `GET\n${verifierUrl}/request/$SESSION\n\n`,
      `POST\n${verifierUrl}/request/$SESSION\n${form}\nwallet_nonce=n&wallet_metadata={}`,
      `POST\n${verifierUrl}/response/$SESSION\n${form}\nvp_token={"a":["x~"]}`,
      `POST\n${verifierUrl}/dc-api/$SESSION\napplication/json\n{"protocol":"openid4vp-v1-signed","data":{"vp_token":{"a":["x"]}}}`,
    ]
  },
  async read(input) {
    const [method = '', address = '', type = '', ...lines] = linesOf(input)
    if (!/^(GET|POST|HEAD|OPTIONS|PUT|DELETE)$/.test(method) || !URL.canParse(address)) return
    const { protocol, username, password } = new URL(address)
    // What no request can be made of.
    if (protocol !== 'https:' || username !== '' || password !== '' || /[^\x20-\x7e]/.test(type)) return
    const faults: unknown[] = []
    const { issuer, verifier } = await open((error) => faults.push(error))
    const session = /\$SESSION/.test(address) ? await startSession(verifier, address) : ''
    const body = await spelledOut(lines.join('\n'), issuer)
    const request = new Request(address.replace('$SESSION', session), {
      method,
      headers: { ...(type !== '' && { 'content-type': type }), ...(await authorization(issuer, address)) },
      ...(method !== 'GET' && method !== 'HEAD' && { body }),
    })
    const { fetch } = address.startsWith(verifierUrl) ? verifier : issuer
    const response = await fetch(request)
    insist(response.status < 500, `an endpoint answers ${response.status}: ${String(faults[0])}`)
    await response.text()
  },
}

type Opened = Awaited<ReturnType<typeof open>>

async function open(onError: (error: unknown) => void) {
  const signer = await fuzzSigner('issuer', { kid: 'k' })
  const issuer = createIssuer({
    url,
    names: { th: 'กรม', en: 'Department' },
    credentials: [thaiNationalId.as(sdJwtVc({ signer }))],
    store: createMemoryStore(),
    getClaims: async () => ({ claims }),
    keys: [key],
    onError,
  })
  const x5c = await certificate
  const verifier = createVerifier({
    url: verifierUrl,
    names: { th: 'ผู้ตรวจ', en: 'Verifier' },
    identity: { prefix: 'x509_hash', signer: await fuzzSigner('verifier', { x5c }) },
    formats: [
      sdJwtVcVerifier({
        resolveIssuerKey: async () => ({ jwk: key, identity: { id: url, method: 'jwt-vc-issuer' } }),
      }),
    ],
    store: createMemoryStore(),
    isTrusted: trustAnyone('the fuzzer'),
    onError,
  })
  return { issuer, verifier }
}

const certificate = createCertificate()

async function createCertificate() {
  const authority = await createCertificateAuthority({
    signer: await fuzzSigner('root'),
    subject: { commonName: 'Root' },
  })
  const publicJwk = publicJwkOf(fuzzKey('verifier'))
  return authority.issue({ subject: { commonName: 'Verifier' }, publicJwk, dnsNames: ['verifier.example'] })
}

async function startSession({ start, startDcApi }: Opened['verifier'], address: string): Promise<string> {
  const query = {
    credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: { vct_values: [`${url}/vct/ThaiNationalID/v1`] } }],
  }
  const last = (path: string | null) => path?.split('/').at(-1) ?? ''
  if (address.includes('/dc-api/'))
    return last((await startDcApi({ query, responseMode: 'dc_api' })).responseUri)
  const { requestUri } = await start({
    query,
    responseMode: 'direct_post',
    omitState: true,
    requestUriMethod: 'post',
  })
  return last(new URL(requestUri).searchParams.get('request_uri'))
}

/** Puts what only the issuer knows in the place of its name: a code that is good, and a proof with a nonce. */
async function spelledOut(body: string, issuer: Opened['issuer']): Promise<string> {
  let text = body.replaceAll('$ID', configurationId)
  if (text.includes('$CODE')) text = text.replaceAll('$CODE', await newCode(issuer))
  if (!text.includes('$PROOF')) return text
  const answer = await issuer.fetch(new Request(`${url}/nonce`, { method: 'POST' }))
  const { c_nonce: nonce } = (await answer.json()) as { readonly c_nonce: string }
  const signer = await fuzzSigner('holder')
  return text.replaceAll(
    '$PROOF',
    await createProof({ signer, issuer: url, nonce, binding: 'jwk', now: new Date() }),
  )
}

async function newCode(issuer: Opened['issuer']): Promise<string> {
  const { uri } = await issuer.createOffer({ credentials: [configurationId], subject: 'somebody' })
  const link = parseCredentialOfferUri(uri)
  return 'offer' in link ? (link.offer.grants?.[preAuthorizedCodeGrant]?.['pre-authorized_code'] ?? '') : ''
}

/** Of a token that was redeemed: the endpoints behind it are to be reached. */
async function authorization(issuer: Opened['issuer'], address: string): Promise<Record<string, string>> {
  if (!/\/(credential|notification)\b/.test(address)) return { origin: verifierUrl }
  const body = new URLSearchParams({
    grant_type: preAuthorizedCodeGrant,
    'pre-authorized_code': await newCode(issuer),
  })
  const answer = await issuer.fetch(new Request(`${url}/token`, { method: 'POST', body }))
  const { access_token: token } = (await answer.json()) as { readonly access_token: string }
  return { authorization: `Bearer ${token}` }
}
