import {
  type Check,
  type CheckStatus,
  type Clock,
  EkkasanError,
  type IsTrusted,
  RejectedError,
  UnavailableError,
} from '@ekkasan/core'
import type { JsonObject } from '@ekkasan/core/json'
import { resolveDidIssuer } from '@ekkasan/did'
import { parseJws } from '@ekkasan/keys'
import type {
  ICreateVerifiableCredentialArgs,
  ICreateVerifiablePresentationArgs,
  IKey,
  IssuerAgentContext,
  IVerifyCredentialArgs,
  IVerifyPresentationArgs,
  IVerifyResult,
  ProofFormat,
  VerifiableCredential,
  VerifiablePresentation,
  VerifierAgentContext,
} from '@veramo/core-types'
import type {
  ICredentialProvider,
  ProofFormatQuery,
  TentativeVerificationQuery,
} from '@veramo/credential-w3c'
import { VeramoError } from './errors.ts'
import {
  formatOf,
  formats,
  jwtOf,
  type VerificationMeans,
  type W3cFormat,
  type W3cProofFormat,
} from './formats.ts'
import { isSameJson } from './json-equality.ts'
import { algorithmOf } from './public-key.ts'
import { resolveDidByVeramo } from './resolve-did.ts'
import { signerFromVeramo } from './signer.ts'

export interface W3cCredentialProviderOptions {
  readonly isTrusted: IsTrusted
  /** Without it a credential that carries a status does not verify: it is unknown. */
  readonly checkStatus?: CheckStatus
  /**
   * What is issued and verified here: `vc+jwt` by default. `jwt_vc_json` too takes the VCDM 1.1 JWTs from Veramo's
   * own provider, when it stands after this one.
   */
  readonly proofFormats?: readonly W3cProofFormat[]
  readonly clock?: Clock
}

/**
 * Our W3C formats in an agent: `new CredentialPlugin([new W3cCredentialProvider(…), new CredentialProviderJWT()])`,
 * this one first, because Veramo's takes every string for its own. Then `createVerifiableCredential({ proofFormat:
 * 'vc+jwt', … })` and the three other calls work as ever, and a result carries the `checks`.
 *
 * Veramo's `policies` that switch checks off are not honoured. A presentation holds one credential, and needs
 * `challenge` and `domain` both when made and when verified.
 */
export class W3cCredentialProvider implements ICredentialProvider {
  readonly #options: W3cCredentialProviderOptions
  readonly #proofFormats: readonly W3cProofFormat[]

  constructor(options: W3cCredentialProviderOptions) {
    if (typeof options?.isTrusted !== 'function') throw new TypeError('isTrusted has no default')
    this.#options = options
    this.#proofFormats = options.proofFormats ?? ['vc+jwt']
  }

  getProofFormatsSupportedForKey({ type }: IKey): ProofFormat[] {
    return algorithmOf(type) === undefined ? [] : [...this.#proofFormats]
  }

  canIssueProofFormat({ proofFormat }: ProofFormatQuery): boolean {
    return (this.#proofFormats as readonly string[]).includes(proofFormat)
  }

  canVerifyDocumentType({ document }: TentativeVerificationQuery): boolean {
    const format = formatOf(document)
    return format !== undefined && this.#proofFormats.includes(format)
  }

  /** @throws VeramoError, TypeError when the credential does not conform to its data model */
  async createVerifiableCredential(
    { credential, proofFormat, keyRef, now }: ICreateVerifiableCredentialArgs,
    { agent }: IssuerAgentContext,
  ): Promise<VerifiableCredential> {
    const format = formats[proofFormat as W3cProofFormat]
    const { issuer } = credential
    const signer = await signerFromVeramo(agent, {
      did: identifierOf(issuer, 'issuer'),
      ...(keyRef && { keyRef }),
    })
    const body = format.prepare(withDefaults(credential, format.baseContext, 'VerifiableCredential'))
    const time = typeof now === 'number' ? new Date(now * 1000) : now
    const clock = time === undefined ? this.#options.clock : () => time as Date
    const jwt = await format.issue({ signer, credential: body, ...(clock && { clock }) })
    return withProof(jwt, proofFormat === 'vc+jwt' ? payloadOf(jwt) : body)
  }

  /** @throws VeramoError */
  async createVerifiablePresentation(
    args: ICreateVerifiablePresentationArgs,
    { agent }: IssuerAgentContext,
  ): Promise<VerifiablePresentation> {
    const { presentation, proofFormat, keyRef, challenge, domain } = args
    const [held, ...others] = presentation.verifiableCredential ?? []
    const credential = jwtOf(held)
    if (credential === undefined || others.length > 0 || formatOf(credential) !== proofFormat) {
      throw malformed(`a presentation as ${proofFormat} holds one credential of the same format`)
    }
    const did = identifierOf(presentation.holder, 'holder')
    const relationship = 'authentication'
    const jwt = await formats[proofFormat as W3cProofFormat].present({
      credential,
      holder: await signerFromVeramo(agent, { did, relationship, ...(keyRef && { keyRef }) }),
      binding: bindingOf({ challenge, domain }),
      ...(this.#options.clock && { clock: this.#options.clock }),
    })
    return withProof(jwt, proofFormat === 'vc+jwt' ? payloadOf(jwt) : (payloadOf(jwt).vp as JsonObject))
  }

  async verifyCredential(
    { credential }: IVerifyCredentialArgs,
    context: VerifierAgentContext,
  ): Promise<IVerifyResult> {
    return this.#verify(credential, context, async (format, jwt, means) => {
      const { credential: verified, checks } = await format.verify(jwt, means)
      requireSame(credential, verified)
      return { verified: true, verifiableCredential: withProof(jwt, verified), checks }
    })
  }

  async verifyPresentation(
    args: IVerifyPresentationArgs,
    context: VerifierAgentContext,
  ): Promise<IVerifyResult> {
    const { presentation, challenge, domain } = args
    return this.#verify(presentation, context, async (format, jwt, means) => {
      const binding = bindingOf({ challenge, domain })
      const { checks } = await format.verifyPresentation(jwt, { ...means, binding })
      const payload = payloadOf(jwt)
      const body = payload.vp === undefined ? payload : (payload.vp as JsonObject)
      requireSame(presentation, body)
      return { verified: true, verifiablePresentation: withProof(jwt, body), checks }
    })
  }

  async #verify(
    document: unknown,
    { agent }: VerifierAgentContext,
    verify: (format: W3cFormat, jwt: string, means: VerificationMeans) => Promise<IVerifyResult>,
  ): Promise<IVerifyResult> {
    const { isTrusted, checkStatus, clock } = this.#options
    const resolveDid = resolveDidByVeramo(agent)
    try {
      const format = formatOf(document)
      const jwt = jwtOf(document)
      if (!format || jwt === undefined) throw malformed('not a document of these formats')
      return await verify(formats[format], jwt, {
        resolveIssuerKey: resolveDidIssuer(resolveDid),
        resolveDid,
        isTrusted,
        ...(checkStatus && { checkStatus }),
        ...(clock && { clock }),
      })
    } catch (error) {
      if (!(error instanceof EkkasanError)) throw error
      return {
        verified: false,
        error: { message: error.message, errorCode: error.code },
        checks: checksOf(error),
      }
    }
  }
}

function checksOf(error: EkkasanError): readonly Check[] {
  return error instanceof RejectedError || error instanceof UnavailableError ? error.checks : []
}

function bindingOf({ challenge, domain }: { challenge?: string | undefined; domain?: string | undefined }) {
  if (!challenge || !domain) throw malformed('a presentation is made for a challenge and a domain')
  return { clientId: domain, nonce: challenge }
}

function identifierOf(party: unknown, role: string): string {
  const id = typeof party === 'object' && party !== null ? (party as { id?: unknown }).id : party
  if (typeof id !== 'string' || !id.startsWith('did:')) throw malformed(`the ${role} is not a DID`)
  return id
}

function withDefaults(body: object, baseContext: string, type: string): JsonObject {
  const { '@context': context = [baseContext], type: own = [] } = body as JsonObject
  const listed = Array.isArray(own) ? own : [own]
  const types = listed.includes(type) ? listed : [type, ...listed]
  return { ...(body as JsonObject), '@context': context, type: types }
}

function payloadOf(jwt: string): JsonObject {
  return parseJws(jwt).payload
}

function withProof<T>(jwt: string, body: JsonObject): T {
  return { ...body, proof: { type: 'JwtProof2020', jwt } } as T
}

/** What was handed in beside its JWT says the same as the JWT. */
function requireSame(document: unknown, verified: JsonObject): void {
  if (typeof document !== 'object' || document === null || !('proof' in document)) return
  const { proof, ...body } = document
  if (!isSameJson(body, verified)) throw malformed('the members beside the proof differ from what was signed')
}

function malformed(message: string): VeramoError {
  return new VeramoError('veramo.credential.malformed', message)
}
