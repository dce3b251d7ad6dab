import { isJsonObject, type JsonObject, listOf } from '@ekkasan/core/json'
import { validateId } from './members.ts'
import { objectsOf, type Report } from './violation.ts'

/** VCDM 2.0 section 5.3. */
export function validateRelatedResources(report: Report, body: JsonObject): void {
  if (body.relatedResource === undefined) return
  const seen = new Set<unknown>()
  for (const [at, resource] of objectsOf(report, '/relatedResource', body.relatedResource)) {
    validateId(report, resource, at, true)
    if (resource.id !== undefined && seen.has(resource.id)) {
      report.add(`${at}/id`, 'vcdm.related-resource.repeated', 'a related resource is listed twice')
    }
    seen.add(resource.id)
    if (resource.digestSRI === undefined && resource.digestMultibase === undefined) {
      report.add(at, 'vcdm.related-resource.digest', 'a related resource without a digest')
    }
    validateDigest(report, resource, at)
    const { mediaType } = resource
    if (mediaType !== undefined && !(typeof mediaType === 'string' && isMediaType(mediaType))) {
      report.add(`${at}/mediaType`, 'vcdm.media-type.invalid', 'not a media type')
    }
  }
}

/** The digests of the objects of a member, where they have any. */
export function validateDigests(report: Report, body: JsonObject, member: string): void {
  const value = body[member]
  for (const [index, item] of listOf(value).entries()) {
    if (isJsonObject(item)) {
      validateDigest(report, item, Array.isArray(value) ? `/${member}/${index}` : `/${member}`)
    }
  }
}

function validateDigest(report: Report, object: JsonObject, at: string): void {
  for (const [member, isDigest] of [
    ['digestSRI', isIntegrity],
    ['digestMultibase', isMultibase],
  ] as const) {
    const value = object[member]
    if (value === undefined) continue
    const items = listOf(value)
    if (items.length === 0 || !items.every((item) => typeof item === 'string' && isDigest(item))) {
      report.add(`${at}/${member}`, 'vcdm.related-resource.digest', 'not a digest')
    }
  }
}

/** `hash-expression`s, Subresource Integrity section 3.5. */
function isIntegrity(text: string): boolean {
  const isHash = (item: string) => /^sha(?:256|384|512)-[A-Za-z0-9+/_-]+={0,2}(?:\?[!-~]*)?$/.test(item)
  return text.length <= 4096 && text.split(/[\t\n\f\r ]+/).every(isHash)
}

function isMultibase(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9+/_=-]{1,255}$/.test(text)
}

function isMediaType(text: string): boolean {
  return /^[a-zA-Z0-9!#$&^_.+-]{1,127}\/[a-zA-Z0-9!#$&^_.+-]{1,127}(?: *;[ -~]{0,256})?$/.test(text)
}
