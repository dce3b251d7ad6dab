import type { JsonObject } from '@ekkasan/core/json'
import type { ContextRegistry } from '../contexts.ts'
import { contextProcessorOf, expandIri } from './context.ts'
import { undefinedTerm } from './json-ld-errors.ts'
import { isAbsoluteIri } from './term.ts'

/**
 * Refuses a type of a document that no context maps to a URL (VCDM 2.0 section 4.5), and contexts that are not
 * acceptable: a jcs proof covers every byte, and still means nothing by them (Data Integrity section 2.4.1).
 * @throws DataIntegrityError `data-integrity.context.*`, `data-integrity.json-ld.undefined-term`
 */
export function requireTypes(document: JsonObject, registry: ContextRegistry): void {
  const odd = expandTypes(document, registry).find((type) => !isAbsoluteIri(type))
  if (odd !== undefined) throw undefinedTerm('type', odd)
}

/** The types of a node as IRIs; one that no context defines stays as it is (OpenID4VP Appendix B.1.1). */
export function expandTypes(document: JsonObject, registry: ContextRegistry): readonly string[] {
  const { initial, process } = contextProcessorOf(registry)
  const own = document['@context']
  const active = own === undefined ? initial : process(initial, own)
  return Object.entries(document)
    .filter(([name]) => expandIri(active, name, true) === '@type')
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .filter((type): type is string => typeof type === 'string')
    .map((type) => expandIri(active, type, true) ?? type)
}
