import { type BitstringStatusReference, type ClaimPath, commonPeriod, type Period } from '@ekkasan/core'
import { isJsonObject, type JsonObject, type JsonValue, listOf } from '@ekkasan/core/json'
import {
  identifierOf,
  parseCredentialStatus,
  parseDateTime,
  subjectDid,
  typesOf,
  versionOf,
} from '@ekkasan/vcdm'
import { cryptosuites } from '../cryptosuites.ts'
import { DataIntegrityError } from '../errors.ts'
import { parseDocument } from './bounded.ts'
import type { CanonicalForms } from './canonical-forms.ts'
import { unorderedLists } from './form.ts'
import { type ParsedProof, parseProofs } from './proof.ts'
import { pointerOf } from './select.ts'

/** Defines the terms of proofs where the data model 1.1 does not. */
export const dataIntegrityContext = 'https://w3id.org/security/data-integrity/v2'

/** A credential of this format, its shape alone. */
export interface ParsedCredential extends CredentialMembers {
  readonly secured: JsonObject
  /** Without its proofs, as it came. */
  readonly written: JsonObject
  /** Without its proofs; once its statements were read, in the one form that they have. */
  readonly document: JsonObject
  readonly proofs: readonly ParsedProof[]
  /** Where in `document` lists stand whose order is not signed; told once its statements were read. */
  readonly unordered?: readonly ClaimPath[]
}

/** What is read in a credential. */
interface CredentialMembers {
  readonly issuer: string
  readonly types: readonly string[]
  /** The time in which all hold: the data and their proofs. */
  readonly validity: Period
  readonly status: BitstringStatusReference | 'unsupported' | undefined
  readonly holderDid: string | undefined
}

/** @throws DataIntegrityError `data-integrity.structure.*`, `.cryptosuite.unsupported`, `.proof.*` */
export function parseCredential(input: unknown): ParsedCredential {
  const secured = parseDocument(input)
  const { document, proofs } = parseProofs(secured)
  return { secured, written: document, document, proofs, ...membersOf(document, proofs) }
}

/** @throws DataIntegrityError `data-integrity.structure.malformed` */
function membersOf(document: JsonObject, proofs: readonly ParsedProof[]): CredentialMembers {
  const issuer = identifierOf(document.issuer)
  if (issuer === undefined) throw malformed('no issuer')
  const isVersion1 = versionOf(document) === '1.1'
  return {
    issuer,
    types: typesOf(document),
    validity: commonPeriod(
      {
        from: parseDateTime(document[isVersion1 ? 'issuanceDate' : 'validFrom']),
        until: parseDateTime(document[isVersion1 ? 'expirationDate' : 'validUntil']),
      },
      ...proofs.map(({ created, expires }) => ({ from: created, until: expires })),
    ),
    status: parseCredentialStatus(document),
    holderDid: subjectDid(document),
  }
}

/** What is read in the form in which the credential is handed on, and not in that in which it came. */
export function inForm<Parsed extends ParsedCredential>(parsed: Parsed, forms: CanonicalForms): Parsed {
  if (!isOfStatements(parsed.proofs)) return parsed
  const { form, ordered } = forms.read()
  return {
    ...parsed,
    ...(form !== parsed.document && { document: form, ...membersOf(form, parsed.proofs) }),
    unordered: unorderedLists(form, ordered),
  }
}

/** A document in the form in which it is handed on: jcs proofs alone cover the very JSON. */
export function handedOn(forms: CanonicalForms, proofs: readonly ParsedProof[]): JsonObject {
  return isOfStatements(proofs) ? forms.read().form : forms.document
}

/** Whether a proof covers statements, and not the JSON that states them. */
function isOfStatements(proofs: readonly ParsedProof[]): boolean {
  return proofs.some(({ cryptosuite }) => cryptosuites[cryptosuite].canonicalization === 'rdfc')
}

/**
 * The document as all its proofs cover it: contexts may stand behind those that a jcs proof signed (vc-di-eddsa
 * section 3.3.2 step 4.2).
 */
export function coveredDocument({
  document,
  proofs,
}: Pick<ParsedCredential, 'document'> & { readonly proofs: readonly ParsedProof[] }): JsonObject {
  const signed = proofs
    .filter(({ cryptosuite }) => cryptosuites[cryptosuite].canonicalization === 'jcs')
    .map(({ proof }) => proof['@context'])
    .filter((context) => context !== undefined)
  const lengthOf = (context: JsonValue) => (Array.isArray(context) ? context.length : 1)
  const [shortest] = signed.sort((a, b) => lengthOf(a) - lengthOf(b))
  return shortest === undefined ? document : { ...document, '@context': shortest }
}

const notOfEnvelope: ReadonlySet<string> = new Set(['@context', 'id', 'type', 'credentialSubject', 'proof'])

/** JSON pointers to what a credential says of itself: whose it is, how long it is valid, its status, its schema. */
export function envelopePointers(credential: JsonObject): readonly string[] {
  return Object.keys(credential)
    .filter((name) => !notOfEnvelope.has(name))
    .map((name) => pointerOf([name]))
}

export interface ParsedPresentation {
  readonly document: JsonObject
  readonly proof: ParsedProof
  readonly holder: string | undefined
  readonly credential: ParsedCredential
}

export function parsePresentation(input: unknown): ParsedPresentation {
  const { document, proofs } = parseProofs(parseDocument(input))
  const { verifiableCredential: held } = document
  const [credential, ...others] = listOf(held)
  if (!isJsonObject(credential) || others.length > 0) {
    throw new DataIntegrityError(
      'data-integrity.structure.credentials',
      'not exactly one credential as an object',
    )
  }
  const [proof, another] = proofs
  if (!proof || another || proof.sd) {
    throw new DataIntegrityError(
      'data-integrity.structure.proof',
      'a presentation has one proof, its holder’s',
    )
  }
  return { document, proof, holder: identifierOf(document.holder), credential: parseCredential(credential) }
}

/** Whether claims were concealed: what is left may lack what the whole had. */
export function isPartial({ proofs }: Pick<ParsedCredential, 'proofs'>): boolean {
  return proofs.some(({ sd }) => sd?.kind === 'derived')
}

function malformed(what: string): DataIntegrityError {
  return new DataIntegrityError('data-integrity.structure.malformed', `not a credential: ${what}`)
}
