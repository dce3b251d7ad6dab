import { isJsonObject, type JsonObject, type JsonValue, listOf } from '@ekkasan/core/json'
import { baseContextV2, validateContext, versionOf } from './context.ts'
import {
  isIdentified,
  validateId,
  validateNames,
  validateOptionalType,
  validateType,
  validateTyped,
} from './members.ts'
import { validateCredential } from './validate-credential.ts'
import { createReport, type Report, type Violation } from './violation.ts'

/**
 * Holds the body of a presentation to the Verifiable Credentials Data Model (2.0 section 4.13, 1.1 section 4.10),
 * and each credential in it that is not enveloped. Enveloped credentials are for their format to verify.
 *
 * @returns the rules that it breaks, none when it conforms
 */
export function validatePresentation(body: JsonObject): readonly Violation[] {
  const report = createReport()
  if (isOfType(body, 'EnvelopedVerifiablePresentation')) {
    validateEnvelope(report, body, '')
    return report.violations
  }
  const isVersion1 = versionOf(body) === '1.1'
  validateContext(report, body)
  validateId(report, body, '')
  validateType(report, body, '', 'VerifiablePresentation')
  if (body.holder !== undefined && !isIdentified(body.holder)) {
    report.add('/holder', 'vcdm.holder.invalid', 'holder is neither a URL nor an object with one as id')
  }
  if (isJsonObject(body.holder)) validateOptionalType(report, body.holder, '/holder')
  validateTyped(report, body, 'termsOfUse', false)
  validateTyped(report, body, 'refreshService', isVersion1)
  validateTyped(report, body, 'proof', false)
  validateCredentials(report, body, isVersion1)
  if (!isVersion1) {
    validateNames(report, body, '')
    validateTyped(report, body, 'confidenceMethod', false)
    validateTyped(report, body, 'renderMethod', false)
    for (const member of ['vc', 'vp']) {
      if (body[member] !== undefined) {
        report.add(`/${member}`, 'vcdm.claim.nested', 'the body itself is the claims set in 2.0')
      }
    }
  }
  return report.violations
}

function validateCredentials(report: Report, body: JsonObject, isVersion1: boolean): void {
  const { verifiableCredential: value } = body
  if (value === undefined) return
  const path = '/verifiableCredential'
  const credentials = listOf(value)
  if (credentials.length === 0 && !isVersion1) report.add(path, 'vcdm.credential.invalid', 'an empty list')
  for (const [index, credential] of credentials.entries()) {
    const at = Array.isArray(value) ? `${path}/${index}` : path
    if (isVersion1 && typeof credential === 'string' && isCompact(credential)) continue
    if (!isJsonObject(credential)) {
      report.add(at, 'vcdm.credential.invalid', 'not a credential')
    } else if (isOfType(credential, 'EnvelopedVerifiableCredential')) {
      validateEnvelope(report, credential, at)
    } else {
      for (const violation of validateCredential(credential)) {
        report.add(`${at}${violation.path}`, violation.code, violation.message)
      }
      validateSecured(report, body, credential, at)
    }
  }
}

// Section 4.13: a credential of the holder's own may be secured by the presentation's proof alone.
function validateSecured(report: Report, body: JsonObject, credential: JsonObject, at: string): void {
  if (credential.proof !== undefined) return
  if (body.holder === undefined) {
    report.add('/holder', 'vcdm.holder.missing', 'a self-asserted credential needs a holder')
  } else if (idOf(credential.issuer) !== idOf(body.holder)) {
    report.add(at, 'vcdm.credential.unsecured', 'neither enveloped nor with a proof')
  }
}

function validateEnvelope(report: Report, envelope: JsonObject, path: string): void {
  const context = envelope['@context']
  if (context === undefined) {
    report.add(`${path}/@context`, 'vcdm.context.missing', 'no @context')
  } else if (!listOf(context).includes(baseContextV2)) {
    report.add(`${path}/@context`, 'vcdm.context.first', `no ${baseContextV2} among the contexts`)
  }
  if (Array.isArray(envelope.type) && envelope.type.length !== 1) {
    report.add(`${path}/type`, 'vcdm.type.invalid', 'an enveloped object has one type')
  }
  if (typeof envelope.id !== 'string' || !/^data:[^,\s]+,\S+$/.test(envelope.id)) {
    report.add(`${path}/id`, 'vcdm.envelope.invalid', 'id is not a data: URL')
  }
}

function isOfType(object: JsonObject, type: string): boolean {
  return object.type === type || (Array.isArray(object.type) && object.type.includes(type))
}

function isCompact(text: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)
}

function idOf(value: JsonValue | undefined): JsonValue | undefined {
  return isJsonObject(value) ? value.id : value
}
