/**
 * What the wallet did with a link: that it was answered or redeemed, how often a wrong code was entered for it. Kept by
 * the link's hash, on this device only, so that a link scanned again is told what became of it.
 */
export interface LinkMemory {
  /** The document that came of an offer. */
  readonly received?: string
  /** A request was answered. */
  readonly answered?: true
  readonly wrongCodes?: number
}

const key = 'wallet-links'
const limit = 50

type Entries = readonly (readonly [hash: string, memory: LinkMemory])[]

export async function recallLink(link: string): Promise<LinkMemory> {
  const hash = await hashOf(link)
  return entries().find(([known]) => known === hash)?.[1] ?? {}
}

export async function rememberLink(link: string, memory: LinkMemory): Promise<LinkMemory> {
  const hash = await hashOf(link)
  const kept = entries()
  const next = { ...kept.find(([known]) => known === hash)?.[1], ...memory }
  const others = kept.filter(([known]) => known !== hash)
  localStorage.setItem(key, JSON.stringify([[hash, next], ...others].slice(0, limit)))
  return next
}

function entries(): Entries {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(kept) ? (kept as Entries) : []
  } catch {
    return []
  }
}

async function hashOf(link: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(link))
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
