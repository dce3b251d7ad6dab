import { hash, hex } from '@ekkasan/core/bytes'
import type { JsonObject, JsonValue } from '@ekkasan/core/json'
import { anyRule, checkOptions, listRule, optional, optionsRule, textRule } from '@ekkasan/core/options'
import { DataIntegrityError } from './errors.ts'
import { bundledContexts } from './generated/contexts.ts'
import { parseDocument } from './internal/bounded.ts'
import { canonicalizeJson } from './internal/jcs.ts'

/** The contexts that documents may name; nothing else is loaded, and nothing is ever fetched. */
export interface ContextRegistry {
  /**
   * The value of `@context` in the document of this URL.
   * @throws DataIntegrityError `data-integrity.context.unknown`
   */
  find(url: string): JsonValue
  /** Contexts that may be written into documents, in canonical JSON; default: none. */
  readonly inline?: ReadonlySet<string> | 'accepted'
}

export interface CreateContextRegistryOptions {
  /**
   * An rdfc proof covers what a document states, and not what its members are called: who may write contexts into it, or
   * name members by IRIs, renames claims and exchanges their names, and the proof holds. Such documents are refused
   * (Data Integrity section 4.6), but for contexts that are listed here. With `accepted` all are taken, and before
   * anything is read in the JSON it is for the caller to compact it anew. A jcs proof covers the contexts too.
   */
  readonly inlineContexts?: readonly JsonObject[] | 'accepted'
}

/** A context of an agency's own: its document, as text or parsed, `{ "@context": … }`. */
export interface RegisteredContext {
  readonly url: string
  readonly document: string | JsonObject
  /** Checked over the text where it is given, hexadecimal. */
  readonly sha256?: string
}

/**
 * The bundled contexts of the W3C (data model 1.1 and 2.0, Data Integrity, Multikey, DID, status list), and an
 * agency's own beside them. A bundled one cannot be replaced.
 *
 * @throws TypeError when a document is not a context, has another digest, or its URL is taken
 */
export function createContextRegistry(
  own: readonly RegisteredContext[] = [],
  options: CreateContextRegistryOptions = {},
): ContextRegistry {
  // A misspelt `sha256` would be a digest that nobody compares.
  const entry = optionsRule<RegisteredContext>({
    url: textRule,
    document: anyRule,
    sha256: optional(textRule),
  })
  listRule(entry)(own, 'createContextRegistry')
  checkOptions<CreateContextRegistryOptions>(options, 'createContextRegistry', {
    inlineContexts: optional((value, path) => {
      if (value !== 'accepted') listRule(anyRule)(value, path)
    }),
  })
  const { inlineContexts = [] } = options
  const contexts = new Map<string, JsonValue>()
  for (const { url, document, sha256 } of own) {
    if (contexts.has(url) || bundledContexts.some((bundled) => bundled.url === url)) {
      throw new TypeError(`there is a context of this URL already: ${url}`)
    }
    if (sha256 !== undefined && typeof document !== 'string') {
      throw new TypeError('a digest is of a text')
    }
    contexts.set(url, contextIn(url, document, sha256))
  }
  return {
    inline:
      inlineContexts === 'accepted'
        ? inlineContexts
        : new Set([statusMessages, ...inlineContexts].map(canonicalizeJson)),
    find(url) {
      const context = contexts.has(url) ? contexts.get(url) : bundled(url)
      if (context !== undefined) return context
      throw new DataIntegrityError(
        'data-integrity.context.unknown',
        `no such context is registered: ${shown(url)}`,
      )
    },
  }
}

// A list of status messages has members that Bitstring Status List section 2.2 asks for and no context of it defines.
const statusTerms = 'https://www.w3.org/ns/credentials/status#'
const statusMessages: JsonObject = {
  statusSize: { '@id': `${statusTerms}statusSize`, '@type': 'http://www.w3.org/2001/XMLSchema#integer' },
  statusMessages: {
    '@id': `${statusTerms}statusMessages`,
    '@context': { message: `${statusTerms}message`, status: `${statusTerms}status` },
  },
}

const read = new Map<string, JsonValue>()

function bundled(url: string): JsonValue | undefined {
  const known = read.get(url)
  if (known !== undefined) return known
  const entry = bundledContexts.find((candidate) => candidate.url === url)
  if (!entry) return undefined
  const context = contextIn(url, entry.text, entry.sha256)
  read.set(url, context)
  return context
}

function contextIn(url: string, document: string | JsonObject, sha256: string | undefined): JsonValue {
  if (sha256 !== undefined && hex(hash('sha-256', document as string)) !== sha256.toLowerCase()) {
    throw new TypeError(`the context has another SHA-256 than the one given: ${url}`)
  }
  let context: JsonValue | undefined
  try {
    context = parseDocument(document)['@context']
  } catch (cause) {
    throw new TypeError(`not a context document: ${url}`, { cause })
  }
  // Another context by its URL, a list, or null are contexts too (JSON-LD 1.1 section 9.15).
  const isContext = context === null || typeof context === 'string' || typeof context === 'object'
  if (!isContext) throw new TypeError(`not a context document: ${url}`)
  return context as JsonValue
}

function shown(url: string): string {
  return url.length > 200 ? `${url.slice(0, 200)}…` : url
}

/** The bundled contexts alone. */
export const standardContexts: ContextRegistry = createContextRegistry()
