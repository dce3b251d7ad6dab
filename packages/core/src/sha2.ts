// Synchronous SHA-2 for platforms without node:crypto (FIPS 180-4). WebCrypto's digest is asynchronous and costs a
// hop to another thread for each of many short texts. Not for secrets: nothing here is timed for them.

/** Primes from which FIPS 180-4 section 4.2 takes its constants. */
function firstPrimes(count: number): readonly number[] {
  const primes: number[] = []
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n)
  return primes
}

/** The first 64 bits of the fraction of a root of a prime. */
function rootFraction(prime: number, degree: 2n | 3n): bigint {
  const scaled = BigInt(prime) << (64n * degree)
  let low = 0n
  let high = 1n << 70n
  while (low < high) {
    const middle = (low + high + 1n) >> 1n
    if (middle ** degree <= scaled) low = middle
    else high = middle - 1n
  }
  return low & 0xffff_ffff_ffff_ffffn
}

const high = (value: bigint) => Number(value >> 32n) | 0
const low = (value: bigint) => Number(value & 0xffff_ffffn) | 0

const rounds = firstPrimes(80).map((prime) => rootFraction(prime, 3n))
const k256 = Int32Array.from(rounds.slice(0, 64), high)
const k512 = Int32Array.from(rounds.flatMap((value) => [high(value), low(value)]))

const roots = firstPrimes(16).map((prime) => rootFraction(prime, 2n))
const initial256 = Int32Array.from(roots.slice(0, 8), high)
const initial384 = Int32Array.from(roots.slice(8).flatMap((value) => [high(value), low(value)]))
const initial512 = Int32Array.from(roots.slice(0, 8).flatMap((value) => [high(value), low(value)]))

/** The message with its padding, FIPS 180-4 section 5.1; lengths stay below 2^53 bits. */
function padded(data: Uint8Array, blockLength: 64 | 128): DataView {
  const lengthField = blockLength / 8
  const whole = Math.ceil((data.length + 1 + lengthField) / blockLength) * blockLength
  const bytes = new Uint8Array(whole)
  bytes.set(data)
  bytes[data.length] = 0x80
  const view = new DataView(bytes.buffer)
  view.setUint32(whole - 8, Math.floor(data.length / 0x2000_0000))
  view.setUint32(whole - 4, (data.length << 3) >>> 0)
  return view
}

function digestOf(state: Int32Array, length: number): Uint8Array<ArrayBuffer> {
  const digest = new Uint8Array(length)
  const view = new DataView(digest.buffer)
  for (let at = 0; at < length; at += 4) view.setInt32(at, state[at / 4] as number)
  return digest
}

const rotate = (word: number, by: number) => (word >>> by) | (word << (32 - by))

export function sha256(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const message = padded(data, 64)
  const state = initial256.slice()
  const w = new Int32Array(64)
  for (let block = 0; block < message.byteLength; block += 64) {
    for (let t = 0; t < 16; t++) w[t] = message.getInt32(block + t * 4)
    for (let t = 16; t < 64; t++) {
      const x = w[t - 15] as number
      const y = w[t - 2] as number
      const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)
      const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10)
      w[t] = ((w[t - 16] as number) + s0 + (w[t - 7] as number) + s1) | 0
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as EightWords
    for (let t = 0; t < 64; t++) {
      const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (k256[t] as number) + (w[t] as number)) | 0
      const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g
      g = f
      f = e
      e = (d + t1) | 0
      d = c
      c = b
      b = a
      a = (t1 + t2) | 0
    }
    for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i] as number) + word
  }
  return digestOf(state, 32)
}

type EightWords = [number, number, number, number, number, number, number, number]

export const sha384 = (data: Uint8Array): Uint8Array<ArrayBuffer> => sha512Family(data, initial384, 48)
export const sha512 = (data: Uint8Array): Uint8Array<ArrayBuffer> => sha512Family(data, initial512, 64)

// Words of 64 bits stand as pairs of 32, the higher first.
function sha512Family(data: Uint8Array, initial: Int32Array, length: number): Uint8Array<ArrayBuffer> {
  const message = padded(data, 128)
  const state = initial.slice()
  const w = new Int32Array(160)
  const v = new Int32Array(16)
  const at = (array: Int32Array, i: number) => array[i] as number
  for (let block = 0; block < message.byteLength; block += 128) {
    for (let t = 0; t < 32; t++) w[t] = message.getInt32(block + t * 4)
    for (let t = 16; t < 80; t++) {
      const xh = at(w, 2 * (t - 15))
      const xl = at(w, 2 * (t - 15) + 1)
      const yh = at(w, 2 * (t - 2))
      const yl = at(w, 2 * (t - 2) + 1)
      const s0h = right(xh, xl, 1) ^ right(xh, xl, 8) ^ (xh >>> 7)
      const s0l = right(xl, xh, 1) ^ right(xl, xh, 8) ^ ((xl >>> 7) | (xh << 25))
      const s1h = right(yh, yl, 19) ^ right(yl, yh, 29) ^ (yh >>> 6)
      const s1l = right(yl, yh, 19) ^ right(yh, yl, 29) ^ ((yl >>> 6) | (yh << 26))
      const sum = lowSum(at(w, 2 * (t - 16) + 1), s0l, at(w, 2 * (t - 7) + 1), s1l, 0)
      w[2 * t] = at(w, 2 * (t - 16)) + s0h + at(w, 2 * (t - 7)) + s1h + carry(sum)
      w[2 * t + 1] = sum
    }
    v.set(state)
    for (let t = 0; t < 80; t++) {
      const eh = at(v, 8)
      const el = at(v, 9)
      const s1h = right(eh, el, 14) ^ right(eh, el, 18) ^ right(el, eh, 9)
      const s1l = right(el, eh, 14) ^ right(el, eh, 18) ^ right(eh, el, 9)
      const chh = (eh & at(v, 10)) ^ (~eh & at(v, 12))
      const chl = (el & at(v, 11)) ^ (~el & at(v, 13))
      const sum1 = lowSum(at(v, 15), s1l, chl, at(k512, 2 * t + 1), at(w, 2 * t + 1))
      const t1h = (at(v, 14) + s1h + chh + at(k512, 2 * t) + at(w, 2 * t) + carry(sum1)) | 0
      const t1l = sum1 | 0
      const ah = at(v, 0)
      const al = at(v, 1)
      const s0h = right(ah, al, 28) ^ right(al, ah, 2) ^ right(al, ah, 7)
      const s0l = right(al, ah, 28) ^ right(ah, al, 2) ^ right(ah, al, 7)
      const majh = (ah & at(v, 2)) ^ (ah & at(v, 4)) ^ (at(v, 2) & at(v, 4))
      const majl = (al & at(v, 3)) ^ (al & at(v, 5)) ^ (at(v, 3) & at(v, 5))
      const sumE = lowSum(at(v, 7), t1l, 0, 0, 0)
      const newEh = at(v, 6) + t1h + carry(sumE)
      const sumA = lowSum(t1l, s0l, majl, 0, 0)
      const newAh = t1h + s0h + majh + carry(sumA)
      v.copyWithin(2, 0, 14)
      v[8] = newEh
      v[9] = sumE
      v[0] = newAh
      v[1] = sumA
    }
    for (let i = 0; i < 16; i += 2) {
      const sum = lowSum(at(state, i + 1), at(v, i + 1), 0, 0, 0)
      state[i] = at(state, i) + at(v, i) + carry(sum)
      state[i + 1] = sum
    }
  }
  return digestOf(state, length)
}

/** One half of a 64-bit word rotated right; with the halves exchanged, by 32 more. */
const right = (half: number, other: number, by: number) => (half >>> by) | (other << (32 - by))
const lowSum = (a: number, b: number, c: number, d: number, e: number) =>
  (a >>> 0) + (b >>> 0) + (c >>> 0) + (d >>> 0) + (e >>> 0)
const carry = (sum: number) => Math.floor(sum / 0x1_0000_0000)
