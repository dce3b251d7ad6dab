import type { Clock } from '@ekkasan/core'

export const systemClock: Clock = () => new Date()
