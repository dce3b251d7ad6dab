import { distinctLanguages, type JsonObject, type JsonValue } from '@ekkasan/core'
import { isJsonObject } from '@ekkasan/core/json'
import { shownText } from '../shown-text.ts'
import type { MetadataDiagnosis, MetadataPath } from './metadata-diagnosis.ts'

/** One language of a name; `locale` is a BCP 47 tag. */
export interface Display {
  readonly name?: string
  readonly locale?: string
  readonly [member: string]: JsonObject[string] | undefined
}

const maxEntries = 200
const texts = ['name', 'locale', 'description', 'background_color', 'text_color'] as const
const images = ['logo', 'background_image'] as const

/**
 * Reads `display` of an issuer, a credential or a claim. Texts are made fit for a screen; an entry whose name or locale
 * is no text is left out, and so is any other member that is not what OpenID4VCI section 12.2.4 says.
 */
export function readDisplay(
  value: JsonValue,
  path: MetadataPath,
  diagnosis: MetadataDiagnosis,
): readonly Display[] | undefined {
  if (!Array.isArray(value) || value.length > maxEntries) {
    diagnosis.note('display', path)
    return undefined
  }
  return value.flatMap((entry, index) => {
    const at = [...path, index]
    const isNamed =
      isJsonObject(entry) &&
      [entry.name, entry.locale].every((text) => text === undefined || typeof text === 'string')
    if (!isNamed) {
      diagnosis.note('display', at)
      return []
    }
    return [readEntry(entry, at, diagnosis)]
  })
}

function readEntry(entry: JsonObject, path: MetadataPath, diagnosis: MetadataDiagnosis): Display {
  const shown: Record<string, JsonValue> = { ...entry }
  for (const member of texts) {
    const text = shown[member]
    if (text === undefined) continue
    if (typeof text !== 'string') {
      diagnosis.note('display', [...path, member])
      delete shown[member]
      continue
    }
    shown[member] = shownText(text)
    if (shown[member] !== text) diagnosis.note('text', [...path, member])
  }
  for (const member of images) {
    const image = shown[member]
    if (image === undefined) continue
    const read = readImage(image)
    if (read) shown[member] = read
    else {
      diagnosis.note('logo', [...path, member])
      delete shown[member]
    }
  }
  return shown
}

function readImage(image: JsonValue): JsonObject | undefined {
  if (!isJsonObject(image) || typeof image.uri !== 'string' || image.uri === '') return undefined
  const { alt_text: text, ...rest } = image
  return typeof text === 'string' ? { ...rest, alt_text: shownText(text) } : rest
}

/**
 * The texts of `display` by language, each tag as it was published; an entry without `locale` stands under `und`. Tags
 * are compared without case (RFC 5646 section 2.1.1): of two that differ in nothing else the first wins.
 */
export function namesFromDisplay(display: readonly Display[] | undefined): Readonly<Record<string, string>> {
  const names: Record<string, string> = {}
  const taken = new Set<string>()
  for (const { name, locale = 'und' } of display ?? []) {
    const tag = locale.toLowerCase()
    if (name === undefined || taken.has(tag) || locale === '__proto__') continue
    taken.add(tag)
    names[locale] = name
  }
  return names
}

/** `display` from texts by language. */
export function displayFromNames(names: Readonly<Record<string, string>>): readonly Display[] {
  return distinctLanguages(names).map(([locale, name]) => ({ name, locale }))
}
