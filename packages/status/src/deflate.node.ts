import { deflate, gunzip, gzip, inflate } from 'node:zlib'
import { StatusError } from './errors.ts'

/** RFC 1950 in Token Status Lists, RFC 1952 in Bitstring Status Lists. */
export type Compression = 'zlib' | 'gzip'

// Level 9 takes fifty times as long as level 6 on a sparse list and saves a few bytes.
const options = { level: 6 }

export function compress(compression: Compression, bytes: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const pack = compression === 'gzip' ? gzip : deflate
    pack(bytes, options, (error, result) => (error ? reject(error) : resolve(result)))
  })
}

/** Unpacks to at most `maxLength` bytes, and stops there. */
export function expand(compression: Compression, bytes: Uint8Array, maxLength: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, result: unknown) => {
      if (error) {
        reject(
          (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE'
            ? new StatusError('status.list.too-large', 'the status list unpacks to more than is accepted')
            : new StatusError('status.list.malformed', `the status list is not ${compression} data`),
        )
        return
      }
      const { buffer, engine } = result as { buffer: Uint8Array; engine: { bytesWritten: number } }
      if (engine.bytesWritten === bytes.length) resolve(buffer)
      else reject(new StatusError('status.list.malformed', `something follows the ${compression} data`))
    }
    const unpack = compression === 'gzip' ? gunzip : inflate
    unpack(bytes, { maxOutputLength: maxLength, info: true }, done)
  })
}
