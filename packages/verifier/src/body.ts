import { concatBytes, fromUtf8 } from '@ekkasan/core/bytes'

/** Reads a form's text, at most `maxBytes` of it, whatever its length header says. */
export async function readBody(
  request: Request,
  maxBytes: number,
  refuse: (what: string) => Error,
): Promise<string> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') {
    throw refuse('the body is not application/x-www-form-urlencoded')
  }
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw refuse('the body is too long')
  const parts: Uint8Array[] = []
  let length = 0
  const reader = request.body?.getReader()
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    length += part.value.length
    if (length > maxBytes) {
      await reader?.cancel()
      throw refuse('the body is too long')
    }
    parts.push(part.value)
  }
  try {
    return fromUtf8(concatBytes(...parts))
  } catch {
    throw refuse('the body is not UTF-8')
  }
}
