import {
  base58,
  base64,
  base64url,
  equalBytes,
  fromBase58,
  fromBase64,
  fromBase64url,
  fromUtf8,
  hex,
  textFromBase64url,
  utf8,
} from '@ekkasan/core/bytes'
import { copyJson, NotJsonError, parseJson } from '@ekkasan/core/json'
import { type FuzzTarget, insist, insistSame, textOf, tryParse } from '../target.ts'

/** Callers bound the length before: it is quadratic. */
const maxBase58 = 1024

export const target: FuzzTarget = {
  reads: 'strict JSON, base64url, base64, base58 and UTF-8 (@ekkasan/core): what every message is written in',
  seeds: () => [
    '{"a":[1,-0.5e3,true,false,null,"\\u0e01\\ud83d\\ude00 \\"x\\":"],"b":{"c":{}},"d":[[[]]]}',
    '{"__proto__":1}',
    '{"a":1,"a":2}',
    '{"a":9007199254740993}',
    '[1e400,{"a":{"a":{"a":[0]}}}]',
    '"\\\\\\":"',
    base64url('strict JSON'),
    base64(Uint8Array.of(0, 1, 2, 250)),
    base58(Uint8Array.of(0, 0, 1, 2, 250)),
    Uint8Array.of(0, 0, 0xc3, 0xa9),
  ],
  read(input) {
    const text = textOf(input)
    readJson(text)
    readBases(text)
    const few = input.slice(0, maxBase58)
    insist(equalBytes(fromBase58(base58(few)), few), 'base58 gives the bytes back')
    insist(equalBytes(fromBase64url(base64url(input)), input), 'base64url gives the bytes back')
    insist(equalBytes(fromBase64(base64(input)), input), 'base64 gives the bytes back')
    insist(hex(input).length === input.length * 2, 'two digits for each byte')
    const decoded = tryParse(() => fromUtf8(input), TypeError)
    if (decoded !== undefined) insist(equalBytes(utf8(decoded), input), 'UTF-8 gives the bytes back')
  },
}

function readJson(text: string): void {
  const value = tryParse(() => parseJson(text), SyntaxError)
  if (value === undefined) return
  insistSame(value, JSON.parse(text), 'what strict JSON accepts, JSON.parse reads alike')
  insistSame(parseJson(JSON.stringify(value)), value, 'what is accepted is accepted again when written anew')
  const copy = tryParse(() => copyJson(value), NotJsonError)
  if (copy !== undefined) insistSame(copy, value, 'a copy of JSON is the same JSON')
}

function readBases(text: string): void {
  const bytes = tryParse(() => fromBase64url(text), TypeError)
  if (bytes) insist(base64url(bytes) === text, 'base64url has one spelling')
  const decoded = tryParse(() => textFromBase64url(text), TypeError)
  if (decoded !== undefined) insist(base64url(decoded) === text, 'base64url of a text has one spelling')
  const padded = tryParse(() => fromBase64(text), TypeError)
  if (padded) insist(equalBytes(fromBase64(base64(padded)), padded), 'base64 gives the bytes back')
  const short = text.slice(0, maxBase58)
  const known = tryParse(() => fromBase58(short), TypeError)
  if (known) insist(base58(known) === short, 'base58 has one spelling')
}
