import { isJsonObject, type JsonObject, type JsonValue, parseJsonObject } from '@ekkasan/core/json'
import type { HonoRequest } from 'hono'
import { malformed, Problem, unknownOption } from './problem.ts'

/** The body of a request, which must be a JSON object. @throws Problem */
export async function readBody(request: HonoRequest): Promise<JsonObject> {
  const type = request.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') {
    throw new Problem(415, [{ type: 'about:blank', title: 'the Content-Type must be application/json' }])
  }
  try {
    return parseJsonObject(await request.text())
  } catch {
    throw malformed('the body is not a JSON object')
  }
}

/** A member that must be an object. @throws Problem */
export function objectIn(body: JsonObject, name: string): JsonObject {
  const value = body[name]
  if (!isJsonObject(value)) throw malformed(`${name} is not an object`)
  return value
}

/** A reader of one option. @throws Problem when it is not what the option must be */
type Read<T> = (value: JsonValue, name: string) => T

/** `options` of a request; what is not known is refused, not ignored. @throws Problem */
export function optionsIn<T extends Record<string, unknown>>(
  body: JsonObject,
  known: { readonly [K in keyof T]: Read<T[K]> },
): Partial<T> {
  const { options = {} } = body
  if (!isJsonObject(options)) throw malformed('options is not an object')
  const read: Partial<T> = {}
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(known, name)) throw unknownOption(name)
    read[name as keyof T] = known[name as keyof T](value, name)
  }
  return read
}

export const text: Read<string> = (value, name) => {
  if (typeof value !== 'string' || value === '' || value.length > 2048)
    throw malformed(`${name} is not a text`)
  return value
}

export const texts: Read<readonly string[]> = (value, name) => {
  if (!Array.isArray(value) || value.length > 1000 || !value.every((item) => typeof item === 'string')) {
    throw malformed(`${name} is not a list of texts`)
  }
  return value as readonly string[]
}

export const flag: Read<boolean> = (value, name) => {
  if (typeof value !== 'boolean') throw malformed(`${name} is neither true nor false`)
  return value
}
