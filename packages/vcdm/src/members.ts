import { isJsonObject, type JsonObject, type JsonValue } from '@ekkasan/core/json'
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
  const types: readonly JsonValue[] = Array.isArray(type) ? type : [type]
  if (types.length === 0 || !types.every((name) => typeof name === 'string' && /^\S+$/.test(name))) {
    report.add(at, 'vcdm.type.invalid', 'type is not one or more terms or URLs')
    return
  }
  if (base !== undefined && !types.includes(base)) report.add(at, 'vcdm.type.base', `type lacks ${base}`)
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
export function validateTyped(report: Report, body: JsonObject, member: string, needsId: boolean): void {
  const value = body[member]
  if (value === undefined) return
  for (const [at, object] of objectsOf(report, `/${member}`, value)) {
    validateType(report, object, at)
    validateId(report, object, at, needsId)
  }
}

/** `name` and `description`: a string or language value objects (sections 4.6 and 11.1). */
export function validateTexts(report: Report, object: JsonObject, path: string): void {
  for (const member of ['name', 'description']) {
    const value = object[member]
    if (value === undefined) continue
    const items: readonly JsonValue[] = Array.isArray(value) ? value : [value]
    const isText = Array.isArray(value)
      ? items.length > 0 && items.every(isLanguageValue)
      : typeof value === 'string' || isLanguageValue(value)
    if (!isText) {
      report.add(
        `${path}/${member}`,
        'vcdm.text.invalid',
        'neither a string nor an object of @value, @language and @direction',
      )
    }
  }
}

const languageTag = /^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/

function isLanguageValue(value: JsonValue): boolean {
  if (!isJsonObject(value)) return false
  const { '@value': text, '@language': language, '@direction': direction, ...others } = value
  return (
    typeof text === 'string' &&
    (language === undefined || (typeof language === 'string' && languageTag.test(language))) &&
    (direction === undefined || direction === 'ltr' || direction === 'rtl') &&
    Object.keys(others).length === 0
  )
}
