import { isJsonObject, type JsonObject } from '@ekkasan/core/json'
import { isUrl } from './url.ts'
import type { Report } from './violation.ts'

/** First context of the Verifiable Credentials Data Model 2.0, section 4.3. */
export const baseContextV2 = 'https://www.w3.org/ns/credentials/v2'
/** First context of the Verifiable Credentials Data Model 1.1, section 4.1. */
export const baseContextV1 = 'https://www.w3.org/2018/credentials/v1'

/** For terms that no other context defines; the last of all, VCDM 2.0 section 5.2. */
const undefinedTerms = 'https://www.w3.org/ns/credentials/undefined-terms/v2'

export type ModelVersion = '2.0' | '1.1'

/** The version of the data model that a body names by its first context. */
export function versionOf(body: JsonObject): ModelVersion | undefined {
  const context = body['@context']
  const first = Array.isArray(context) ? context[0] : context
  return first === baseContextV2 ? '2.0' : first === baseContextV1 ? '1.1' : undefined
}

export function validateContext(report: Report, body: JsonObject, path = ''): void {
  const context = body['@context']
  const at = `${path}/@context`
  if (context === undefined) {
    report.add(at, 'vcdm.context.missing', 'no @context')
    return
  }
  if (!Array.isArray(context)) {
    report.add(at, 'vcdm.context.invalid', '@context is not a list')
    return
  }
  if (versionOf(body) === undefined) {
    report.add(`${at}/0`, 'vcdm.context.first', `the first context is not ${baseContextV2}`)
  }
  const seen = new Set<unknown>()
  for (const [index, item] of context.entries()) {
    if (seen.has(item)) report.add(`${at}/${index}`, 'vcdm.context.repeated', 'a context is named twice')
    seen.add(item)
    if (item === undefinedTerms && index !== context.length - 1) {
      report.add(`${at}/${index}`, 'vcdm.context.order', 'the context of undefined terms is not the last')
    }
    if (!isUrl(item) && !isJsonObject(item)) {
      report.add(`${at}/${index}`, 'vcdm.context.invalid', 'a context is neither a URL nor an object')
    }
  }
}
