import { fromUtf8, readAtMost } from '@ekkasan/core/bytes'

export interface ReadBodyOptions {
  /** The media type that the endpoint wants; parameters of it do not matter. */
  readonly contentType: string
  readonly maxBytes: number
  /** Turns what is wrong with the body into the error that the endpoint answers. */
  readonly refuse: (what: string) => Error
}

/** The body of a request as text: of the type the endpoint wants, UTF-8, read no further than its bound. */
export async function readBody(request: Request, options: ReadBodyOptions): Promise<string> {
  const { contentType, maxBytes, refuse } = options
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== contentType) throw refuse(`the body is not ${contentType}`)
  const length = request.headers.get('content-length')
  if (length !== null && !(Number(length) <= maxBytes)) throw refuse('the body is too long')
  // A server that was told the length reads no more than it; else what comes is counted.
  const bytes =
    length === null ? await readAtMost(request.body, maxBytes) : new Uint8Array(await request.arrayBuffer())
  if (!bytes || bytes.length > maxBytes) throw refuse('the body is too long')
  try {
    return fromUtf8(bytes)
  } catch {
    throw refuse('the body is not UTF-8')
  }
}
