import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { requireThisMachine } from '../src/this-machine.ts'

it.each([
  ['http://localhost:1', 200],
  ['http://127.0.0.1:1', 200],
  ['http://[::1]:1', 200],
  ['http://page.example:1', 403],
  ['http://localhost.page.example', 403],
  ['http://192.168.0.2', 403],
])('without authorization who asks under %s is answered %i', async (origin, status) => {
  const app = new Hono().post('/credentials/issue', requireThisMachine, (c) => c.json({}))
  expect((await app.request(`${origin}/credentials/issue`, { method: 'POST' })).status).toBe(status)
})
