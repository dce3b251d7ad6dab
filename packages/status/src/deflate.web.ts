import { readAtMost } from '@ekkasan/core/bytes'
import { StatusError } from './errors.ts'

export type Compression = 'zlib' | 'gzip'

const formats = { zlib: 'deflate', gzip: 'gzip' } as const

export async function compress(compression: Compression, bytes: Uint8Array): Promise<Uint8Array> {
  return collect(bytes, new CompressionStream(formats[compression]), Number.MAX_SAFE_INTEGER)
}

/** Unpacks to at most `maxLength` bytes, and stops there. */
export async function expand(
  compression: Compression,
  bytes: Uint8Array,
  maxLength: number,
): Promise<Uint8Array> {
  try {
    return await collect(bytes, new DecompressionStream(formats[compression]), maxLength)
  } catch (error) {
    if (error instanceof StatusError) throw error
    throw new StatusError('status.list.malformed', `the status list is not ${compression} data`)
  }
}

async function collect(
  bytes: Uint8Array,
  stream: CompressionStream | DecompressionStream,
  maxLength: number,
): Promise<Uint8Array> {
  const writer = stream.writable.getWriter()
  const written = writer.write(bytes as Uint8Array<ArrayBuffer>).then(() => writer.close())
  // What goes wrong while writing shows itself to the reader too.
  written.catch(() => {})
  const collected = await readAtMost(stream.readable as ReadableStream<Uint8Array>, maxLength)
  if (!collected) {
    throw new StatusError('status.list.too-large', 'the status list unpacks to more than is accepted')
  }
  await written
  return collected
}
