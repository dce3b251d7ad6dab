import { createMemoryStore, type Signer, type Store, trustOnly } from '@ekkasan/core'
import { generateJwk, parseJws, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { buildResponseForm, type VpToken } from '@ekkasan/openid4vc'
import { type CreateVerifierOptions, createVerifier, type Verifier } from '@ekkasan/verifier'
import { paperCertificate } from './certificate.ts'
import { issueSlip, type SlipOptions, slipHolder, slipVerifier } from './slip.ts'

export const url = 'https://verifier.example/tenant'

export const query = {
  credentials: [
    { id: 'slip', format: 'dc+sd-jwt', meta: { vct_values: ['Slip'] }, claims: [{ path: ['given_name'] }] },
  ],
}

export interface World {
  readonly verifier: Verifier
  readonly store: Store
  readonly holder: Signer
  /** Those of its verifier: for another replica. */
  readonly formats: CreateVerifierOptions['formats']
  /** Moves the clock of the verifier. */
  pass(seconds: number): void
  now(): Date
  /** What a wallet does to get the request of a session. */
  request(requestUri: string): Promise<Asked>
  present(asked: Asked, options?: Partial<SlipOptions>): Promise<VpToken>
  respond(asked: Asked, form: URLSearchParams): Promise<Response>
  answer(asked: Asked, options?: Partial<SlipOptions>): Promise<Response>
}

/** The payload of a request object, with what these tests need of it. */
export interface Asked {
  readonly client_id: string
  readonly nonce: string
  readonly response_uri: string
  readonly state?: string
  readonly [member: string]: unknown
}

/** What an answer has to bring back of its request. */
export const back = ({ state }: Asked): { readonly state?: string } => (state === undefined ? {} : { state })

/** A verifier in this process, and one who answers as a wallet does. */
export async function world(more: Partial<CreateVerifierOptions> = {}): Promise<World> {
  const issuer = await signerFromJwk(await generateJwk('ES256'))
  const holder = await signerFromJwk(await generateJwk('ES256'))
  const jwk = await generateJwk('ES256')
  const signer = await signerFromJwk(jwk, { x5c: [paperCertificate(publicJwkOf(jwk), ['verifier.example'])] })
  let now = Date.now()
  const clock = () => new Date(now)
  const store = more.store ?? createMemoryStore({ clock })
  const formats = more.formats ?? [slipVerifier(issuer.key.publicJwk)]
  const verifier = createVerifier({
    url,
    names: { th: 'กรม', en: 'Department' },
    identity: { prefix: 'x509_hash', signer },
    formats,
    isTrusted: trustOnly([{ role: 'credential-issuer', id: 'https://issuer.example' }]),
    clock,
    ...more,
    store,
  })
  const present: World['present'] = async ({ client_id, nonce }, options) => {
    const credential = await issueSlip({ issuer, holder: holder.key.publicJwk, ...options })
    const binding = { clientId: client_id, nonce }
    return { slip: [await slipHolder().present(credential, { disclose: [], binding, holder, clock })] }
  }
  const respond: World['respond'] = (asked, form) =>
    verifier.fetch(new Request(asked.response_uri, { method: 'POST', body: form }))
  return {
    verifier,
    store,
    holder,
    formats,
    pass: (seconds) => {
      now += seconds * 1000
    },
    now: clock,
    async request(requestUri) {
      const response = await verifier.fetch(
        new Request(new URL(requestUri).searchParams.get('request_uri') as string),
      )
      if (response.status !== 200) throw new Error(`status ${response.status}`)
      return parseJws(await response.text()).payload as unknown as Asked
    },
    present,
    respond,
    async answer(asked, options) {
      const vp_token = await present(asked, options)
      return respond(asked, await buildResponseForm({ vp_token, ...back(asked) }))
    },
  }
}
