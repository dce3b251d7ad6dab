import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Algorithm, Signer } from '@ekkasan/core'
import { generateJwk, signerFromJwk } from '@ekkasan/keys'
import { expect } from 'vitest'

export const newSigner = async (alg: Algorithm = 'ES256'): Promise<Signer> =>
  signerFromJwk(await generateJwk(alg))

export const code = (name: string, message = '') =>
  expect.objectContaining({ code: name, message: expect.stringContaining(message) })

export const always = { from: new Date('2020-01-01T00:00:00Z'), until: new Date('2040-01-01T00:00:00Z') }

export const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
})()

/** Runs openssl in a folder of its own that holds these files; what it wrote is its answer. */
export function openssl(files: Record<string, string | Uint8Array>, ...args: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'x509-'))
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
    return execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    return (
      String((error as { stdout?: string; stderr?: string }).stdout) + (error as { stderr: string }).stderr
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}
