import type { JsonObject, Signer } from '@ekkasan/core'
import { base58, base64url, fromBase64url } from '@ekkasan/core/bytes'

// What it takes to flip one byte of a signature, wherever it stands.

/** A Signer that remembers the signatures it made. */
export function recording(signer: Signer): { readonly signer: Signer; readonly made: Uint8Array[] } {
  const made: Uint8Array[] = []
  const sign = async (data: Uint8Array) => {
    const signature = await signer.sign(data)
    made.push(signature)
    return signature
  }
  return { signer: { ...signer, sign }, made }
}

/** The same with one byte of a signature changed, wherever and however the signature is written. */
export function flipped<Made extends string | JsonObject | Uint8Array>(
  made: Made,
  signature: Uint8Array,
  at: number,
): Made {
  const changed = Uint8Array.from(signature)
  changed[at] = (changed[at] as number) ^ 1
  const text = typeof made === 'string' ? made : made instanceof Uint8Array ? undefined : JSON.stringify(made)
  const back = (value: string) => (typeof made === 'string' ? value : JSON.parse(value)) as Made
  if (text === undefined) return replaced(made as Uint8Array, signature, changed) as Made
  for (const write of [base64url, base58]) {
    if (text.includes(write(signature))) return back(text.replace(write(signature), write(changed)))
  }
  // Inside encoded CBOR: an mdoc, or the proof value of a suite that discloses selectively.
  for (const [whole, encoded = ''] of text.matchAll(/(?:^|"u)([\w-]{80,})(?:$|")/g)) {
    const bytes = fromBase64url(encoded)
    if (indexOf(bytes, signature) < 0) continue
    return back(text.replace(whole, whole.replace(encoded, base64url(replaced(bytes, signature, changed)))))
  }
  throw new Error('the signature is not in it')
}

function indexOf(bytes: Uint8Array, part: Uint8Array): number {
  return Buffer.from(bytes).indexOf(Buffer.from(part))
}

function replaced(bytes: Uint8Array, part: Uint8Array, other: Uint8Array): Uint8Array {
  const at = indexOf(bytes, part)
  if (at < 0) throw new Error('the signature is not in it')
  const changed = Uint8Array.from(bytes)
  changed.set(other, at)
  return changed
}

/** First, in the middle, last, and where s begins. */
export const places = ({ length }: Uint8Array) => [0, length / 2 - 1, length / 2, length - 1]
