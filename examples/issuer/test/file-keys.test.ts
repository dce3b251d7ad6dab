import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createFileKeys } from '../src/keys/file-keys.ts'
import { temporaryFolder } from './running-issuer.ts'

it('a key is published first and signs later, so that no replica signs with what another does not publish', async () => {
  const folder = temporaryFolder()
  try {
    const ring = createFileKeys(join(folder.path, 'keys'))
    const [old] = await ring.keys()
    const { kid, waiting } = await ring.rotate({ waiting: true })
    expect(waiting).toBe(true)
    expect((await ring.keys()).map((key) => key.kid)).toEqual([old?.kid, kid])
    // The one that signs cannot be retired while the other waits.
    await expect(ring.retire(old?.kid ?? '')).rejects.toThrow('this is the only key')
    await ring.sign(kid)
    expect((await ring.keys()).map((key) => key.kid)).toEqual([kid, old?.kid])
    await expect(ring.sign(kid)).rejects.toThrow(`no key ${kid} waits to sign`)
    await ring.retire(old?.kid ?? '')
    expect((await ring.keys()).map((key) => key.kid)).toEqual([kid])
    const given = await ring.rotate({ waiting: true })
    await ring.retire(given.kid)
    expect((await ring.list()).find((key) => key.kid === given.kid)?.retired).toBe(true)
  } finally {
    folder.remove()
  }
})
