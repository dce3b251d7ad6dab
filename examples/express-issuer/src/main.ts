import type { AddressInfo } from 'node:net'
import { createMemoryStore, credentialConfiguration, type DocumentType } from '@ekkasan/core'
import { createIssuer, type Issuer } from '@ekkasan/issuer'
import { generateJwk, jwkThumbprint, signerFromJwk } from '@ekkasan/keys'
import { sdJwtVc } from '@ekkasan/sd-jwt-vc'
import { getRequestListener } from '@hono/node-server'
import express from 'express'

// A library card, issued from an Express application that was there before.

const members = new Map([['m-1', { name: 'สมหญิง ตัวอย่าง', member_no: '0001' }]])

const libraryCard: DocumentType = {
  id: 'LibraryCard',
  type: 'LibraryCardCredential',
  version: '1',
  names: { th: 'บัตรสมาชิกห้องสมุด', en: 'Library card' },
  description: { th: 'สมาชิกห้องสมุดประชาชน', en: 'Member of the public library' },
  claims: [
    { path: ['name'], names: { th: 'ชื่อ', en: 'Name' }, disclosure: 'selective', mandatory: true },
    { path: ['member_no'], names: { th: 'เลขสมาชิก', en: 'Member number' }, disclosure: 'selective' },
  ],
  schema: {
    type: 'object',
    properties: { name: { type: 'string' }, member_no: { type: 'string' } },
    required: ['name'],
  },
  display: { backgroundColor: '#2f5d50', textColor: '#ffffff' },
}

// In earnest: a key out of a file, a KMS or an HSM, and a store that survives a restart.
const jwk = await generateJwk('ES256')
const signer = await signerFromJwk(jwk, { kid: jwkThumbprint(jwk) })

function openIssuer(url: string): Issuer {
  return createIssuer({
    url,
    names: { th: 'ห้องสมุดประชาชน', en: 'Public library' },
    credentials: [credentialConfiguration(libraryCard, sdJwtVc({ signer, vcdm: true }))],
    store: createMemoryStore(),
    keys: [{ ...signer.key.publicJwk, kid: signer.key.kid as string }],
    getClaims: async (subject) => {
      const claims = members.get(subject)
      return claims && { claims }
    },
  })
}

const app = express()
const server = app.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const issuer = openIssuer(process.env.ISSUER_URL ?? address)

  // The application's own route; whoever may come here has signed in.
  app.post('/members/:id/card', async (request, response) => {
    if (!members.has(request.params.id)) return void response.status(404).json({ error: 'no such member' })
    const credentials = ['LibraryCard-sd-jwt-vc']
    response
      .status(201)
      .json(await issuer.createOffer({ credentials, subject: request.params.id, txCode: true }))
  })
  // Every other path is the protocol's. It reads bodies itself: put express.json() after it, or on your own routes.
  app.use(getRequestListener(issuer.fetch, { overrideGlobalObjects: false }))
  process.stdout.write(`${JSON.stringify({ ready: 'express-issuer', address })}\n`)
})
process.once('SIGTERM', () => server.close())
