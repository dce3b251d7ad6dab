export { hex } from '@ekkasan/core/bytes'
