import { deflate as nodeDeflate, inflate as nodeInflate } from 'node:zlib'
import { StatusError } from './errors.ts'

// Level 9 takes fifty times as long as level 6 on a sparse list and saves a few bytes.
export function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    nodeDeflate(bytes, { level: 6 }, (error, result) => (error ? reject(error) : resolve(result)))
  })
}

/** Unpacks to at most `maxLength` bytes, and stops there. */
export function inflate(bytes: Uint8Array, maxLength: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, result: unknown) => {
      if (error) {
        reject(
          (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE'
            ? new StatusError('status.list.too-large', 'the status list unpacks to more than is accepted')
            : new StatusError('status.list.malformed', 'the status list is not ZLIB data'),
        )
        return
      }
      const { buffer, engine } = result as { buffer: Uint8Array; engine: { bytesWritten: number } }
      if (engine.bytesWritten === bytes.length) resolve(buffer)
      else reject(new StatusError('status.list.malformed', 'something follows the ZLIB data'))
    }
    nodeInflate(bytes, { maxOutputLength: maxLength, info: true }, done)
  })
}
