import { run } from './in-runtime.ts'

console.log(JSON.stringify(await run()))
process.exit()
