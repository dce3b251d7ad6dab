import { endWith, openProgram, prepareInstallation } from '@ekkasan-examples/ui'
import { readConfig } from './config.ts'
import { openKeys } from './keys/open-keys.ts'
import { evidenceOf, startIssuer } from './program.ts'
import { runStoreCommand, storeCommands } from './store-commands.ts'

const { config, log, serve } = openProgram('issuer', readConfig)

const commands = `commands are: keys list, keys rotate, keys publish, keys sign <kid>, keys retire <kid>, ${storeCommands}`

async function main(command: readonly string[]): Promise<void> {
  if (command.length === 0) {
    await serve((address) =>
      startIssuer({
        config,
        address,
        log,
        onOfficerCreated: (username, password) => print({ created: 'officer', username, password }),
      }),
    )
    return
  }
  const [group, verb, kid] = command
  if (group === 'store') return runStoreCommand(command.slice(1), { config, log, print })
  if (group !== 'keys') throw new Error(commands)
  prepareInstallation(config.dataDir, evidenceOf(config))
  const ring = await openKeys(config)
  if (verb === 'rotate') print({ created: 'key', ...(await ring.rotate()) })
  else if (verb === 'publish') print({ created: 'key', ...(await ring.rotate({ waiting: true })) })
  else if (verb === 'sign' && kid !== undefined) await ring.sign(kid)
  else if (verb === 'retire' && kid !== undefined) await ring.retire(kid)
  else if (verb !== 'list') throw new Error(commands)
  await ring.keys()
  for (const key of await ring.list()) print(key)
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

main(process.argv.slice(2)).catch(endWith)
