import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import type { Contest } from './contest.ts'
import { hold, print } from './contest.ts'
import { contests } from './contests.ts'
import { holdFlows } from './flows.ts'

// `npm run bench [-- --rounds 9] [-- --only verify]`: what docs/performance.md tells how to read.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    only: { type: 'string', default: '' },
    /** Items of each contender, in thousandths of what it has by itself: a smoke test needs few. */
    share: { type: 'string', default: '1000' },
  },
})
const rounds = Number(values.rounds)
const share = Number(values.share) / 1000
if (!(Number.isInteger(rounds) && rounds >= 1 && share > 0))
  throw new TypeError('--rounds is a number from 1')

console.log(`Node ${process.versions.node}, ${availableParallelism()} cores, ${rounds} rounds`)
for (const create of contests) {
  const contest = await create()
  if (contest.title.includes(values.only)) print(contest, await hold(scaled(contest), rounds))
}
await holdFlows(values.only, rounds, share)

function scaled(contest: Contest): Contest {
  const contenders = contest.contenders.map((contender) => ({
    ...contender,
    count: Math.max(1, Math.ceil(contender.count * share)),
  }))
  return { ...contest, contenders }
}
