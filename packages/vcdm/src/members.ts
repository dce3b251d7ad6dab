import { isJsonObject, type JsonObject, type JsonValue, listOf } from '@ekkasan/core/json'
import { isUrl } from './url.ts'
import { objectsOf, type Report } from './violation.ts'

/** `type`: one or more terms or URLs (section 4.5); with `base`, that one among them. */
export function validateType(report: Report, object: JsonObject, path: string, base?: string): void {
  const { type } = object
  const at = `${path}/type`
  if (type === undefined) {
    report.add(at, 'vcdm.type.missing', 'no type')
    return
  }
  const types = listOf(type)
  if (
    types.length === 0 ||
    !types.every((name) => typeof name === 'string' && /^[^\s\p{Cc}\p{Cs}]+$/u.test(name))
  ) {
    report.add(at, 'vcdm.type.invalid', 'type is not one or more terms or URLs')
    return
  }
  if (base !== undefined && !types.includes(base)) report.add(at, 'vcdm.type.base', `type lacks ${base}`)
}

/** `type` where it is optional: of an issuer, a holder, a subject. */
export function validateOptionalType(report: Report, object: JsonObject, path: string): void {
  if (object.type !== undefined) validateType(report, object, path)
}

/** That an object is written in the data model's own names: `id`, not `@id` (section 6.1, compacted form). */
export function validateNames(report: Report, object: JsonObject, path: string): void {
  for (const name of Object.keys(object)) {
    if (name.startsWith('@') && name !== '@context') {
      report.add(path, 'vcdm.member.keyword', 'a keyword of JSON-LD as the name of a member')
      return
    }
  }
}

/** `id`: a single URL where present (section 4.4). */
export function validateId(report: Report, object: JsonObject, path: string, isRequired = false): void {
  const { id } = object
  if (id === undefined) {
    if (isRequired) report.add(`${path}/id`, 'vcdm.id.missing', 'no id')
  } else if (!isUrl(id)) {
    report.add(`${path}/id`, 'vcdm.id.invalid', 'id is not a URL')
  }
}

/** Whether a value is a URL, or an object whose `id` is one: `issuer`, `holder`. */
export function isIdentified(value: JsonValue): boolean {
  return isUrl(value) || (isJsonObject(value) && isUrl(value.id))
}

/** One or more objects with a `type`, and an `id` where the section asks for one. */
export function validateTyped(
  report: Report,
  body: JsonObject,
  member: string,
  needsId: boolean,
  path = '',
): void {
  const value = body[member]
  if (value === undefined) return
  for (const [at, object] of objectsOf(report, `${path}/${member}`, value)) {
    validateType(report, object, at)
    validateId(report, object, at, needsId)
  }
}

/** `name` and `description`: a string or language value objects (sections 4.6 and 11.1). */
export function validateTexts(report: Report, object: JsonObject, path: string): void {
  for (const member of ['name', 'description']) {
    const value = object[member]
    if (value === undefined) continue
    const items = listOf(value)
    const isText = typeof value === 'string' || (items.length > 0 && items.every(isLanguageValue))
    if (!isText) {
      report.add(
        `${path}/${member}`,
        'vcdm.text.invalid',
        'neither a string nor an object of @value, @language and @direction',
      )
    }
  }
}

// RFC 5646 section 2.1: a well-formed tag, one for private use, and those registered before its grammar.
const languageTag = new RegExp(
  [
    '^(?:(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})',
    '(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\\d{3}))?(?:-(?:[a-z\\d]{5,8}|\\d[a-z\\d]{3}))*',
    '(?:-[a-wyz\\d](?:-[a-z\\d]{2,8})+)*(?:-x(?:-[a-z\\d]{1,8})+)?',
    '|x(?:-[a-z\\d]{1,8})+|i-[a-z]{3,8}|en-gb-oed|sgn-(?:be-fr|be-nl|ch-de))$',
  ].join(''),
  'i',
)

function isLanguageTag(value: JsonValue): boolean {
  return typeof value === 'string' && value.length <= 128 && languageTag.test(value)
}

function isLanguageValue(value: JsonValue): boolean {
  if (!isJsonObject(value)) return false
  const { '@value': text, '@language': language, '@direction': direction, ...others } = value
  return (
    typeof text === 'string' &&
    (language === undefined || isLanguageTag(language)) &&
    (direction === undefined || direction === 'ltr' || direction === 'rtl') &&
    Object.keys(others).length === 0
  )
}
