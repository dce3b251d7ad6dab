// A program that takes numbers of one counter, and swaps against others; prints what it got as JSON.
import { createPostgresStore } from '@ekkasan/store-postgres'
import { createSqliteStore } from '@ekkasan/store-sqlite'

const [where, count] = process.argv.slice(2) as [string, string]
const store = where.startsWith('postgresql:')
  ? await createPostgresStore({ connectionString: where })
  : createSqliteStore({ file: where })
const add = async (): Promise<number> => {
  for (let attempts = 1; ; attempts++) {
    const before = await store.get('shared/sum')
    if (await store.swap('shared/sum', before?.version, ((before?.value as number) ?? 0) + 1)) return attempts
  }
}
const numbers: number[] = []
const won: number[] = []
for (let i = 0; i < Number(count); i += 5) {
  numbers.push(...(await Promise.all([1, 2, 3, 4, 5].map(() => store.next('shared')))))
  await add()
  if (await store.swap(`shared/race/${i}`, undefined, process.pid)) won.push(i)
}
await store.close()
console.log(JSON.stringify({ numbers, won }))
