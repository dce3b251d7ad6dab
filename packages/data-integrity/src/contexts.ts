import { hash } from '@ekkasan/core/bytes'
import { isJsonObject, type JsonObject, type JsonValue } from '@ekkasan/core/json'
import { DataIntegrityError } from './errors.ts'
import { bundledContexts } from './generated/contexts.ts'
import { parseDocument } from './internal/bounded.ts'
import { hex } from './internal/hex.ts'

/** The contexts that documents may name; nothing else is loaded, and nothing is ever fetched. */
export interface ContextRegistry {
  /**
   * The value of `@context` in the document of this URL.
   * @throws DataIntegrityError `data-integrity.context.unknown`
   */
  find(url: string): JsonValue
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
export function createContextRegistry(own: readonly RegisteredContext[] = []): ContextRegistry {
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
    find(url) {
      const context = contexts.get(url) ?? bundled(url)
      if (context !== undefined) return context
      throw new DataIntegrityError(
        'data-integrity.context.unknown',
        `no such context is registered: ${shown(url)}`,
      )
    },
  }
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
  if (!isJsonObject(context) && !Array.isArray(context)) throw new TypeError(`not a context document: ${url}`)
  return context
}

function shown(url: string): string {
  return url.length > 200 ? `${url.slice(0, 200)}…` : url
}

/** The bundled contexts alone. */
export const standardContexts: ContextRegistry = createContextRegistry()
