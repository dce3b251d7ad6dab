// A program that writes groups of values as fast as it can and says on stdout which were acknowledged.
import { writeSync } from 'node:fs'
import { createSqliteStore } from '@ekkasan/store-sqlite'

const [file, run] = process.argv.slice(2) as [string, string]
const store = createSqliteStore({ file })
const say = (line: string) => writeSync(1, `${line}\n`)
say('ready')
for (let group = 0; ; group++) {
  const name = `${run}-${String(group).padStart(6, '0')}`
  // One turn, one commit: the four values of a group stand together or not at all.
  await Promise.all([
    ...[0, 1, 2].map((i) => store.put(`group/${name}/${i}`, { name, filler: 'x'.repeat(group % 3000) })),
    store.swap(`group/${name}/3`, undefined, { name }),
    store.next('number').then((number) => say(`number ${number}`)),
  ])
  say(`done ${name}`)
}
