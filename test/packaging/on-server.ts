import { run } from './in-runtime.ts'

console.log(JSON.stringify(await run(process.argv[2] as string)))
process.exit()
