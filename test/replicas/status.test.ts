import type { BitstringStatusReference, CredentialStatus } from '@ekkasan/core'
import { decodeBitstring, readBitstring } from '@ekkasan/status'
import { expect, it } from 'vitest'
import { type RunningPostgres, startPostgres } from '../postgres.ts'
import { LostAnswer, type Replicas, startReplicas } from './replicas.ts'

const url = 'https://issuer.example'
const credentials = 120
const statuses: readonly CredentialStatus[] = ['valid', 'suspended', 'revoked']

it('two processes with bitstring lists on one PostgreSQL, one killed midway: no index is given twice, no change is lost', async () => {
  let postgres: RunningPostgres | undefined
  let replicas: Replicas | undefined
  try {
    postgres = await startPostgres()
    replicas = await startReplicas('./status-program.ts', { url, database: postgres.url })
    const both = replicas
    const ask = async <T>(verb: string, input?: unknown): Promise<T> => {
      try {
        return await both.ask<T>(verb, input)
      } catch (error) {
        if (error instanceof LostAnswer) return ask(verb, input)
        throw error
      }
    }
    const given: BitstringStatusReference[] = []
    let changed = 0
    const running = Array.from({ length: credentials }, async (_, i) => {
      const entry = await ask<BitstringStatusReference>('allocate')
      given[i] = entry
      await ask('setMessage', { entry, message: i % 4 })
      await ask('set', { entry, status: statuses[i % 3] })
      changed++
    })
    while (changed < credentials / 4) await new Promise((resolve) => setTimeout(resolve, 2))
    await both.kill()
    await Promise.all(running)
    expect(new Set(given.map((entry) => JSON.stringify(entry))).size).toBe(credentials)

    const lists = new Map<string, Uint8Array>()
    const read = async (entry: BitstringStatusReference, purpose: string) => {
      const { statusListCredential, statusListIndex, statusSize } = entry.credentialStatus.find(
        ({ statusPurpose }) => statusPurpose === purpose,
      ) as BitstringStatusReference['credentialStatus'][0]
      const { credentialSubject } = await (await both.fetch(statusListCredential)).json()
      const bytes =
        lists.get(statusListCredential) ?? (await decodeBitstring(credentialSubject.encodedList as string))
      lists.set(statusListCredential, bytes)
      return readBitstring(bytes, Number(statusListIndex), statusSize)
    }
    for (const [i, entry] of given.entries()) {
      expect(await ask('get', { entry })).toBe(statuses[i % 3])
      const served: number[] = []
      for (const purpose of ['revocation', 'suspension', 'message']) served.push(await read(entry, purpose))
      expect(served).toEqual([Number(i % 3 === 2), Number(i % 3 === 1), i % 4])
    }
    const set = [...lists.values()].map((bytes) =>
      bytes.reduce((n, byte) => n + byte.toString(2).replaceAll('0', '').length, 0),
    )
    // One bit for each that is revoked or suspended; 1 and 2 are one bit, 3 is two.
    expect(set).toEqual([credentials / 3, credentials / 3, credentials])
  } finally {
    replicas?.stop()
    await postgres?.stop()
  }
}, 60_000)
