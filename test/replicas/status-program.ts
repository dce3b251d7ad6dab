import type { BitstringStatusReference, CredentialStatus } from '@ekkasan/core'
import { createBitstringStatusLists } from '@ekkasan/status'
import { createPostgresStore } from '@ekkasan/store-postgres'
import { serveReplica } from './serve-replica.ts'

const { url, database } = JSON.parse(process.argv[2] ?? '') as { url: string; database: string }
const lists = createBitstringStatusLists({
  url: `${url}/status`,
  issuer: url,
  store: await createPostgresStore({ connectionString: database }),
  purposes: ['revocation', 'suspension', 'message'],
  messages: ['a', 'b', 'c', 'd'],
  issueCredential: async (credential) => ({
    contentType: 'application/vc',
    body: JSON.stringify(credential),
  }),
})
type Input = { entry: BitstringStatusReference; status: CredentialStatus; message: number }
serveReplica(
  url,
  { fetch: async (request) => (await lists.fetch(request)) ?? new Response(null, { status: 404 }) },
  {
    allocate: () => lists.allocate(),
    set: ({ entry, status }: Input) => lists.set(entry, status),
    setMessage: ({ entry, message }: Input) => lists.setMessage(entry, message),
    get: ({ entry }: Input) => lists.get(entry),
  },
)
