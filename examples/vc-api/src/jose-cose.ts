import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type ClaimPath, EkkasanError, ResolveError, type ResolveIssuerKey, trustAnyone } from '@ekkasan/core'
import { type JsonObject, listOf, parseJsonObject } from '@ekkasan/core/json'
import { type PrivateJwk, parsePublicJwk, signerFromJwk } from '@ekkasan/keys'
import { createDisclosureFrame } from '@ekkasan/sd-jwt'
import * as joseCose from '@ekkasan/vc-jose-cose'

// The command that w3c/vc-jose-cose-test-suite runs for each of its tests:
// issue|verify --input FILE --key FILE --feature credential_jose|… [--sd '["credentialSubject.name"]'] --output FILE

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    input: { type: 'string' },
    key: { type: 'string' },
    feature: { type: 'string' },
    sd: { type: 'string' },
    output: { type: 'string' },
  },
})
const { input = '', key = '', feature = '', sd, output = '' } = values
const text = readFileSync(input, 'utf8').trim()
const method = parseJsonObject(readFileSync(key, 'utf8'))
const publicJwk = parsePublicJwk(method.publicKeyJwk)
const controller = String(method.controller)

const resolveIssuerKey: ResolveIssuerKey = async ({ iss = controller, kid = method.id }) => {
  if (iss !== controller || (kid !== method.id && kid !== publicJwk.kid)) {
    throw new ResolveError('core.resolve.not-found', 'not the issuer or the key of the test')
  }
  return { jwk: publicJwk, identity: { id: iss, method: 'jwt-vc-issuer' } }
}
const options = { resolveIssuerKey, isTrusted: trustAnyone('a test of the suite') }
// The suite's presentations answer no request, so that none of them is bound to one.
const binding = { clientId: 'https://verifier.example', nonce: 'none' }
const resolveDid = async () => {
  throw new ResolveError('core.resolve.not-found', 'the suite has no DIDs')
}

async function issue(): Promise<unknown> {
  const body = parseJsonObject(text)
  const signer = await signerFromJwk(method.secretKeyJwk as unknown as PrivateJwk, { kid: String(method.id) })
  const frame = createDisclosureFrame({ deep: pathsIn(sd) })
  switch (feature) {
    case 'credential_jose':
      return joseCose.issueVcJwt({ signer, credential: body })
    case 'credential_sdjwt':
      return joseCose.issueVcSdJwt({ signer, credential: body, frame })
    case 'credential_cose':
      return joseCose.issueVcCose({ signer, credential: body })
  }
  const held = { credentials: credentialsIn(body), holder: signer, binding }
  switch (feature) {
    case 'presentation_jose':
      return joseCose.presentVpJwt(held)
    case 'presentation_sdjwt':
      if (sd !== undefined) throw new TypeError('a presentation discloses all that it says')
      return joseCose.presentVpSdJwt(held)
    case 'presentation_cose':
      return joseCose.presentVpCose(held)
  }
  throw new TypeError(`no such feature: ${feature}`)
}

async function verify(): Promise<unknown> {
  const bytes = () => Buffer.from(text, 'base64')
  switch (feature) {
    case 'credential_jose':
      return joseCose.verifyVcJwt(text, options)
    case 'credential_sdjwt':
      return joseCose.verifyVcSdJwt(text, options)
    case 'credential_cose':
      return joseCose.verifyVcCose(bytes(), options)
    case 'presentation_jose':
      return joseCose.verifyVpJwt(text, { ...options, binding, resolveDid })
    case 'presentation_sdjwt':
      return joseCose.verifyVpSdJwt(text, { ...options, binding, resolveDid })
    case 'presentation_cose':
      return joseCose.verifyVpCose(bytes(), { ...options, binding, resolveDid })
  }
  throw new TypeError(`no such feature: ${feature}`)
}

/** `a.b[0]` of the suite as claims paths. */
function pathsIn(list: string | undefined): readonly ClaimPath[] {
  const paths = list === undefined ? [] : (JSON.parse(list) as readonly string[])
  return paths.map((path) => {
    const parts = path.split(/[.[\]]+/).filter((part) => part !== '')
    return parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part))
  })
}

function credentialsIn({ verifiableCredential: held }: JsonObject): readonly joseCose.SecuredCredential[] {
  return listOf(held).map((envelope) => joseCose.openEnvelope(envelope, 'vc').content)
}

const outcome = await (positionals[0] === 'issue' ? issue() : verify()).then(
  () => ({ result: 'success' }),
  (error: Error & { readonly checks?: unknown; readonly code?: string }) => ({
    result: error instanceof EkkasanError || error instanceof TypeError ? 'failure' : 'error',
    data: error.checks ?? error.message,
  }),
)
writeFileSync(output, JSON.stringify(outcome))
