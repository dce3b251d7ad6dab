import { createMemoryStore } from '@ekkasan/core'
import { describeStore } from './store-contract.ts'

describeStore('memory', async (clock) => {
  const store = createMemoryStore({ clock })
  return { store, other: store, close: async () => {} }
})
