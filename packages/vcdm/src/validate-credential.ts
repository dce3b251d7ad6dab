import { isJsonObject, type JsonObject, listOf } from '@ekkasan/core/json'
import { validateContext, versionOf } from './context.ts'
import { validateStatus } from './credential-status.ts'
import { parseDateTime, parseDateTimeStamp } from './date-time.ts'
import {
  isIdentified,
  validateId,
  validateNames,
  validateOptionalType,
  validateTexts,
  validateType,
  validateTyped,
} from './members.ts'
import { validateDigests, validateRelatedResources } from './validate-digests.ts'
import { createReport, type Report, type Violation } from './violation.ts'

/**
 * Holds the body of a credential to the Verifiable Credentials Data Model, version 2.0 or 1.1 by its first
 * context. Looks at the body alone: proves no signature, compares no date with now, fetches nothing.
 *
 * @returns the rules that it breaks, none when it conforms
 * @example
 * const violations = validateCredential(body)
 * if (violations.length > 0) console.log(violations[0].code, violations[0].path)
 */
export function validateCredential(body: JsonObject): readonly Violation[] {
  const report = createReport()
  validateContext(report, body)
  validateId(report, body, '')
  validateType(report, body, '', 'VerifiableCredential')
  validateIssuer(report, body)
  validateSubjects(report, body)
  const isVersion1 = versionOf(body) === '1.1'
  if (isVersion1) validateDates(report, body)
  else validateValidity(report, body)
  // In 1.1 (sections 4.9 and 5.4) each status and refresh service has an id too.
  validateTyped(report, body, 'credentialStatus', isVersion1)
  validateStatus(report, body)
  validateTyped(report, body, 'credentialSchema', true)
  validateTyped(report, body, 'refreshService', isVersion1)
  validateTyped(report, body, 'termsOfUse', false)
  validateTyped(report, body, 'evidence', false)
  validateTyped(report, body, 'proof', false)
  if (!isVersion1) {
    validateNames(report, body, '')
    validateReserved(report, body)
    validateDigests(report, body, 'credentialSchema')
    validateTexts(report, body, '')
    validateRelatedResources(report, body)
    for (const member of ['vc', 'vp']) {
      if (body[member] !== undefined) {
        report.add(`/${member}`, 'vcdm.claim.nested', 'the body itself is the claims set in 2.0')
      }
    }
  }
  return report.violations
}

function validateIssuer(report: Report, body: JsonObject): void {
  const { issuer } = body
  if (issuer === undefined) {
    report.add('/issuer', 'vcdm.issuer.missing', 'no issuer')
    return
  }
  if (!isIdentified(issuer)) {
    report.add('/issuer', 'vcdm.issuer.invalid', 'issuer is neither a URL nor an object with one as id')
    return
  }
  if (!isJsonObject(issuer)) return
  validateTexts(report, issuer, '/issuer')
  validateOptionalType(report, issuer, '/issuer')
  if (versionOf(body) !== '1.1') validateNames(report, issuer, '/issuer')
}

function validateSubjects(report: Report, body: JsonObject): void {
  const { credentialSubject: subject } = body
  const path = '/credentialSubject'
  if (subject === undefined) {
    report.add(path, 'vcdm.subject.missing', 'no credentialSubject')
    return
  }
  const subjects = listOf(subject)
  if (subjects.length === 0) report.add(path, 'vcdm.subject.empty', 'no subject')
  for (const [index, item] of subjects.entries()) {
    const at = Array.isArray(subject) ? `${path}/${index}` : path
    if (!isJsonObject(item)) {
      report.add(at, 'vcdm.subject.invalid', 'a subject is not an object')
      continue
    }
    validateId(report, item, at)
    validateOptionalType(report, item, at)
    if (versionOf(body) !== '1.1') validateNames(report, item, at)
    if (Object.keys(item).length === 0) {
      report.add(at, 'vcdm.subject.empty', 'a subject without a claim')
    }
  }
}

// VCDM 2.0 section 4.9.
function validateValidity(report: Report, body: JsonObject): void {
  const [from, until] = ['validFrom', 'validUntil'].map((member) => {
    const date = parseDateTimeStamp(body[member])
    if (body[member] !== undefined && !date) {
      report.add(`/${member}`, 'vcdm.date.invalid', 'not an XML Schema dateTimeStamp')
    }
    return date
  })
  if (from && until && from > until) {
    report.add('/validUntil', 'vcdm.date.order', 'validUntil lies before validFrom')
  }
  for (const member of ['issuanceDate', 'expirationDate']) {
    if (body[member] !== undefined) {
      report.add(`/${member}`, 'vcdm.member.version', 'a member of 1.1 in a 2.0 body')
    }
  }
}

// VCDM 1.1 sections 4.5 and 4.6.
function validateDates(report: Report, body: JsonObject): void {
  if (body.issuanceDate === undefined) report.add('/issuanceDate', 'vcdm.date.missing', 'no issuanceDate')
  for (const member of ['issuanceDate', 'expirationDate']) {
    if (body[member] !== undefined && !parseDateTime(body[member])) {
      report.add(`/${member}`, 'vcdm.date.invalid', 'not an XML Schema dateTime')
    }
  }
}

// VCDM 2.0 section 5.10: in a credential, or of its subjects.
function validateReserved(report: Report, body: JsonObject): void {
  const subject = body.credentialSubject
  const places: readonly [string, unknown][] = [
    ['', body],
    ...(Array.isArray(subject)
      ? subject.map((item, index): [string, unknown] => [`/credentialSubject/${index}`, item])
      : [['/credentialSubject', subject] as [string, unknown]]),
  ]
  for (const [path, object] of places) {
    if (!isJsonObject(object)) continue
    validateTyped(report, object, 'confidenceMethod', false, path)
    validateTyped(report, object, 'renderMethod', false, path)
  }
}
