/** One way to do a job. Items are prepared before any clock starts; each is used once. */
export interface Contender<Item = unknown> {
  readonly name: string
  /** Items timed per round: fewer for slow ones. */
  readonly count: number
  prepare(count: number): Promise<readonly Item[]> | readonly Item[]
  run(item: Item): unknown
}

export interface Contest {
  readonly title: string
  /** The first contender is the raw operation that all others are held against. */
  readonly contenders: readonly Contender[]
}

export interface Standing {
  readonly name: string
  /** Microseconds of CPU time of the whole process per item, median of the rounds. */
  readonly cpu: number
  /** Multiple of the first contender in the same round, median of the rounds. */
  readonly ratio: number
  readonly lowest: number
  readonly highest: number
}

/** Rounds before those that count: by then the compiler has done its work. */
const warmUp = 3
/** In how many turns a round's items are worked off. */
const turns = 20

/**
 * Runs all contenders round by round. Within a round they take turns of a few milliseconds, in another order each
 * time, so that what else the machine does hits all alike. Garbage is collected when it is due, as in any program: a
 * collection that is forced also throws compiled code away, and who has most of it then pays for compiling again.
 */
export async function hold(contest: Contest, rounds: number): Promise<readonly Standing[]> {
  const { contenders } = contest
  const times = contenders.map((): number[] => [])
  for (let round = -warmUp; round < rounds; round++) {
    const lanes = await Promise.all(
      contenders.map(async (contender) => ({ contender, items: await contender.prepare(contender.count) })),
    )
    const spent = contenders.map(() => 0)
    for (let turn = 0; turn < turns; turn++) {
      for (let place = 0; place < lanes.length; place++) {
        const at = (place + turn + round + warmUp) % lanes.length
        const { contender, items } = lanes[at] as (typeof lanes)[number]
        const slice = (of: number) => Math.round((of * items.length) / turns)
        const before = process.cpuUsage()
        for (let i = slice(turn); i < slice(turn + 1); i++) await contender.run(items[i])
        const { user, system } = process.cpuUsage(before)
        spent[at] = (spent[at] as number) + user + system
      }
    }
    if (round < 0) continue
    for (const [at, { items }] of lanes.entries()) times[at]?.push((spent[at] as number) / items.length)
  }
  const raw = times[0] as number[]
  return contenders.map(({ name }, at) => {
    const own = times[at] as number[]
    const ratios = own.map((time, round) => time / (raw[round] as number))
    return {
      name,
      cpu: median(own),
      ratio: median(ratios),
      lowest: Math.min(...ratios),
      highest: Math.max(...ratios),
    }
  })
}

export function print(contest: Contest, standings: readonly Standing[]): void {
  console.log(`\n${contest.title}`)
  console.log(`${''.padEnd(52)}${'CPU µs'.padStart(10)}${'× raw'.padStart(9)}   lowest–highest`)
  for (const { name, cpu, ratio, lowest, highest } of standings) {
    const range = `${lowest.toFixed(2)}–${highest.toFixed(2)}`
    console.log(
      `${name.padEnd(52)}${cpu.toFixed(cpu < 10 ? 1 : 0).padStart(10)}${ratio.toFixed(2).padStart(9)}   ${range}`,
    )
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}
