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

/** Runs all contenders round by round, each round in another order, so that drift of the machine hits all alike. */
export async function hold(contest: Contest, rounds: number): Promise<readonly Standing[]> {
  const { contenders } = contest
  const times = contenders.map((): number[] => [])
  for (let round = -1; round < rounds; round++) {
    const order = contenders.map((_, at) => (at + Math.max(round, 0)) % contenders.length)
    for (const at of order) {
      const contender = contenders[at] as Contender
      const items = await contender.prepare(contender.count)
      globalThis.gc?.()
      const before = process.cpuUsage()
      for (const item of items) await contender.run(item)
      const { user, system } = process.cpuUsage(before)
      // The first round warms up and does not count.
      if (round >= 0) times[at]?.push((user + system) / items.length)
    }
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
    console.log(`${name.padEnd(52)}${cpu.toFixed(0).padStart(10)}${ratio.toFixed(2).padStart(9)}   ${range}`)
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}
