export {
  didJwkOf,
  didJwkUrlOf,
  didKeyOf,
  didKeyUrlOf,
  multikeyOf,
  parseMultikey,
} from '@ekkasan/keys'
export { readDidJwk, readDidKey } from './did-of-key.ts'
export * from './did-web.ts'
export * from './document.ts'
export * from './errors.ts'
export * from './resolve-issuer.ts'
export * from './resolver.ts'
