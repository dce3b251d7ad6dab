import { ThaiError } from './errors.ts'
import { parseThaiText } from './thai-text.ts'

/** One spelling of a name, in Thai or in Latin letters. Ranks and monks' styles are titles. */
export interface PersonName {
  readonly title?: string
  readonly given: string
  readonly middle?: string
  /** Absent for those who have none, which the law allows. */
  readonly family?: string
}

/**
 * Holds the parts of a name to one spelling; empty parts are left out. A name is never split at its spaces:
 * given names and family names hold them.
 * @throws ThaiError `thai.name.malformed`, `thai.text.invisible`, `thai.text.malformed`
 */
export function parseName(parts: {
  readonly title?: string | null
  readonly given: string
  readonly middle?: string | null
  readonly family?: string | null
}): PersonName {
  const part = (text: string | null | undefined) => {
    if (text === undefined || text === null || text.trim() === '') return undefined
    if (text.includes('#')) throw new ThaiError('thai.name.malformed', 'a part of a name holds no #')
    const parsed = parseThaiText(text, { maxLength: 100 })
    // Some registers write a hyphen where there is no middle or family name.
    return parsed === '-' ? undefined : parsed
  }
  const [title, given, middle, family] = [parts.title, parts.given, parts.middle, parts.family].map(part)
  if (given === undefined) throw new ThaiError('thai.name.malformed', 'a name needs a given name')
  return {
    ...(title !== undefined && { title }),
    given,
    ...(middle !== undefined && { middle }),
    ...(family !== undefined && { family }),
  }
}

/**
 * Reads the form of the card's chip: `title#given#middle#family`, padded with spaces.
 * @throws ThaiError as `parseName`
 */
export function parseCardName(text: string): PersonName {
  const parts = typeof text === 'string' ? text.replace(/\0+$/, '').split('#') : []
  if (parts.length !== 4) throw new ThaiError('thai.name.malformed', 'the name of a card has four parts')
  const [title, given = '', middle, family] = parts
  return parseName({ given, title: title ?? null, middle: middle ?? null, family: family ?? null })
}

/** The form of the card's chip, without its padding. */
export function formatCardName({ title = '', given, middle = '', family = '' }: PersonName): string {
  return [title, given, middle, family].join('#')
}

/** As the card prints it: title, given, middle and family name with a space between them. */
export function formatFullName({ title, given, middle, family }: PersonName): string {
  return [title, given, middle, family].filter((part) => part !== undefined).join(' ')
}
