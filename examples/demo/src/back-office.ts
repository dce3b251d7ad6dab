import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject, JsonValue } from '@ekkasan/core'

/** Talks to the back-office API of a reference program, with the token that lies in its data folder. */
export function createBackOffice(address: string, dataDir: string) {
  const token = readFileSync(join(dataDir, 'api-token'), 'utf8').trim()
  return async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: JsonValue): Promise<JsonObject> => {
    const answer = await fetch(`${address}/api${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${text}`)
    return text === '' ? {} : (JSON.parse(text) as JsonObject)
  }
}
