import type { JsonValue } from '@ekkasan/core/json'
import { DataIntegrityError } from '../errors.ts'

export function tooComplex(): DataIntegrityError {
  return new DataIntegrityError(
    'data-integrity.rdf.too-complex',
    'the contexts of the document take too much work',
  )
}

export function invalid(what: string): DataIntegrityError {
  return new DataIntegrityError('data-integrity.json-ld.invalid', `not acceptable JSON-LD: ${what}`)
}

/** Names what is missing, if it is written as names are: anything else might be a claim's value. */
export function undefinedTerm(what: 'term' | 'type', name: JsonValue | undefined): DataIntegrityError {
  const isName = typeof name === 'string' && /^[a-z_][\w-]{0,63}$/i.test(name)
  return new DataIntegrityError(
    'data-integrity.json-ld.undefined-term',
    `${isName ? `the ${what} ${name}` : `a ${what}`} is defined by no context that the document names`,
  )
}

export function otherName(): DataIntegrityError {
  return new DataIntegrityError(
    'data-integrity.json-ld.other-name',
    'a member is not named by the one term that its contexts have for it',
  )
}

export function direction(): DataIntegrityError {
  return invalid('a base direction is not covered by a proof')
}
