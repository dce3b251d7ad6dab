import {
  type CredentialView,
  checkCredentialStatus,
  checkIssuerTrust,
  checkValidity,
  createChecks,
  type HolderFormat,
  type JsonObject,
  leavesOf,
  type PublicJwk,
  requireTokenStatus,
  type Signer,
  type StatusReference,
  textCredential,
  type VerifierFormat,
} from '@ekkasan/core'
import { equalBytes, hashBase64url, utf8 } from '@ekkasan/core/bytes'
import { parseJws, signJws, verifyJws } from '@ekkasan/keys'

// A credential format with nothing in it but what the protocol needs: a JWT with claims and the holder's key, and
// a JWT by the holder over audience, nonce and transaction data, put together with a tilde. It discloses all.

export interface SlipOptions {
  readonly issuer: Signer
  readonly type?: string
  readonly claims?: JsonObject
  readonly holder?: PublicJwk
  readonly status?: StatusReference
  readonly until?: Date
}

export function issueSlip({
  issuer,
  type = 'Slip',
  claims,
  holder,
  status,
  until,
}: SlipOptions): Promise<string> {
  return signJws({
    signer: issuer,
    header: { typ: 'slip+jwt' },
    payload: {
      iss: 'https://issuer.example',
      type,
      claims: claims ?? { given_name: 'สมชาย', family_name: 'ใจดี' },
      ...(holder && { cnf: holder as unknown as JsonObject }),
      ...(status && { status: { ...requireTokenStatus(status) } }),
      ...(until && { exp: until.getTime() / 1000 }),
    },
  })
}

function viewOf(credential: string, format: string): CredentialView {
  const { type, claims, cnf } = parseJws(credential).payload
  return { format, types: [type as string], claims: claims as JsonObject, holderBound: cnf !== undefined }
}

export function slipHolder(format = 'dc+sd-jwt'): HolderFormat {
  return {
    format,
    metadata: { 'sd-jwt_alg_values': ['ES256'] },
    coversTransactionData: true,
    accept: async () => {
      throw new TypeError('slips are not received in these tests')
    },
    view: (credential) => viewOf(textCredential(credential), format),
    shown: (credential) => leavesOf(viewOf(textCredential(credential), format).claims, true),
    async present(credential, { binding, holder, clock = () => new Date() }) {
      const { clientId, nonce, transactionData } = binding
      const proof = await signJws({
        signer: holder,
        header: { typ: 'slip-proof+jwt' },
        payload: {
          aud: clientId,
          nonce,
          iat: Math.floor(clock().getTime() / 1000),
          over: hashBase64url('sha-256', textCredential(credential)),
          ...(transactionData && { tx: transactionData.map((text) => hashBase64url('sha-256', text)) }),
        },
      })
      return `${credential}~${proof}`
    },
  }
}

export function slipVerifier(issuer: PublicJwk, format = 'dc+sd-jwt'): VerifierFormat {
  return {
    format,
    metadata: { 'sd-jwt_alg_values': ['ES256'] },
    coversTransactionData: true,
    async verify(presentation, { binding, isTrusted, checkStatus, clock = () => new Date() }) {
      const checks = createChecks()
      const [credential = '', proof] = String(presentation).split('~')
      let payload: JsonObject
      try {
        const jws = parseJws(credential)
        payload = jws.payload
        checks.pass('structure')
        if (await verifyJws(jws, issuer)) checks.pass('issuer-signature')
        else checks.fail('issuer-signature', 'slip.signature')
      } catch {
        checks.fail('structure', 'slip.structure')
        checks.conclude()
        throw new TypeError('not reached')
      }
      const identity = { id: payload.iss as string, method: 'jwt-vc-issuer' as const }
      await checkIssuerTrust(checks, isTrusted, identity, [payload.type as string])
      const until = payload.exp === undefined ? {} : { until: new Date((payload.exp as number) * 1000) }
      checkValidity(checks, until, clock())
      if (binding) {
        const jws = parseJws(proof ?? 'e30.e30.')
        const { aud, nonce, over, tx } = jws.payload
        const isHolders = await verifyJws(jws, payload.cnf as unknown as PublicJwk)
        if (isHolders) checks.pass('holder-signature')
        else checks.fail('holder-signature', 'slip.holder-signature')
        if (aud === binding.clientId) checks.pass('holder-audience')
        else checks.fail('holder-audience', 'slip.audience')
        if (nonce === binding.nonce) checks.pass('holder-nonce')
        else checks.fail('holder-nonce', 'slip.nonce')
        const isOver = equalBytes(
          utf8(String(over)),
          utf8(hashBase64url('sha-256', textCredential(credential))),
        )
        if (isOver) checks.pass('holder-content')
        else checks.fail('holder-content', 'slip.content')
        const hashes = binding.transactionData?.map((text) => hashBase64url('sha-256', text))
        if (!hashes) checks.skip('holder-transaction', 'slip.no-transaction')
        else if (JSON.stringify(hashes) === JSON.stringify(tx)) checks.pass('holder-transaction')
        else checks.fail('holder-transaction', 'slip.transaction')
      }
      await checkCredentialStatus(checks, {
        checkStatus,
        entry: payload.status as unknown as StatusReference | undefined,
        issuer: identity,
      })
      const view = viewOf(credential, format)
      return {
        format,
        types: view.types,
        issuer: identity,
        claims: view.claims,
        validity: until,
        view,
        checks: checks.conclude(),
      }
    },
  }
}
