import { describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'

describe('readConfig', () => {
  it('is closed unless told: this machine, a token, its own issuers', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      authorization: 'token',
      trustedIssuers: [],
      allowHosts: [],
    })
  })

  it('lets anyone issue on this machine alone', () => {
    expect(readConfig({ AUTHORIZATION: 'none' }).authorization).toBe('none')
    const outside = { HOST: '0.0.0.0', VC_API_URL: 'https://vc.example' }
    expect(() => readConfig({ ...outside, AUTHORIZATION: 'none' })).toThrow('AUTHORIZATION must be token')
    expect(readConfig(outside).url).toBe('https://vc.example')
    expect(() => readConfig({ HOST: '0.0.0.0' })).toThrow('VC_API_URL must be set')
  })

  it.each([
    [{ VC_API_URL: 'http://vc.example' }, 'VC_API_URL must be an https URL'],
    [{ VC_API_URL: 'https://vc.example/api' }, 'VC_API_URL must have no path'],
    [{ AUTHORIZATION: 'maybe' }, 'AUTHORIZATION must be one of'],
    [{ PORT: '70000' }, 'PORT must be a whole number'],
  ])('names what is wrong in %j', (environment, message) => {
    expect(() => readConfig(environment)).toThrow(message)
  })

  it('trusts any issuer only by that word', () => {
    expect(readConfig({ TRUSTED_ISSUERS: 'any' }).trustedIssuers).toBe('any')
    expect(readConfig({ TRUSTED_ISSUERS: 'did:key:z1, any' }).trustedIssuers).toEqual(['did:key:z1', 'any'])
  })
})
