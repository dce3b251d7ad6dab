import { createHash } from 'node:crypto'
import { base64url, fromUtf8, hash, hashBase64url, textFromBase64url, utf8 } from '@ekkasan/core/bytes'
import { parseJson } from '@ekkasan/core/json'
import type { Contender, Contest } from './contest.ts'
import { twelveClaims } from './material.ts'

// What is not cryptography in issuing and verifying, each against the platform's own.

const documents = 2000
const text = (seed: number) => JSON.stringify({ iss: 'https://issuer.example', ...twelveClaims(seed) })

function contender(
  name: string,
  prepare: (seed: number) => string,
  run: (item: string) => unknown,
): Contender {
  return {
    name,
    count: documents,
    prepare: (count) => Array.from({ length: count }, (_, seed) => prepare(seed)),
    run: run as (item: unknown) => unknown,
  }
}

export const jsonContest = async (): Promise<Contest> => ({
  title: 'cost centre: JSON of twelve claims (× JSON.parse)',
  contenders: [
    contender('JSON.parse', text, JSON.parse),
    contender('ours: strict', text, (item) => parseJson(item)),
  ],
})

export const base64urlContest = async (): Promise<Contest> => ({
  title: 'cost centre: text to base64url and back (× TextEncoder, btoa and their opposites)',
  contenders: [
    contender('TextEncoder, btoa, atob, TextDecoder', text, (item) => {
      const encoded = btoa(String.fromCharCode(...new TextEncoder().encode(item)))
      return new TextDecoder().decode(Uint8Array.from(atob(encoded), (unit) => unit.charCodeAt(0)))
    }),
    contender('Buffer', text, (item) =>
      Buffer.from(Buffer.from(item).toString('base64url'), 'base64url').toString(),
    ),
    contender('ours: strict', text, (item) => textFromBase64url(base64url(item))),
    contender('ours: UTF-8 alone', text, (item) => fromUtf8(utf8(item))),
  ],
})

export const hashContest = async (): Promise<Contest> => ({
  title: 'cost centre: SHA-256 of a disclosure (× createHash)',
  contenders: [
    contender('createHash', disclosure, (item) => createHash('sha256').update(item).digest('base64url')),
    contender('ours: to base64url', disclosure, (item) => hashBase64url('sha-256', item)),
    contender('ours: to bytes', disclosure, (item) => hash('sha-256', item)),
    contender('crypto.subtle.digest', disclosure, (item) =>
      crypto.subtle.digest('SHA-256', new TextEncoder().encode(item)),
    ),
  ],
})

const disclosure = (seed: number) =>
  base64url(JSON.stringify(['_26bc4LT-ac6q2KI6cBW5es0', 'given_name_th', `ตัวอย่าง${seed}`]))
