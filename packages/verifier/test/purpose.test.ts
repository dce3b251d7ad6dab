import { expect, it } from 'vitest'
import { query, world } from './world.ts'

it.fails('a wallet is told for what purpose it is asked, and can show it with the consent [J3]', async () => {
  const { verifier, request } = await world()
  const purpose = { th: 'เพื่อเปิดบัญชี', en: 'to open an account' }
  const { requestUri } = await verifier.start({ query, purpose })
  expect(JSON.stringify(await request(requestUri))).toContain(purpose.en)
})
